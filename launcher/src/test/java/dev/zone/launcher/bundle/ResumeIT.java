package dev.zone.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.launcher.bundle.ZoneProcess.Begun;
import dev.zone.launcher.bundle.ZoneProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that end before their time go on to the very model of a run that nobody disturbed. */
@Timeout(400)
class ResumeIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** The job runs for many checkpoints, so that it is hit well within. */
  private static final List<String> JOB =
      List.of(
          "--set", "training.epochs=25", "--set", "training.checkpoint={everySteps: 20, keep: 2}");

  @TempDir private Path folder;
  private ZoneProcess zone;

  @BeforeEach
  void place() {
    zone = new ZoneProcess(folder);
  }

  private List<String> run(List<String> more) {
    List<String> arguments = new ArrayList<>();
    arguments.add("run");
    arguments.add(zone.distribution().resolve("jobs/manufacturing/demo.yaml").toString());
    arguments.addAll(List.of("-o", "json"));
    arguments.addAll(more);
    return arguments;
  }

  private List<String> disturbed() {
    List<String> more = new ArrayList<>(JOB);
    more.addAll(List.of("--runs", "disturbed"));
    return run(more);
  }

  /** Waits until a checkpoint is complete that comes after another; gives its name. */
  private String awaitCheckpoint(Begun begun, String after)
      throws IOException, InterruptedException {
    while (newest().compareTo(after) <= 0) {
      assertThat(begun.process().waitFor(20, TimeUnit.MILLISECONDS)).as("ended early").isFalse();
    }
    return newest();
  }

  private String newest() throws IOException {
    Path runs = folder.resolve("disturbed");
    if (!Files.isDirectory(runs)) {
      return "";
    }
    try (Stream<Path> all = Files.list(runs)) {
      Optional<Path> checkpoints =
          all.map(run -> run.resolve("checkpoints")).filter(Files::isDirectory).findFirst();
      return checkpoints.isEmpty() ? "" : newest(checkpoints.get());
    }
  }

  private static String newest(Path checkpoints) throws IOException {
    try (Stream<Path> all = Files.list(checkpoints)) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("step-"))
          .max(Comparator.naturalOrder())
          .orElse("");
    }
  }

  private static JsonObject answer(Ended ended) {
    return JsonParser.parseString(ended.out()).getAsJsonObject();
  }

  /** As the hint says it, without the command's name. */
  private static List<String> resume(JsonObject answer) {
    List<String> words = List.of(answer.get("resume").getAsString().split(" "));
    assertThat(words.get(0)).isEqualTo("zone");
    List<String> arguments = new ArrayList<>(words.subList(1, words.size()));
    arguments.addAll(List.of("-o", "json"));
    return arguments;
  }

  @Test
  void goesOnAfterItWasStoppedAndAfterItsDriverWasKilled() throws Exception {
    JsonObject expected = zone.run(LIMIT, run(JOB)).json();
    Ended stopped;
    String checkpoint;
    try (Begun begun = zone.start(disturbed())) {
      checkpoint = awaitCheckpoint(begun, "");
      // SIGTERM takes Ctrl-C's way; a test that runs in the background may not be sent SIGINT.
      assertThat(begun.process().toHandle().destroy()).isTrue();
      stopped = begun.end(LIMIT);
    }
    assertThat(stopped.exitCode()).as(stopped.err()).isEqualTo(130);
    assertThat(answer(stopped).get("state").getAsString()).isEqualTo("CANCELLED");

    Ended killed;
    try (Begun begun = zone.start(resume(answer(stopped)))) {
      String stoppedAt = newest();
      assertThat(stoppedAt).isGreaterThanOrEqualTo(checkpoint);
      awaitCheckpoint(begun, stoppedAt);
      assertThat(begun.process().children().toList())
          .hasSize(1)
          .allMatch(ProcessHandle::destroyForcibly);
      killed = begun.end(LIMIT);
    }
    assertThat(killed.exitCode()).as(killed.err()).isEqualTo(4);
    assertThat(killed.err())
        .contains("signal 9, SIGKILL")
        .contains("zone: go on with: zone resume");

    JsonObject result = zone.run(LIMIT, resume(answer(killed))).json();

    assertThat(result.get("modelDigest")).isEqualTo(expected.get("modelDigest"));
    assertThat(result.get("metrics")).isEqualTo(expected.get("metrics"));
    assertThat(result.get("attempts").getAsInt()).isEqualTo(3);
    assertThat(result.get("run")).isEqualTo(answer(stopped).get("run"));
    Path report = Path.of(result.get("dir").getAsString()).resolve("report.html");
    assertThat(Files.readString(report)).contains("The training took 3 attempts.");
  }

  @Test
  void startsFromTheParametersOfAnotherRun() throws Exception {
    JsonObject first = zone.run(LIMIT, run(List.of("--set", "training.epochs=2"))).json();
    String id = first.get("run").getAsString();

    JsonObject second =
        zone.run(
                LIMIT,
                run(
                    List.of(
                        "--from",
                        id,
                        "--set",
                        "training.epochs=1",
                        "--set",
                        "training.updater={sgd: {learningRate: 1e-30}}")))
            .json();
    assertThat(second.get("metrics")).isEqualTo(first.get("metrics"));
    JsonObject provenance =
        JsonParser.parseString(
                Files.readString(
                    Path.of(second.get("dir").getAsString()).resolve("provenance.json")))
            .getAsJsonObject();
    assertThat(provenance.getAsJsonObject("from").get("source").getAsString()).isEqualTo(id);

    Ended wrong =
        zone.run(
            LIMIT,
            run(
                List.of(
                    "--from",
                    Path.of(first.get("dir").getAsString()).resolve("model/model.zip").toString(),
                    "--set",
                    "model={architecture: cnn1d, filters: [16, 8], kernel: 5, dense: [32]}")));
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err().lines()).hasSize(3);
    assertThat(wrong.err())
        .contains("layer 2 (convolution-1) b is [16] (expected [8], as the job's model has)")
        .contains("layer 2 (convolution-1) W is [16, 16, 5, 1] (expected [8, 16, 5, 1], as the job")
        .contains("layer 3 (dense-2) W is [320, 32] (expected [160, 32], as the job's model has)");
  }
}
