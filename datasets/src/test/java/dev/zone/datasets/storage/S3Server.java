package dev.zone.datasets.storage;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * An object store that speaks S3's protocol and keeps its objects in a folder, as a process of its
 * own. It heeds conditions of writes as S3 does.
 */
public final class S3Server implements AutoCloseable {
  private static final long LIMIT_NANOS = Duration.ofMinutes(1).toNanos();

  private final Process process;
  private final String address;
  private final HttpClient http = HttpClient.newHttpClient();

  private S3Server(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Starts it, with a bucket.
   *
   * @param folder for objects and settings
   */
  public static S3Server start(Path folder, String bucket)
      throws IOException, InterruptedException {
    String address = "http://127.0.0.1:" + freePort();
    Path settings = Files.createDirectories(folder).resolve("s3proxy.properties");
    Files.writeString(
        settings,
        """
        s3proxy.endpoint=%s
        s3proxy.authorization=none
        s3proxy.ignore-unknown-headers=true
        jclouds.provider=filesystem-nio2
        jclouds.identity=none
        jclouds.credential=none
        jclouds.filesystem.basedir=%s
        """
            .formatted(address, Files.createDirectories(folder.resolve("objects"))));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                classPath(),
                "org.gaul.s3proxy.Main",
                "--properties",
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    S3Server server = new S3Server(process, address);
    server.await(folder.resolve("log"));
    server.makeBucket(bucket);
    return server;
  }

  /** As a process of this one's classes is given it. */
  public static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void await(Path log) throws IOException, InterruptedException {
    HttpRequest get = HttpRequest.newBuilder(URI.create(address + "/")).build();
    long until = System.nanoTime() + LIMIT_NANOS;
    while (true) {
      try {
        http.send(get, HttpResponse.BodyHandlers.discarding());
        return;
      } catch (IOException notYet) {
        if (!process.isAlive() || System.nanoTime() > until) {
          throw new AssertionError(Files.readString(log), notYet);
        }
        LockSupport.parkNanos(20_000_000L);
      }
    }
  }

  /** Makes another bucket. */
  public void makeBucket(String bucket) throws IOException, InterruptedException {
    HttpRequest put =
        HttpRequest.newBuilder(URI.create(address + "/" + bucket))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    HttpResponse<String> answer = http.send(put, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new AssertionError("status " + answer.statusCode() + ": " + answer.body());
    }
  }

  /** How Hadoop's client finds it. */
  public Map<String, String> properties() {
    return Map.of(
        "fs.s3a.endpoint", address,
        "fs.s3a.endpoint.region", "eu-central-1",
        "fs.s3a.path.style.access", "true",
        "fs.s3a.access.key", "key",
        "fs.s3a.secret.key", "secret",
        "fs.s3a.bucket.probe", "0",
        "fs.s3a.connection.ssl.enabled", "false");
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
