package dev.zone.launcher.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.launcher.bundle.ZoneProcess;
import dev.zone.launcher.bundle.ZoneProcess.Begun;
import dev.zone.launcher.bundle.ZoneProcess.Ended;
import dev.zone.launcher.cluster.SparkCluster;
import dev.zone.launcher.master.FakeMaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Faults of runs that were submitted: their drivers run on the cluster, and no launcher is there.
 */
@Tag("faults")
@Timeout(600)
class SubmissionFaultsIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir private Path folder;

  /** What dies while the workers train. */
  enum Victim {
    EXECUTOR,
    /** The machine that the driver does not run on. */
    WORKER,
    MASTER,
    DRIVER
  }

  private static String undisturbed;

  private ZoneProcess zone;
  private Path storage;

  private JsonObject json(String run, String name) throws IOException {
    return JsonParser.parseString(Files.readString(storage.resolve("runs/" + run).resolve(name)))
        .getAsJsonObject();
  }

  @ParameterizedTest
  @EnumSource(Victim.class)
  void givesTheSameModelWhateverDies(Victim victim) throws Exception {
    Path distribution = Path.of(System.getProperty("zone.distribution"));
    storage = folder.resolve("storage");
    try (SparkCluster cluster = SparkCluster.start(distribution, folder.resolve("cluster"), 3, 2)) {
      Path file = folder.resolve("lab.yaml");
      Files.writeString(file, cluster.zone(storage));
      zone = new ZoneProcess(folder, Map.of("ZONE", file.toString()));
      List<String> settings =
          List.of("--set", "training.epochs=3", "--set", "training.checkpoint={everySteps: 10}");
      List<String> submit = new ArrayList<>(List.of("submit", zone.demo(), "-o", "json"));
      submit.addAll(settings);
      String run = zone.run(LIMIT, submit).json().get("run").getAsString();
      zone.await(run, "a step", status -> step(status) >= 12);
      strike(victim, cluster, run);
      if (victim == Victim.DRIVER) {
        long killed = System.nanoTime();
        zone.await(run, "the end", status -> status.get("state").getAsString().equals("FAILED"));
        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(15));
        assertThat(zone.run("resume", run).exitCode()).isZero();
      }
      Ended waited = zone.run("wait", run);
      if (victim == Victim.MASTER && waited.exitCode() != 0) {
        waited = resumed(run, waited);
      }
      assertThat(waited.exitCode()).as(waited.out() + waited.err()).isZero();
      assertThat(json(run, "result.json").get("modelDigest").getAsString())
          .isEqualTo(undisturbed(settings));
    }
  }

  /**
   * A master that comes back ends a driver whose worker registers before it has said what it runs;
   * nothing else may have ended the run.
   */
  private Ended resumed(String run, Ended waited) throws Exception {
    assertThat(waited.out()).containsPattern("the master says that driver-\\S+ is KILLED");
    assertThat(waited.out()).contains("zone resume " + run);
    assertThat(zone.run("resume", run).exitCode()).isZero();
    return zone.run("wait", run);
  }

  /** The same for every victim. */
  private String undisturbed(List<String> settings) throws Exception {
    if (undisturbed == null) {
      List<String> arguments = new ArrayList<>(List.of("run", zone.demo(), "-o", "json"));
      arguments.addAll(settings);
      undisturbed = zone.run(LIMIT, arguments).json().get("modelDigest").getAsString();
    }
    return undisturbed;
  }

  private void strike(Victim victim, SparkCluster cluster, String run) throws Exception {
    long driver = json(run, "launches/1/claim.json").get("pid").getAsLong();
    switch (victim) {
      case DRIVER -> ProcessHandle.of(driver).orElseThrow().destroyForcibly();
      case EXECUTOR -> {
        long pid = json(run, "attempts/1/rank-1-place.json").get("pid").getAsLong();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      }
      case MASTER -> {
        cluster.master().kill();
        cluster.startMaster();
      }
      case WORKER -> {
        for (int worker = 0; worker < cluster.workers(); worker++) {
          List<Long> below = pids(cluster.worker(worker).pid());
          if (!below.contains(driver) && !below.isEmpty()) {
            cluster.worker(worker).kill();
            return;
          }
        }
        throw new AssertionError("every worker has the driver, or nothing");
      }
    }
  }

  private static List<Long> pids(long parent) {
    return ProcessHandle.of(parent)
        .map(process -> process.descendants().map(ProcessHandle::pid).toList())
        .orElse(List.of());
  }

  private static int step(JsonObject status) {
    return status.has("progress") && status.getAsJsonObject("progress").has("step")
        ? status.getAsJsonObject("progress").get("step").getAsInt()
        : -1;
  }

  @Test
  void makesEachRunOnceWhereverTheLauncherIsKilled() throws Exception {
    int submissions = Integer.getInteger("zone.submissions", 20);
    long seed = Long.getLong("zone.faults.seed", System.nanoTime());
    System.out.println("Seed of the moments at which launchers are killed: " + seed);
    Random random = new Random(seed);
    storage = folder.resolve("storage");
    try (FakeMaster master = new FakeMaster()) {
      master.says("/v1/submissions/create", "{'success': true, 'submissionId': 'driver-1'}");
      Path file = folder.resolve("lab.yaml");
      Files.writeString(file, master.zone("file:" + storage));
      zone = new ZoneProcess(folder, Map.of("ZONE", file.toString()));
      // What takes long once, so that the others are killed within what matters.
      assertThat(zone.run("submit", zone.demo(), "--id", "first").exitCode()).isZero();
      Set<String> runs = new HashSet<>();
      int killed = 0;
      for (int i = 0; i < submissions; i++) {
        try (Begun begun = zone.start(List.of("submit", zone.demo(), "--id", "key-" + i))) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50 + random.nextInt(650)));
          killed += begun.process().isAlive() ? 1 : 0;
          begun.process().destroyForcibly().waitFor();
        }
        JsonObject repeated =
            zone.run("submit", zone.demo(), "--id", "key-" + i, "-o", "json").json();
        runs.add(repeated.get("run").getAsString());
        JsonObject again = zone.run("submit", zone.demo(), "--id", "key-" + i, "-o", "json").json();
        assertThat(again.get("run")).isEqualTo(repeated.get("run"));
        assertThat(again.get("created").getAsBoolean()).isFalse();
      }
      System.out.printf("%d submissions, %d launchers killed%n", submissions, killed);
      assertThat(killed).isGreaterThan(submissions / 4);
      assertThat(runs).hasSize(submissions);
      try (Stream<Path> all = Files.list(storage.resolve("runs"))) {
        assertThat(all.filter(path -> !path.getFileName().toString().startsWith(".")))
            .hasSize(submissions + 1)
            .allMatch(path -> Files.exists(path.resolve("launches/1/handle.json")))
            .noneMatch(path -> Files.exists(path.resolve("launches/2")));
      }
    }
  }
}
