package dev.zone.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.datasets.ExampleSet;
import dev.zone.datasets.storage.Storage;
import dev.zone.jobs.checkpoint.Checkpoint;
import dev.zone.jobs.checkpoint.Checkpoints;
import dev.zone.jobs.evaluation.Predictions;
import dev.zone.jobs.training.RankTraining.Surroundings;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A job with windows.targets each, learned in pieces, from its files to a model of plain DL4J. */
@Timeout(120)
class StepTargetsTest {
  private static final int LENGTH = 12;

  /** Pieces of 5, 5 and 2 steps. */
  private static final int PIECES = 3;

  private static final String JOB =
      """
      name: balance
      dataset: vehicle/series
      task: {type: multiclass, label: side}
      inputs: [{columns: [x]}]
      windows: {group: series, time: t, length: 12, stride: 12, pad: mask, targets: each}
      model: {architecture: lstm, units: [8]}
      training:
        epochs: 12
        batchSize: 24
        updater: {adam: {learningRate: 0.03}}
        export: last
        tbpttLength: 5
        checkpoint: {everySteps: 4}
      """;

  private static final String DATASET =
      """
      name: vehicle/series
      title: Series of two to twelve rows, each with the side on which their sum is so far
      source: {format: delimited, files: [{path: series.csv}]}
      columns:
        series: {type: category, role: group}
        t: {type: number, role: time}
        x: {type: number}
        side: {type: category, role: label, classes: {0: below, 1: above}}
      split: {test: 0.25, group: series}
      licence: generated
      citation: none
      """;

  @TempDir private Path folder;

  @BeforeEach
  void writeSeries() throws Exception {
    Random random = new Random(5);
    List<String> lines = new ArrayList<>(List.of("series,t,x,side"));
    for (int series = 0; series < 200; series++) {
      int rows = 2 + random.nextInt(LENGTH - 1);
      double sum = 0;
      for (int t = 0; t < rows; t++) {
        double x = random.nextGaussian();
        sum += x;
        lines.add("s%d,%d,%s,%d".formatted(series, t, x, sum > 0 ? 1 : 0));
      }
    }
    Files.write(folder.resolve("series.csv"), lines);
  }

  @Test
  void predictsEachRowAndExportsAModelForPlainDl4j() throws Exception {
    SeriesJob job = SeriesJob.of(folder, JOB, DATASET);
    List<Double> losses = new ArrayList<>();
    TrainingListener noting =
        new TrainingListener() {
          @Override
          public void step(
              int fold, int epoch, int step, double loss, double perSecond, double seconds) {
            losses.add(loss);
          }
        };
    TrainingResult result = job.train(surroundings(noting, () -> false), Optional.empty());

    int batches = Job.batchesPerEpoch(job.data().manifest().counts().get(Split.TRAIN), 24);
    assertThat(result.steps()).isEqualTo(12 * batches * PIECES).isEqualTo(losses.size());
    // Of a target, not of a window: as good as a guess at first.
    assertThat(losses.get(0)).isCloseTo(Math.log(2), within(0.1));
    ExampleSet tests = job.examples(Split.TEST);
    Predictions predictions = result.predictions().get(Split.TEST);
    assertThat((long) predictions.examples())
        .isEqualTo(job.data().manifest().targetCounts().get(Split.TEST))
        .isLessThan((long) tests.size() * LENGTH);
    int right = 0;
    for (int row = 0; row < predictions.examples(); row++) {
      boolean above = predictions.values()[2 * row + 1] > 0.5;
      right += above == (predictions.targets()[row] == 1) ? 1 : 0;
    }
    assertThat((double) right / predictions.examples()).isGreaterThan(0.9);
    assertSamePredictions(job.exported(result), tests, predictions);
  }

  @Test
  void saysWhereEachRowComesFrom() {
    SeriesJob job = SeriesJob.of(folder, JOB, DATASET);
    ExampleSet tests = job.examples(Split.TEST);
    TargetRows rows = TargetRows.of(tests, LENGTH);
    int first = LENGTH - tests.paddedSteps(0);
    int second = LENGTH - tests.paddedSteps(1);
    String end = " of the window that ends at ";
    assertThat(rows.origin(0)).isEqualTo("step 1 of " + first + end + tests.origin(0));
    assertThat(rows.origin(first - 1))
        .isEqualTo("step " + first + " of " + first + end + tests.origin(0));
    assertThat(rows.origin(first)).isEqualTo("step 1 of " + second + end + tests.origin(1));
    assertThat(tests.origin(0)).matches("series.csv:\\d+");
  }

  @Test
  void goesOnFromACheckpointAsIfNothingHadHappened() throws Exception {
    SeriesJob job = SeriesJob.of(folder, JOB, DATASET);
    float[] undisturbed = job.train().parameters();
    Checkpoints checkpoints = new Checkpoints(Storage.local(folder.resolve("stopped")), 2);
    AtomicInteger asked = new AtomicInteger();
    // In the middle of a batch, which is learned to its end.
    BooleanSupplier cancelAtStep20 = () -> asked.incrementAndGet() == 20;
    TrainingResult stopped =
        job.train(
            new Surroundings(
                List.of(),
                Optional.of(new RankTraining.Saving(checkpoints, Checkpoint.Origin.UNKNOWN, "{}")),
                new TrainingListener() {},
                cancelAtStep20),
            Optional.empty());
    assertThat(stopped.cancelled()).isTrue();
    assertThat(stopped.steps()).isEqualTo(21);
    assertThat(stopped.examplesSeen()).isEqualTo(150);
    Checkpoint newest = checkpoints.read(checkpoints.list().get(0), 10_000);
    assertThat(newest.position().step()).isEqualTo(21);
    TrainingResult resumed =
        job.train(surroundings(new TrainingListener() {}, () -> false), Optional.of(newest));
    assertThat(Arrays.equals(resumed.parameters(), undisturbed)).isTrue();
  }

  private static Surroundings surroundings(TrainingListener listener, BooleanSupplier cancel) {
    return new Surroundings(List.of(), Optional.empty(), listener, cancel);
  }

  /** By plain DL4J, each series alone and without padding. */
  private static void assertSamePredictions(
      MultiLayerNetwork plain, ExampleSet tests, Predictions predictions) {
    int row = 0;
    for (int i = 0; i < tests.size(); i++) {
      int rows = LENGTH - tests.paddedSteps(i);
      float[] values = new float[LENGTH];
      tests.copyInput(i, 0, FloatBuffer.wrap(values));
      INDArray alone = Nd4j.createFromArray(Arrays.copyOf(values, rows)).reshape('c', 1, 1, rows);
      INDArray output = plain.output(alone);
      for (int t = 0; t < rows; t++) {
        assertThat(output.getFloat(0, 1, t))
            .isCloseTo(predictions.values()[2 * row + 1], within(1e-6f));
        row++;
      }
    }
    assertThat(row).isEqualTo(predictions.examples());
  }
}
