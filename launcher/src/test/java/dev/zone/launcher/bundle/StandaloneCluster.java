package dev.zone.launcher.bundle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A Spark standalone master and workers of one core each, real processes from the distribution's
 * jars.
 */
final class StandaloneCluster implements AutoCloseable {
  private final Path spark;
  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final int port;

  StandaloneCluster(Path distribution, Path folder, int workers)
      throws IOException, InterruptedException {
    this.spark = distribution.resolve("spark");
    this.folder = folder;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try {
      start(
          "I have been elected leader",
          List.of(
              "org.apache.spark.deploy.master.Master",
              "--host",
              "127.0.0.1",
              "--port",
              "" + port,
              "--webui-port",
              "0"));
      for (int i = 0; i < workers; i++) {
        start(
            "Successfully registered with master",
            List.of(
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                "127.0.0.1",
                "--cores",
                "1",
                "--memory",
                "3g",
                "--webui-port",
                "0",
                "--work-dir",
                folder.resolve("work-" + i).toString(),
                url()));
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  String url() {
    return "spark://127.0.0.1:" + port;
  }

  /** Starts a daemon and waits until its log says that it is ready. */
  private void start(String ready, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                spark.resolve("jars") + "/*"));
    for (String opened :
        List.of(
            "java.base/java.lang",
            "java.base/java.nio",
            "java.base/sun.nio.ch",
            "java.base/java.util")) {
      command.add("--add-opens=" + opened + "=ALL-UNNAMED");
    }
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_HOME", spark.toString());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_LOCAL_HOSTNAME", "127.0.0.1");
    Process process = builder.start();
    processes.add(process);
    CountDownLatch said = new CountDownLatch(1);
    StringBuffer log = new StringBuffer();
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(
                      new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  log.append(line).append('\n');
                  if (line.contains(ready)) {
                    said.countDown();
                  }
                }
              } catch (IOException e) {
                log.append(e);
              }
            });
    reader.setDaemon(true);
    reader.start();
    if (!said.await(60, TimeUnit.SECONDS)) {
      throw new IOException("Cannot start " + arguments.get(0) + ":\n" + log);
    }
  }

  @Override
  public void close() {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
