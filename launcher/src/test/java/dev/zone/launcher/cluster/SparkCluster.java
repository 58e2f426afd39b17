package dev.zone.launcher.cluster;

import dev.zone.conf.CpuFeatures;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A Spark standalone master and workers: real processes from the distribution's jars, on addresses
 * of this machine's loopback, each of which can be killed and started again.
 *
 * <p>Worker i has the name {@code zone-worker-i}. What that name means is said in a file for each
 * process, so that a test can put something between two workers.
 */
public final class SparkCluster implements AutoCloseable {
  private final Path spark;
  private final Path discovery;
  private final Path folder;
  private final int coresPerWorker;
  private final int port;
  private final int submissionPort;
  private final int pagePort;
  private final Optional<Path> tools;
  private final String secret = UUID.randomUUID().toString();
  private final Map<Integer, Daemon> workers = new LinkedHashMap<>();
  private Daemon master;
  private int started;

  private SparkCluster(Path distribution, Path folder, int coresPerWorker, Optional<Path> tools)
      throws IOException {
    this.spark = distribution.resolve("spark");
    this.discovery = distribution.resolve("bin/gpus");
    this.tools = tools;
    this.folder = Files.createDirectories(folder);
    this.coresPerWorker = coresPerWorker;
    try (ServerSocket first = new ServerSocket(0);
        ServerSocket second = new ServerSocket(0);
        ServerSocket third = new ServerSocket(0)) {
      port = first.getLocalPort();
      submissionPort = second.getLocalPort();
      pagePort = third.getLocalPort();
    }
  }

  /**
   * Starts master and workers and waits until they know each other.
   *
   * @param folder for logs and working folders
   */
  public static SparkCluster start(Path distribution, Path folder, int workers, int coresPerWorker)
      throws IOException, InterruptedException {
    return start(distribution, folder, workers, coresPerWorker, Optional.empty());
  }

  /**
   * The same with two GPUs on each worker's machine, as a tool there says, and with all connections
   * of Spark authenticated and encrypted.
   *
   * @param tools folder with an {@code nvidia-smi}
   */
  public static SparkCluster withGpus(
      Path distribution, Path folder, int workers, int coresPerWorker, Path tools)
      throws IOException, InterruptedException {
    return start(distribution, folder, workers, coresPerWorker, Optional.of(tools));
  }

  private static SparkCluster start(
      Path distribution, Path folder, int workers, int coresPerWorker, Optional<Path> tools)
      throws IOException, InterruptedException {
    SparkCluster cluster = new SparkCluster(distribution, folder, coresPerWorker, tools);
    try {
      cluster.connectDirectly(-1, workers);
      cluster.startMaster();
      for (int worker = 0; worker < workers; worker++) {
        cluster.connectDirectly(worker, workers);
        cluster.startWorker(worker);
      }
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  public String url() {
    return "spark://127.0.0.1:" + port;
  }

  /** A zone file for the cluster, on which drivers run too. */
  public String zone(Path storage) {
    return """
    name: lab
    centres:
      hall:
        master: %s
        deployMode: cluster
        submissionServer: http://127.0.0.1:%d
        masterPage: http://127.0.0.1:%d
        storage: file:%s
        machines: [{name: m, count: %d, cores: %d, memory: 16g, nativeMemory: 8g, instructions: %s%s}]
        spark: %s
    """
        .formatted(
            url(),
            submissionPort,
            pagePort,
            storage,
            workers.size(),
            coresPerWorker,
            instructions(),
            tools.isEmpty()
                ? ""
                : ", gpus: {count: 2, model: A100, memory: 80g, computeCapability: 8.0}",
            tools.isEmpty()
                ? "{}"
                : "{spark.authenticate: 'true', spark.network.crypto.enabled: 'true'}");
  }

  /** What this machine has, so that models are those that are trained without a cluster. */
  static String instructions() {
    String extension = CpuFeatures.detect().nativeExtension();
    return extension.isEmpty() ? "plain" : extension.replace("-onednn-", "");
  }

  public static String name(int worker) {
    return "zone-worker-" + worker;
  }

  /** The address that a worker's processes listen on. */
  public static String address(int worker) {
    return "127.0.0." + (10 + worker);
  }

  /** The file that says what names mean to a worker's processes; of the driver's for -1. */
  public Path hosts(int worker) {
    return folder.resolve("hosts-" + (worker < 0 ? "driver" : Integer.toString(worker)));
  }

  /** For a driver's process, which otherwise does not know the workers' names. */
  public Map<String, String> driverEnvironment() {
    return Map.of("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts(-1));
  }

  /** Every worker at its own address, for the processes of one. */
  public void connectDirectly(int worker, int workers) throws IOException {
    Map<Integer, String> addresses = new LinkedHashMap<>();
    for (int other = 0; other < workers; other++) {
      addresses.put(other, address(other));
    }
    connect(worker, addresses);
  }

  /**
   * Says at which addresses a worker's processes find the others; those that start from now on heed
   * it.
   */
  public void connect(int worker, Map<Integer, String> addresses) throws IOException {
    StringBuilder text = new StringBuilder(Files.readString(Path.of("/etc/hosts"))).append('\n');
    addresses.forEach(
        (other, address) -> text.append(address).append(' ').append(name(other)).append('\n'));
    Files.writeString(hosts(worker), text, StandardCharsets.UTF_8);
  }

  public void startMaster() throws IOException, InterruptedException {
    List<String> command = java();
    command.add("-Dspark.deploy.recoveryMode=FILESYSTEM");
    command.add("-Dspark.deploy.recoveryDirectory=" + folder.resolve("recovery"));
    command.add("-Dspark.master.rest.port=" + submissionPort);
    command.addAll(
        List.of(
            "org.apache.spark.deploy.master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--webui-port",
            Integer.toString(pagePort)));
    Map<String, String> environment = environment("127.0.0.1");
    // A master that starts again looks for the workers that it knew.
    environment.putAll(driverEnvironment());
    master = new Daemon(command, environment, log("master"));
    master.await("I have been elected leader");
  }

  public void startWorker(int worker) throws IOException, InterruptedException {
    List<String> command = java();
    if (tools.isPresent()) {
      command.add("-Dspark.worker.resource.gpu.amount=2");
      command.add("-Dspark.worker.resource.gpu.discoveryScript=" + discovery);
    }
    command.addAll(
        List.of(
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            name(worker),
            "--cores",
            Integer.toString(coresPerWorker),
            "--memory",
            "8g",
            "--webui-port",
            "0",
            "--work-dir",
            folder.resolve("work-" + worker).toString(),
            url()));
    Map<String, String> environment = environment(address(worker));
    environment.put("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts(worker));
    tools.ifPresent(
        path -> environment.put("PATH", path + ":" + System.getenv().getOrDefault("PATH", "")));
    Daemon daemon = new Daemon(command, environment, log("worker-" + worker));
    workers.put(worker, daemon);
    daemon.await("Successfully registered with master");
  }

  public Daemon master() {
    return master;
  }

  public Daemon worker(int worker) {
    return workers.get(worker);
  }

  public int workers() {
    return workers.size();
  }

  private Path log(String name) {
    return folder.resolve(name + "-" + started++ + ".log");
  }

  private List<String> java() {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                spark.resolve("jars") + "/*"));
    if (tools.isPresent()) {
      command.add("-Dspark.authenticate=true");
      command.add("-Dspark.authenticate.secret=" + secret);
      command.add("-Dspark.network.crypto.enabled=true");
    }
    for (String opened :
        List.of(
            "java.base/java.lang",
            "java.base/java.nio",
            "java.base/sun.nio.ch",
            "java.base/java.util")) {
      command.add("--add-opens=" + opened + "=ALL-UNNAMED");
    }
    return command;
  }

  private Map<String, String> environment(String address) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("SPARK_SCALA_VERSION", "2.13");
    environment.put("SPARK_HOME", spark.toString());
    environment.put("SPARK_LOCAL_IP", address);
    return environment;
  }

  @Override
  public void close() {
    workers.values().forEach(Daemon::kill);
    if (master != null) {
      master.kill();
    }
  }
}
