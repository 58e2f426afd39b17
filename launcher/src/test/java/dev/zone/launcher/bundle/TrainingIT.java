package dev.zone.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.launcher.bundle.ZoneProcess.Ended;
import dev.zone.launcher.cluster.SparkCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole runs through the distribution: what a user gets, and what stays the same from run to run.
 */
@Timeout(400)
class TrainingIT {
  private static final Duration LIMIT = Duration.ofMinutes(4);

  @TempDir private Path folder;

  @Test
  void givesTheSameModelInOneJvmAndOnACluster() throws Exception {
    ZoneProcess zone = new ZoneProcess(folder);
    try (SparkCluster cluster =
        SparkCluster.start(zone.distribution(), folder.resolve("cluster"), 2, 1)) {
      ZoneProcess onCluster = new ZoneProcess(folder, cluster.driverEnvironment());
      // What the ranks exchange within a step goes by the ring too.
      assertSame(onCluster, cluster, "chip/demo", "training.batchStatistics=global");
      // A target for each row, and windows learned in pieces.
      assertSame(onCluster, cluster, "vehicle/frames", "windows.stride=256");
    }
  }

  private void assertSame(ZoneProcess onCluster, SparkCluster cluster, String job, String setting)
      throws Exception {
    List<String> settings =
        new ArrayList<>(List.of("--set", "training.epochs=1", "--set", setting));
    JsonObject local = run(job, settings.toArray(new String[0])).json();
    settings.addAll(List.of("--master", cluster.url()));
    JsonObject spread = run(onCluster, job, settings.toArray(new String[0])).json();
    assertThat(spread.get("modelDigest"))
        .as("%s with %s", job, setting)
        .isEqualTo(local.get("modelDigest"));
    assertThat(spread.get("metrics")).as(setting).isEqualTo(local.get("metrics"));
  }

  @Test
  void givesTheSameBytesOfModelRunAfterRun() throws Exception {
    JsonObject first = run("manufacturing/demo", "--set", "training.epochs=1").json();
    JsonObject second = run("manufacturing/demo", "--set", "training.epochs=1").json();
    assertThat(second.get("modelDigest")).isEqualTo(first.get("modelDigest"));
    assertThat(second.get("run")).isNotEqualTo(first.get("run"));
    assertThat(Files.mismatch(model(first), model(second))).isEqualTo(-1);
  }

  @Test
  void crossValidatesFoldByFold() throws Exception {
    JsonObject result =
        run(
                "vehicle/demo",
                "--set",
                "evaluation.crossValidation={folds: 3, validation: 0}",
                "--set",
                "windows.group=id",
                "--set",
                "split={group: id}",
                "--set",
                "training.epochs=1",
                "--set",
                "training.batchSize=256")
            .json();
    JsonObject evaluation = json(result, "evaluation.json");
    assertThat(evaluation.getAsJsonArray("folds")).hasSize(3);
    double mean =
        evaluation
            .getAsJsonObject("crossValidation")
            .getAsJsonObject("metrics")
            .getAsJsonObject("accuracy")
            .get("mean")
            .getAsDouble();
    assertThat(
            result.getAsJsonObject("metrics").getAsJsonObject("test").get("accuracy").getAsDouble())
        .isEqualTo(mean);
  }

  @Test
  void failsWithTheStepWhenTheTrainingDiverges() throws Exception {
    Ended ended =
        run("manufacturing/demo", "--set", "training.updater={sgd: {learningRate: 1e30}}");
    assertThat(ended.exitCode()).isEqualTo(2);
    JsonObject answer = JsonParser.parseString(ended.out()).getAsJsonObject();
    assertThat(answer.get("state").getAsString()).isEqualTo("FAILED");
    assertThat(answer.getAsJsonObject("error").get("message").getAsString())
        .containsPattern(
            "Cannot go on training: the loss is (NaN|Infinity) at step \\d+, epoch 1: rank 0, .* \\(expected finite numbers");
    try (Stream<Path> runs = Files.list(folder.resolve("runs"))) {
      List<Path> all = runs.toList();
      assertThat(all).hasSize(1);
      assertThat(Files.readString(all.get(0).resolve("state.json"))).contains("\"FAILED\"");
    }
  }

  @Test
  void saysHowMuchMemoryAModelNeedsBeforeItTrains() throws Exception {
    Ended ended = run("chip/demo", "--set", "model={architecture: mlp, hidden: [60000, 60000]}");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .containsPattern(
            "Cannot train in resources.perWorker.memory: 2g leaves \\d+ MiB for arrays \\(expected about \\d+ MiB");
    assertThat(folder.resolve("runs"))
        .satisfiesAnyOf(
            runs -> assertThat(runs).doesNotExist(), runs -> assertThat(runs).isEmptyDirectory());
  }

  private Ended run(String job, String... more) throws IOException, InterruptedException {
    return run(new ZoneProcess(folder), job, more);
  }

  private Ended run(ZoneProcess zone, String job, String... more)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                zone.distribution().resolve("jobs").resolve(job + ".yaml").toString(),
                "--runs",
                folder.resolve("runs").toString(),
                "-o",
                "json"));
    arguments.addAll(List.of(more));
    return zone.run(LIMIT, arguments);
  }

  private static Path model(JsonObject result) {
    return Path.of(result.get("dir").getAsString()).resolve("model/model.zip");
  }

  private static JsonObject json(JsonObject result, String file) throws IOException {
    return JsonParser.parseString(
            Files.readString(Path.of(result.get("dir").getAsString()).resolve(file)))
        .getAsJsonObject();
  }
}
