package dev.zone.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.JobSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.datasets.ExampleSet;
import dev.zone.datasets.prepare.Portion;
import dev.zone.datasets.prepare.PreparationRequest;
import dev.zone.datasets.prepare.PreparedData;
import dev.zone.datasets.prepare.Preparer;
import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.collective.SharedMemoryGroup;
import dev.zone.jobs.evaluation.Predictions;
import dev.zone.jobs.model.ModelArchive;
import dev.zone.jobs.model.ModelFactory;
import dev.zone.jobs.model.ModelRequest;
import dev.zone.jobs.model.ModelState;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.update.Dl4jTraining;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A job with windows.pad mask, from its files to a model that plain DL4J opens. */
@Timeout(120)
class ShortSeriesTest {
  private static final int LENGTH = 8;

  private static final String JOB =
      """
      name: rising
      dataset: vehicle/series
      task: {type: multiclass, label: way}
      inputs: [{columns: [x], transforms: [standardise]}]
      windows: {group: series, time: t, length: 8, stride: 8, pad: mask}
      model: {architecture: lstm, units: [8]}
      training: {epochs: 15, batchSize: 24, updater: {adam: {learningRate: 0.03}}, export: last}
      """;

  private static final String DATASET =
      """
      name: vehicle/series
      title: Rising and falling series of two to eight rows
      source: {format: delimited, files: [{path: series.csv}]}
      columns:
        series: {type: category, role: group}
        t: {type: number, role: time}
        x: {type: number}
        way: {type: category, role: label, classes: {0: falling, 1: rising}}
      split: {test: 0.25, group: series}
      licence: generated
      citation: none
      """;

  @TempDir private Path folder;

  /** Whether the last of two to eight rows is above the first. */
  private void writeSeries() throws Exception {
    Random random = new Random(5);
    List<String> lines = new ArrayList<>(List.of("series,t,x,way"));
    for (int series = 0; series < 160; series++) {
      int rows = 2 + random.nextInt(LENGTH - 1);
      boolean rises = random.nextBoolean();
      double level = 5 * random.nextGaussian();
      for (int t = 0; t < rows; t++) {
        double x = level + (rises ? t : -t) + 0.2 * random.nextGaussian();
        lines.add("s%d,%d,%s,%d".formatted(series, t, x, rises ? 1 : 0));
      }
    }
    Files.write(folder.resolve("series.csv"), lines);
  }

  private static <T> T parse(String yaml, Class<T> type) {
    Problems problems = new Problems();
    Optional<T> value =
        YamlBinder.parse(yaml, "test.yaml", type, List.of(), problems).map(bound -> bound.value());
    assertThat(problems.list().stream().map(Problem::toString)).isEmpty();
    return value.orElseThrow();
  }

  @Test
  void learnsFromSeriesOfAnyLengthAndExportsAModelForPlainDl4j() throws Exception {
    writeSeries();
    JobSpec job = parse(JOB, JobSpec.class);
    Problems problems = new Problems();
    PreparedData data =
        new Preparer()
            .prepare(
                new PreparationRequest(
                    job,
                    parse(DATASET, DatasetSpec.class),
                    Optional.of(folder),
                    folder.resolve("cache"),
                    new Portion.Declared(),
                    Optional.empty()),
                problems)
            .orElseThrow();
    NetworkConfiguration network =
        ModelFactory.create(
                new ModelRequest(
                    job.model(),
                    job.task(),
                    job.training(),
                    data.manifest().inputs(),
                    data.manifest().classes().size(),
                    Job.stepsPerEpoch(
                        data.manifest().counts().get(Split.TRAIN), job.training().batchSize()),
                    folder),
                problems)
            .orElseThrow();

    TrainingResult result = train(job, data, network);

    Predictions predictions = result.predictions().get(Split.TEST);
    ExampleSet tests = data.examples(Split.TEST).orElseThrow();
    int right = 0;
    int padded = 0;
    for (int i = 0; i < tests.size(); i++) {
      boolean rises = predictions.values()[2 * i + 1] > 0.5;
      right += rises == (predictions.targets()[i] == 1) ? 1 : 0;
      padded += tests.paddedSteps(i) > 0 ? 1 : 0;
    }
    assertThat(padded).isGreaterThan(tests.size() / 2);
    assertThat((double) right / tests.size()).isGreaterThan(0.9);

    Path zip = folder.resolve("model.zip");
    ModelArchive.write(
        network,
        new ModelState(
            FloatBuffer.wrap(result.parameters()),
            Optional.empty(),
            result.steps(),
            result.epochs()),
        zip);
    assertSamePredictions(MultiLayerNetwork.load(zip.toFile(), false), tests, predictions);
  }

  private static TrainingResult train(JobSpec job, PreparedData data, NetworkConfiguration network)
      throws Exception {
    SharedMemoryGroup group = new SharedMemoryGroup(2, Duration.ofSeconds(60));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<TrainingResult>> ranks = new ArrayList<>();
      for (int r = 0; r < 2; r++) {
        int rank = r;
        ranks.add(
            threads.submit(
                () -> {
                  try (Collective collective = group.join(rank);
                      Dl4jTraining made = Dl4jTraining.create(network, Optional.empty())) {
                    return new RankTraining(
                            new Job(
                                job.task(),
                                job.training(),
                                data.manifest(),
                                split -> data.examples(split).orElseThrow(),
                                1),
                            collective,
                            made.engine(),
                            made.update(),
                            new RankTraining.Surroundings(
                                List.of(),
                                Optional.empty(),
                                new TrainingListener() {},
                                () -> false))
                        .run();
                  }
                }));
      }
      return ranks.get(0).get();
    } finally {
      threads.shutdownNow();
    }
  }

  /** By plain DL4J with masks, and by each series alone without. */
  private static void assertSamePredictions(
      MultiLayerNetwork plain, ExampleSet tests, Predictions predictions) {
    INDArray features = Nd4j.zeros(tests.size(), 1, LENGTH);
    INDArray mask = Nd4j.zeros(tests.size(), LENGTH);
    for (int i = 0; i < tests.size(); i++) {
      FloatBuffer values = FloatBuffer.allocate(LENGTH);
      tests.copyInput(i, 0, values);
      int rows = LENGTH - tests.paddedSteps(i);
      INDArray alone = Nd4j.zeros(1, 1, rows);
      for (int t = 0; t < LENGTH; t++) {
        features.putScalar(i, 0, t, values.get(t));
        mask.putScalar(i, t, t < rows ? 1 : 0);
        if (t < rows) {
          alone.putScalar(0, 0, t, values.get(t));
        }
      }
      assertThat(plain.output(alone).getFloat(0, 1))
          .isCloseTo(predictions.values()[2 * i + 1], org.assertj.core.data.Offset.offset(1e-6f));
    }
    float[] masked = plain.output(features, false, mask, null).ravel().toFloatVector();
    for (int i = 0; i < masked.length; i++) {
      assertThat(masked[i])
          .isCloseTo(predictions.values()[i], org.assertj.core.data.Offset.offset(1e-6f));
    }
  }
}
