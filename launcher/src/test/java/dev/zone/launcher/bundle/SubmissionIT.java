package dev.zone.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.launcher.bundle.ZoneProcess.Ended;
import dev.zone.launcher.cluster.SparkCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that are handed to a standalone cluster of processes, which runs their drivers too. */
@Timeout(400)
class SubmissionIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir private static Path folder;
  private static SparkCluster cluster;
  private static ZoneProcess zone;
  private static Path storage;

  @BeforeAll
  static void startCluster() throws Exception {
    Path distribution = Path.of(System.getProperty("zone.distribution"));
    cluster = SparkCluster.start(distribution, folder.resolve("cluster"), 2, 2);
    storage = folder.resolve("storage");
    Path file = folder.resolve("lab.yaml");
    Files.writeString(file, cluster.zone(storage));
    zone = new ZoneProcess(folder, Map.of("ZONE", file.toString()));
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static JsonObject submit(String... more) throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of("submit", zone.demo(), "--set", "training.epochs=1", "-o", "json"));
    arguments.addAll(List.of(more));
    return zone.run(LIMIT, arguments).json();
  }

  private static String state(JsonObject status) {
    return status.get("state").getAsString();
  }

  private static JsonObject json(String run, String name) throws IOException {
    return JsonParser.parseString(Files.readString(storage.resolve("runs/" + run).resolve(name)))
        .getAsJsonObject();
  }

  /** Processes of drivers and executors that are alive. */
  private static List<ProcessHandle> applications() {
    List<ProcessHandle> all = new ArrayList<>();
    for (int worker = 0; worker < cluster.workers(); worker++) {
      ProcessHandle.of(cluster.worker(worker).pid())
          .ifPresent(process -> process.descendants().forEach(all::add));
    }
    return all;
  }

  @Test
  void trainsTheSameModelAsHereAndKeepsEverythingInTheRunsFolder() throws Exception {
    JsonObject submitted = submit("--id", "first");
    String run = submitted.get("run").getAsString();
    assertThat(submit("--id", "first").get("run").getAsString()).isEqualTo(run);
    JsonObject ended = zone.run("wait", run, "-o", "json").json();
    assertThat(state(ended)).isEqualTo("SUCCEEDED");

    Instant accepted = Instant.parse(json(run, "submission.json").get("submitted").getAsString());
    Instant training = null;
    for (String line : Files.readAllLines(storage.resolve("runs/" + run + "/events.jsonl"))) {
      JsonObject event = JsonParser.parseString(line).getAsJsonObject();
      if (event.get("event").getAsString().equals("training")) {
        training = Instant.parse(event.get("time").getAsString());
      }
    }
    System.out.printf(
        "submission to training, executors cold: %d ms%n",
        Duration.between(accepted, training).toMillis());

    JsonObject here = zone.trainedHere("training.epochs=1");
    JsonElement digest = json(run, "result.json").get("modelDigest");
    assertThat(digest).isEqualTo(here.get("modelDigest"));

    Ended log = zone.run("logs", run, "--of", "executor-0");
    assertThat(log.exitCode()).isZero();
    JsonObject second = submit();
    assertThat(second.get("sentBytes").getAsLong()).isZero();
    assertThat(second.get("run").getAsString()).isNotEqualTo(run);
    assertThat(zone.run("wait", second.get("run").getAsString()).exitCode()).isZero();
    try (Stream<Path> runs = Files.list(storage.resolve("runs"))) {
      assertThat(runs.filter(path -> path.getFileName().toString().startsWith("."))).isEmpty();
    }
  }

  @Test
  @Tag("clusters")
  void leavesNoProcessBehindAndGoesOnToTheSameModel() throws Exception {
    String run =
        // The slower engine: the run has to last until it is cancelled, and until its driver dies.
        submit(
                "--set",
                "training.epochs=4",
                "--set",
                "training.engine=dl4j",
                "--set",
                "training.checkpoint={everySteps: 10}")
            .get("run")
            .getAsString();
    zone.await(run, "a checkpoint", one -> progress(one, "checkpointStep") >= 10);
    Ended cancelled = zone.run("cancel", run, "-o", "json");
    assertThat(state(cancelled.json())).isEqualTo("CANCELLED");
    awaitNoApplication();
    assertThat(zone.run("wait", run).exitCode()).isEqualTo(130);

    assertThat(zone.run("resume", run).exitCode()).isZero();
    zone.await(run, "training", one -> state(one).equals("TRAINING"));
    long pid = json(run, "launches/2/claim.json").get("pid").getAsLong();
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    long killed = System.nanoTime();
    zone.await(run, "the driver's end", one -> state(one).equals("FAILED"));
    assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(15));
    assertThat(zone.run("explain", run).out()).contains("Its driver died without a word");
    awaitNoApplication();

    assertThat(zone.run("resume", run).exitCode()).isZero();
    assertThat(zone.run("wait", run).exitCode()).isZero();
    JsonObject undisturbed = zone.trainedHere("training.epochs=4", "training.engine=dl4j");
    assertThat(json(run, "result.json").get("modelDigest"))
        .isEqualTo(undisturbed.get("modelDigest"));
  }

  private static int progress(JsonObject status, String key) {
    return status.has("progress") && status.getAsJsonObject("progress").has(key)
        ? status.getAsJsonObject("progress").get(key).getAsInt()
        : -1;
  }

  private static void awaitNoApplication() {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!applications().isEmpty()) {
      assertThat(System.nanoTime()).as("%s", applications()).isLessThan(until);
      LockSupport.parkNanos(50_000_000L);
    }
  }

  @Test
  @Tag("clusters")
  void runsADriverOnTheSitesOwnSpark() throws Exception {
    Path site = Files.createDirectories(folder.resolve("site-spark/jars"));
    try (Stream<Path> jars = Files.list(zone.distribution().resolve("spark/jars"))) {
      for (Path jar : jars.toList()) {
        // A downloaded Spark's jars have no group in their names.
        String name = jar.getFileName().toString().replaceFirst("^org\\.apache\\.spark\\.", "");
        Files.createSymbolicLink(site.resolve(name), jar);
      }
    }
    Path file = folder.resolve("client.yaml");
    Files.writeString(
        file,
        cluster
            .zone(storage)
            .replace(
                "deployMode: cluster", "deployMode: client\n    sparkHome: " + site.getParent()));
    String run =
        submit("--zone", file.toString(), "--set", "training.epochs=40").get("run").getAsString();
    zone.await(run, "training", one -> state(one).equals("TRAINING"));
    long pid = json(run, "launches/1/claim.json").get("pid").getAsLong();
    assertThat(ProcessHandle.of(pid).orElseThrow().info().commandLine().orElseThrow())
        .contains(site + "/*")
        .doesNotContain(zone.distribution().resolve("spark") + "/");
    assertThat(zone.run("cancel", run).exitCode()).isZero();
    Files.delete(site.resolve("spark-core_2.13-4.2.0.jar"));
    Ended refused = zone.run("submit", zone.demo(), "--zone", file.toString());
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("no jars/spark-core_*.jar (expected a Spark)");
  }

  @Test
  @Tag("clusters")
  void saysWhatARunWaitsFor() throws Exception {
    String first = submit("--set", "training.epochs=400").get("run").getAsString();
    zone.await(first, "training", one -> state(one).equals("TRAINING"));
    String second = submit().get("run").getAsString();
    zone.await(second, "waiting", one -> List.of("QUEUED", "WAITING").contains(state(one)));
    zone.await(second, "waiting for workers", one -> state(one).equals("WAITING"));
    assertThat(zone.run("explain", second).out())
        .contains("needed: 2 workers of 1 core and ")
        .contains("held: 2 cores by the application " + first);
    assertThat(state(zone.run("cancel", first, "-o", "json").json())).isEqualTo("CANCELLED");
    assertThat(zone.run("wait", second).exitCode()).isZero();
  }
}
