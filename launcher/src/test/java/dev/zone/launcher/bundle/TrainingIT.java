package dev.zone.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

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
import java.util.Random;
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
      assertSame(onCluster, cluster, "manufacturing/demo", "training.engine=onednn");
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

  /** For few steps, so that what rounding does has not yet grown. */
  @Test
  void learnsAlikeWithBothEngines() throws Exception {
    for (String job : List.of("chip/demo", "vehicle/demo")) {
      List<Double> compiled = losses(job, "onednn");
      List<Double> dl4j = losses(job, "dl4j");
      assertThat(compiled).as(job).hasSameSizeAs(dl4j).isNotEmpty().isNotEqualTo(dl4j);
      for (int i = 0; i < dl4j.size(); i++) {
        assertThat(compiled.get(i)).as(job).isCloseTo(dl4j.get(i), withPercentage(0.1));
      }
    }
  }

  /** Of each epoch, in training. */
  private List<Double> losses(String job, String engine) throws Exception {
    JsonObject result =
        run(job, "--set", "training.epochs=1", "--set", "training.engine=" + engine).json();
    List<Double> losses = new ArrayList<>();
    for (String line :
        Files.readAllLines(Path.of(result.get("dir").getAsString()).resolve("metrics.jsonl"))) {
      JsonObject record = JsonParser.parseString(line).getAsJsonObject();
      if (record.get("type").getAsString().equals("epoch")) {
        losses.add(record.get("loss").getAsDouble());
      }
    }
    return losses;
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
  void trainsOnAVersionWhatItTrainsOnTheFilesThatWereFed() throws Exception {
    Files.writeString(
        Files.createDirectories(folder.resolve("datasets/manufacturing")).resolve("presses.yaml"),
        """
        name: manufacturing/presses
        title: What presses do
        source: {format: delimited, files: [{path: presses.csv}]}
        columns:
          torque: {range: [0, 120]}
          speed: {}
          when: {type: timestamp, role: time, pattern: "yyyy-MM-dd'T'HH:mm:ssX"}
          state: {type: category, role: label, classes: {0: good, 1: worn}}
        split: {validation: 0.2, test: 0.2}
        feed: {rejectedShare: 0.1}
        licence: none stated
        citation: none
        """);
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        name: presses
        dataset: manufacturing/presses
        task: {type: multiclass, label: state}
        inputs: [{columns: [torque, speed], transforms: [standardise]}]
        model: {architecture: mlp, hidden: [8]}
        training: {epochs: 2, batchSize: 16}
        resources: {workers: 2}
        """);
    StringBuilder good = new StringBuilder("torque,speed,when,state\n");
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      double torque = random.nextInt(12_000) / 100.0;
      good.append(torque).append(',').append(random.nextGaussian()).append(',');
      good.append(Instant.ofEpochSecond(1_700_000_000L + i)).append(',');
      good.append(torque > 60 ? 1 : 0).append('\n');
    }
    Files.writeString(Files.createDirectories(folder.resolve("data")).resolve("presses.csv"), good);
    Files.writeString(folder.resolve("presses.csv"), good + "-1,2,2026-11-28,0\n");
    ZoneProcess zone =
        new ZoneProcess(folder, Map.of("ZONE_REGISTRY", folder.resolve("registry").toString()));
    String name = "manufacturing/presses";
    assertThat(
            zone.run("dataset", "create", "datasets/manufacturing/presses.yaml", "-o", "json")
                .json()
                .get("dataset")
                .getAsString())
        .isEqualTo(name);
    JsonObject fed = zone.run("dataset", "feed", name, "presses.csv", "-o", "json").json();
    assertThat(fed.get("rejected").getAsInt()).isEqualTo(1);

    JsonObject version = zone.run("run", "job.yaml", "-o", "json").json();
    JsonObject files = zone.run("run", "job.yaml", "--data", name + "=data", "-o", "json").json();
    assertThat(version.getAsJsonObject("dataset").get("name").getAsString()).isEqualTo(name + "@1");
    assertThat(version.get("modelDigest")).isEqualTo(files.get("modelDigest"));
    assertThat(version.get("metrics")).isEqualTo(files.get("metrics"));
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
