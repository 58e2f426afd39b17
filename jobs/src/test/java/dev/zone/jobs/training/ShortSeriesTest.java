package dev.zone.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.datasets.ExampleSet;
import dev.zone.jobs.evaluation.Predictions;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

  @Test
  void learnsFromSeriesOfAnyLengthAndExportsAModelForPlainDl4j() throws Exception {
    writeSeries();
    SeriesJob job = SeriesJob.of(folder, JOB, DATASET);

    TrainingResult result = job.train();

    Predictions predictions = result.predictions().get(Split.TEST);
    ExampleSet tests = job.examples(Split.TEST);
    int right = 0;
    int padded = 0;
    for (int i = 0; i < tests.size(); i++) {
      boolean rises = predictions.values()[2 * i + 1] > 0.5;
      right += rises == (predictions.targets()[i] == 1) ? 1 : 0;
      padded += tests.paddedSteps(i) > 0 ? 1 : 0;
    }
    assertThat(padded).isGreaterThan(tests.size() / 2);
    assertThat((double) right / tests.size()).isGreaterThan(0.9);

    assertSamePredictions(job.exported(result), tests, predictions);
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
