package dev.zone.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.launcher.cli.Sandbox.Result;
import dev.zone.launcher.master.FakeMaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SubmitCommandTest {
  @TempDir private Path folder;
  private Sandbox sandbox;

  @BeforeEach
  void makeSandbox() {
    sandbox = new Sandbox(folder).withTheClockOfThisMachine();
  }

  private static JsonObject json(Result result) {
    assertThat(result.out().lines()).as(result.err()).hasSize(1);
    return JsonParser.parseString(result.out()).getAsJsonObject();
  }

  private String submit(String behaviour, String... more) {
    List<String> arguments = new java.util.ArrayList<>(List.of("submit", "tiny.yaml"));
    arguments.addAll(List.of(more));
    Result result = sandbox.zone(behaviour, arguments.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isZero();
    return result.out().strip();
  }

  private Result zone(String... arguments) {
    return sandbox.zone("succeed", arguments);
  }

  private JsonObject status(String run) {
    return json(zone("status", run, "-o", "json"));
  }

  private void await(String run, String state) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!status(run).get("state").getAsString().equals(state)) {
      assertThat(System.nanoTime()).as(() -> status(run).toString()).isLessThan(until);
      LockSupport.parkNanos(20_000_000L);
    }
  }

  private List<String> runs() throws IOException {
    try (Stream<Path> files = Files.list(sandbox.storage().resolve("runs"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void handsOverAndFollowsARunThatGoesOnByItself() throws IOException {
    String run = submit("succeed");
    Result waited = zone("wait", run);
    assertThat(waited.exitCode()).as(waited.out() + waited.err()).isZero();
    assertThat(waited.out()).startsWith(run + "  SUCCEEDED").contains("laptop/here");
    JsonObject status = status(run);
    assertThat(status.get("job").getAsString()).isEqualTo("tiny");
    assertThat(status.getAsJsonObject("progress").get("step").getAsInt()).isEqualTo(4);
    assertThat(status.getAsJsonObject("metrics").has("test")).isTrue();
    assertThat(zone("list").out()).contains(run + "  SUCCEEDED");
    assertThat(zone("list", "--state", "failed").out()).doesNotContain(run);
    assertThat(zone("logs", run).out()).startsWith("fake application: succeed run");
    assertThat(zone("explain", run).out()).startsWith(run + " is SUCCEEDED");
    assertThat(runs()).containsExactly(run);
    assertThat(sandbox.runNames()).isEmpty();
  }

  @Test
  void makesOneRunOfRepetitionsWithAKey() throws IOException {
    String run = submit("succeed", "--id", "lot 4711/α");
    assertThat(submit("succeed", "--id", "lot 4711/α")).isEqualTo(run);
    assertThat(zone("wait", run).exitCode()).isZero();
    JsonObject again = json(zone("submit", "tiny.yaml", "--id", "lot 4711/α", "-o", "json"));
    assertThat(again.get("created").getAsBoolean()).isFalse();
    assertThat(again.get("state").getAsString()).isEqualTo("SUCCEEDED");
    assertThat(runs()).containsExactly(run);
    assertThat(Files.exists(sandbox.storage().resolve("runs/" + run + "/launches/2"))).isFalse();

    Result other = zone("submit", "tiny.yaml", "--set", "training.epochs=3", "--id", "lot 4711/α");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err())
        .isEqualTo(
            "zone: Cannot submit with --id lot 4711/α: it is that of %s, which runs another job or other data (expected the same job, or another id)\n"
                .formatted(run));
  }

  @Test
  void doesNotFollowAKeyOutOfTheStorage() throws IOException {
    assertThat(zone("wait", submit("succeed", "--id", "k")).exitCode()).isZero();
    try (Stream<Path> keys = Files.list(sandbox.storage().resolve("keys"))) {
      Path key = keys.findFirst().orElseThrow();
      Files.writeString(key, "{\"run\": \"../../elsewhere\", \"job\": \"\"}");
    }
    Result result = zone("submit", "tiny.yaml", "--id", "k");
    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(result.err()).startsWith("zone: Cannot use the record of --id k: it names no run");
  }

  @Test
  void goesOnWithASubmissionWhoseLauncherDiedOnTheWay() throws IOException {
    String run = submit("succeed", "--id", "k");
    assertThat(zone("wait", run).exitCode()).isZero();
    // As it is left by a launcher that dies after it made the key.
    Path record = sandbox.storage().resolve("runs").resolve(run);
    Path hidden = record.resolveSibling(".starting-" + run);
    Files.move(record, hidden);
    for (String later :
        List.of("launches", "states", "state.json", "result.json", "model", "run.lock")) {
      delete(hidden.resolve(later));
    }
    Files.createDirectories(hidden.resolve("states"));
    Files.writeString(hidden.resolve("states/000001.json"), "{\"state\": \"SUBMITTED\"}");
    assertThat(submit("succeed", "--id", "k")).isEqualTo(run);
    assertThat(zone("wait", run).exitCode()).isZero();
    assertThat(runs()).containsExactly(run);
  }

  private static void delete(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (Stream<Path> files = Files.walk(tree)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Test
  void stopsARunAndGoesOnWithIt() {
    String run = submit("wait");
    await(run, "TRAINING");
    assertThat(zone("wait", run, "--timeout", "0").exitCode()).isEqualTo(124);
    Result running = zone("resume", run);
    assertThat(running.exitCode()).isEqualTo(2);
    assertThat(running.err()).contains("it is TRAINING (expected a run that ended");
    Result cancelled = zone("cancel", run, "-o", "json");
    assertThat(json(cancelled).get("state").getAsString()).isEqualTo("CANCELLED");
    assertThat(cancelled.exitCode()).isZero();
    assertThat(zone("wait", run).exitCode()).isEqualTo(130);
    assertThat(zone("resume", run).exitCode()).isZero();
    Result waited = zone("wait", run, "-o", "json");
    assertThat(json(waited).get("launch").getAsInt()).isEqualTo(2);
    assertThat(waited.exitCode()).isZero();
    Result succeeded = zone("cancel", run);
    assertThat(succeeded.err())
        .isEqualTo("zone: Cannot cancel " + run + ": it SUCCEEDED (expected a run that goes on)\n");
    assertThat(zone("resume", run).err()).contains("it SUCCEEDED");
  }

  @Test
  void killsWhatDoesNotStop() {
    String run = submit("deaf");
    await(run, "TRAINING");
    JsonObject cancelled = json(zone("cancel", run, "--grace", "1", "-o", "json"));
    assertThat(cancelled.get("state").getAsString()).isEqualTo("CANCELLED");
    assertThat(cancelled.get("message").getAsString())
        .isEqualTo("killed: it did not stop by itself");
    long pid = pid(run);
    assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)).isFalse();
  }

  private long pid(String run) {
    try {
      return JsonParser.parseString(
              Files.readString(
                  sandbox.storage().resolve("runs/" + run + "/launches/1/handle.json")))
          .getAsJsonObject()
          .get("pid")
          .getAsLong();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void tellsHowARunFailed() {
    String wrong = submit("fail-input");
    Result waited = zone("wait", wrong);
    assertThat(waited.exitCode()).isEqualTo(2);
    assertThat(waited.out()).contains("error     Cannot train: the loss is not a number");
    assertThat(zone("explain", wrong).out())
        .contains("first cause: Cannot train: the loss is not a number")
        .contains("what to do: mend the input");

    String disk = submit("fail-training");
    assertThat(zone("wait", disk).exitCode()).isEqualTo(4);
    assertThat(zone("explain", disk).out())
        .contains("first cause: Cannot write the checkpoint: No space left on device")
        .contains("what to do: zone resume " + disk);

    String dead = submit("crash-training");
    assertThat(zone("wait", dead).exitCode()).isEqualTo(4);
    assertThat(zone("explain", dead).out())
        .contains("first cause: Its driver died without a word: its driver's process is gone");

    String early = submit("crash-starting");
    assertThat(zone("wait", early).exitCode()).isEqualTo(4);
  }

  @Test
  void callsARunLostThatNobodyHearsOfAndFindsItAgain() throws IOException {
    String run = submit("wait");
    await(run, "TRAINING");
    // Seen from another machine, which cannot look at the process.
    Path handle = sandbox.storage().resolve("runs/" + run + "/launches/1/handle.json");
    String here = Files.readString(handle);
    Files.writeString(handle, here.replaceAll("\"host\": \"[^\"]*\"", "\"host\": \"elsewhere\""));
    long pid = pid(run);
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    await(run, "LOST");
    JsonObject lost = status(run);
    assertThat(lost.get("message").getAsString())
        .isEqualTo("no sign of life; its driver was started on elsewhere, not here");
    assertThat(zone("explain", run).out()).contains("what to do: zone resume " + run);
    assertThat(zone("resume", run).exitCode()).isZero();
    assertThat(zone("wait", run).exitCode()).isZero();
  }

  @Test
  void submitsThePlanOfARunAgain() throws IOException {
    String run = submit("succeed");
    assertThat(zone("wait", run).exitCode()).isZero();
    String again = zone("retry", run).out().strip();
    assertThat(again).isNotEqualTo(run);
    assertThat(zone("wait", again).exitCode()).isZero();
    assertThat(runs()).containsExactlyInAnyOrder(run, again);
    String plan = Files.readString(sandbox.storage().resolve("runs/" + run + "/plan.yaml"));
    String next = Files.readString(sandbox.storage().resolve("runs/" + again + "/plan.yaml"));
    assertThat(
            next.lines().filter(line -> !line.startsWith("run:") && !line.startsWith("created:")))
        .containsExactlyElementsOf(
            plan.lines()
                .filter(line -> !line.startsWith("run:") && !line.startsWith("created:"))
                .toList());
  }

  @Test
  void offersTheNearestRun() {
    String run = submit("succeed");
    String wrong = run.replace("tiny", "tinny");
    Result result = zone("status", wrong);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            "zone: Cannot find the run: %s, did you mean '%s'? (expected the id of a run in %s, laptop/here, or the beginning of one)\n"
                .formatted(wrong, run, sandbox.runs()));
    assertThat(zone("status", run.substring(0, 12)).exitCode()).isZero();
  }

  @Test
  void packagesTheSameBytesAndFindsEveryChange() throws IOException {
    assertThat(zone("package", "tiny.yaml").exitCode()).isZero();
    assertThat(zone("package", "tiny.yaml", "--to", "second").exitCode()).isZero();
    Path first = sandbox.work().resolve("tiny.bundle");
    Path second = sandbox.work().resolve("second");
    for (String name : List.of("bundle.yaml", "plan.yaml", "jars/zone-jobs-1.jar")) {
      assertThat(second.resolve(name)).hasSameBinaryContentAs(first.resolve(name));
    }
    String run = zone("submit", "tiny.bundle").out().strip();
    assertThat(zone("wait", run).exitCode()).isZero();

    Files.writeString(second.resolve("jars/zone-jobs-1.jar"), "changed");
    Files.delete(second.resolve("jars/dev.zone.zone-datasets-1.jar"));
    Files.writeString(second.resolve("jars/added.jar"), "");
    Result refused = zone("submit", "second");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err().lines().map(line -> line.replaceAll("SHA-256 .*", "SHA-256")))
        .containsExactly(
            "zone: Cannot use the bundle %s: jars/dev.zone.zone-datasets-1.jar is gone (expected the file as packaged)"
                .formatted(second),
            "zone: Cannot use the bundle %s: jars/zone-jobs-1.jar was changed after packaging (expected SHA-256"
                .formatted(second),
            "zone: Cannot use the bundle %s: jars/added.jar was added (expected the files as packaged)"
                .formatted(second));
    Result again = zone("package", "tiny.yaml");
    assertThat(again.err()).contains("is there (expected a place that is free)");

    sandbox.write("home/lib/jobs/zone-jobs-1.jar", "of a newer distribution");
    Result other = zone("submit", "tiny.bundle");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err())
        .contains("its zone-jobs-1.jar is not this distribution's")
        .contains("(expected deployMode: cluster, or the distribution that packaged it)");
    assertThat(runs()).containsExactly(run);
  }

  @Test
  void refusesAtOnceWhatNoCentreCanEverHold() throws IOException {
    try (FakeMaster master = new FakeMaster()) {
      sandbox.write("work/lab.yaml", master.zone("file:" + folder.resolve("storage")));
      Result result = zone("submit", "tiny.yaml", "--zone", "lab.yaml", "--workers", "30");
      assertThat(result.exitCode()).isEqualTo(3);
      assertThat(result.err())
          .startsWith(
              "zone: Cannot place on lab/hall: 30 workers of 1 core and 1112 MiB beside the driver");
      Result gpus =
          zone("submit", "tiny.yaml", "--zone", "lab.yaml", "--set", "resources.perWorker.gpus=1");
      assertThat(gpus.exitCode()).isEqualTo(3);
      Result centre = zone("submit", "tiny.yaml", "--zone", "lab.yaml", "--centre", "hal");
      assertThat(centre.err()).contains("did you mean 'hall'?");
      assertThat(master.asked()).isEmpty();
    }
  }

  @Test
  void asksTheMasterForADriverAndKeepsItsName() throws IOException {
    try (FakeMaster master = new FakeMaster()) {
      master
          .says("/v1/submissions/create", "{'success': true, 'submissionId': 'driver-1'}")
          .says("/v1/submissions/status/driver-1", "{'success': true, 'driverState': 'SUBMITTED'}");
      sandbox.write(
          "work/lab.yaml",
          master.zone("file:" + folder.resolve("storage"))
              + "    spark: {spark.locality.wait: 1s, spark.network.timeout: 99s}\n");
      sandbox.environment("ZONE", "lab.yaml");
      String run = submit("none");
      JsonObject request = JsonParser.parseString(master.bodies().get(0)).getAsJsonObject();
      JsonObject properties = request.getAsJsonObject("sparkProperties");
      assertThat(request.getAsJsonArray("appArgs").get(1).getAsString())
          .isEqualTo(folder.resolve("storage/runs/" + run).toString());
      assertThat(properties.get("spark.driver.supervise").getAsString()).isEqualTo("false");
      assertThat(properties.get("spark.locality.wait").getAsString()).isEqualTo("1s");
      assertThat(properties.get("spark.network.timeout").getAsString()).isEqualTo("99s");
      assertThat(properties.get("spark.cores.max").getAsString()).isEqualTo("2");
      assertThat(request.toString()).doesNotContainIgnoringCase("secret");
      assertThat(status(run).get("state").getAsString()).isEqualTo("QUEUED");
      assertThat(zone("explain", run).out())
          .contains("needed: 1 driver of 1 core and 1024 MiB of heap; 2 such places are free")
          .contains("held: 1 cores by the application other (app-1, RUNNING)");

      master.says(
          "/v1/submissions/status/driver-1",
          "{'success': true, 'driverState': 'ERROR', 'message': 'no such file'}");
      JsonObject failed = status(run);
      assertThat(failed.get("state").getAsString()).isEqualTo("FAILED");
      assertThat(failed.getAsJsonObject("error").get("message").getAsString())
          .isEqualTo(
              "Its driver ended before it began: the master says that driver-1 is ERROR (no such file)");
    }
  }

  @Test
  void doesNotSubmitToAnotherSpark() throws IOException {
    try (FakeMaster master = new FakeMaster()) {
      master.says("/v1/submissions/status/none", "{'serverSparkVersion': '3.5.9'}");
      sandbox.write("work/lab.yaml", master.zone("file:" + folder.resolve("storage")));
      Result result = zone("submit", "tiny.yaml", "--zone", "lab.yaml");
      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.err())
          .isEqualTo(
              "zone: Cannot submit to lab/hall: its master runs Spark 3.5.9 (expected 4.2.x)\n");
      assertThat(Files.exists(folder.resolve("storage/runs"))).isFalse();
    }
  }
}
