package dev.zone.jobs.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.zone.conf.MetricName;
import dev.zone.conf.TaskSpec;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluatorTest {
  private static final List<String> GOOD_BAD = List.of("good", "bad");
  private static final OptionalDouble HALF = OptionalDouble.of(0.5);

  private static Evaluation evaluate(TaskSpec task, List<String> classes, Predictions given) {
    return Evaluator.evaluate(task, classes, given, HALF, 0.25);
  }

  @Test
  void binaryAgreesWithHandComputedValues() {
    // Above 0.5: 0.9 (1), 0.8 (0), 0.5 (1); below: 0.4 (1), 0.3 (0), 0.3 (0), 0.1 (0).
    Predictions given =
        Tasks.binary(new float[] {.9f, .8f, .5f, .4f, .3f, .3f, .1f}, 1, 0, 1, 1, 0, 0, 0);
    Evaluation evaluation = evaluate(Tasks.BINARY, GOOD_BAD, given);

    assertThat(evaluation.confusion()).isEqualTo(List.of(List.of(3L, 1L), List.of(1L, 2L)));
    assertThat(evaluation.metrics().keySet()).containsExactlyElementsOf(Metrics.of(Tasks.BINARY));
    assertMetric(evaluation, MetricName.LOSS, 0.25);
    assertMetric(evaluation, MetricName.ACCURACY, 5 / 7.0);
    assertMetric(evaluation, MetricName.BALANCED_ACCURACY, (3 / 4.0 + 2 / 3.0) / 2);
    assertMetric(evaluation, MetricName.BALANCED_ERROR, 1 - (3 / 4.0 + 2 / 3.0) / 2);
    assertMetric(evaluation, MetricName.PRECISION, 2 / 3.0);
    assertMetric(evaluation, MetricName.RECALL, 2 / 3.0);
    assertMetric(evaluation, MetricName.F1, 2 / 3.0);
    assertMetric(evaluation, MetricName.MACRO_F1, (2 / 3.0 + 6 / 8.0) / 2);
    // Positives at ranks 1, 3, 4: 4 + 3 + 3 of 12 pairs are right.
    assertMetric(evaluation, MetricName.AUC, 10 / 12.0);
    assertMetric(evaluation, MetricName.AVERAGE_PRECISION, (1 + 2 / 3.0 + 3 / 4.0) / 3);
    assertThat(evaluation.roc())
        .containsExactly(
            new Curve(
                1,
                List.of(0.0, 0.0, 0.25, 0.25, 0.25, 0.75, 1.0),
                List.of(0.0, 0.333333, 0.333333, 0.666667, 1.0, 1.0, 1.0)));
    assertThat(evaluation.precisionRecall())
        .containsExactly(
            new Curve(1, List.of(0.333333, 0.666667, 1.0), List.of(1.0, 0.666667, 0.75)));
    assertThat(evaluation.scores().orElseThrow().counts())
        .extracting(bins -> bins.stream().mapToLong(Long::longValue).sum())
        .containsExactly(4L, 3L);
    // 0.8 said bad of a good one is further off than 0.4 said good of a bad one.
    assertThat(evaluation.worst())
        .extracting(WorstExample::example, WorstExample::target, WorstExample::predicted)
        .containsExactly(tuple(1, 0.0, 1.0), tuple(3, 1.0, 0.0));
  }

  @Test
  void multiclassAgreesWithHandComputedValues() {
    float[] values = {
      .7f, .2f, .1f, // 0 said 0
      .1f, .8f, .1f, // 0 said 1
      .2f, .6f, .2f, // 1 said 1
      .4f, .4f, .2f, // 1 said 0: the first of equals
    };
    Evaluation evaluation =
        evaluate(
            Tasks.MULTICLASS,
            List.of("a", "b", "c"),
            new Predictions(4, 3, values, new float[] {0, 0, 1, 1}));

    assertThat(evaluation.confusion())
        .isEqualTo(List.of(List.of(1L, 1L, 0L), List.of(1L, 1L, 0L), List.of(0L, 0L, 0L)));
    assertThat(evaluation.metrics().keySet())
        .containsExactlyElementsOf(Metrics.of(Tasks.MULTICLASS));
    assertMetric(evaluation, MetricName.ACCURACY, 0.5);
    assertMetric(evaluation, MetricName.BALANCED_ACCURACY, 0.5);
    // Class c neither occurs nor is predicted, so it does not count.
    assertMetric(evaluation, MetricName.MACRO_F1, 0.5);
    // a: .7 and .1 against .2 and .4: 2 of 4 pairs; b: .6 and .4 against .2 and .8: 2 of 4.
    assertMetric(evaluation, MetricName.AUC, 0.5);
    ClassResult last = evaluation.classes().get(2);
    assertThat(last.support()).isZero();
    assertThat(last.precision()).isEmpty();
    assertThat(last.recall()).isEmpty();
    assertThat(last.f1()).isEmpty();
    assertThat(last.auc()).isEmpty();
    assertThat(evaluation.roc()).extracting(Curve::series).containsExactly(0, 1);
    assertThat(evaluation.worst()).extracting(WorstExample::example).containsExactly(1, 3);
  }

  @Test
  void multilabelAgreesWithHandComputedValues() {
    float[] values = {.9f, .6f, .2f, .4f, .7f, .1f, .3f, .2f};
    float[] targets = {1, 0, 1, 1, 0, 0, 0, 0};
    Evaluation evaluation =
        evaluate(Tasks.MULTILABEL, List.of("a", "b"), new Predictions(4, 2, values, targets));

    assertThat(evaluation.metrics().keySet())
        .containsExactlyElementsOf(Metrics.of(Tasks.MULTILABEL));
    // Label a: TP 1, FN 1, FP 1, TN 1; label b: FP 1, FN 1, TN 2.
    assertMetric(evaluation, MetricName.ACCURACY, (0.5 + 0.5) / 2);
    assertMetric(evaluation, MetricName.BALANCED_ACCURACY, (0.5 + (2 / 3.0) / 2) / 2);
    assertMetric(evaluation, MetricName.MACRO_F1, (0.5 + 0) / 2);
    assertMetric(evaluation, MetricName.PRECISION, (0.5 + 0) / 2);
    assertMetric(evaluation, MetricName.RECALL, (0.5 + 0) / 2);
    assertMetric(evaluation, MetricName.AUC, (2 / 4.0 + 2 / 3.0) / 2);
    assertMetric(evaluation, MetricName.AVERAGE_PRECISION, ((1 + 2 / 4.0) / 2 + 1 / 2.0) / 2);
    assertThat(evaluation.classes().get(0).predicted()).isEqualTo(2);
    assertThat(evaluation.confusion()).isEmpty();
  }

  @Test
  void regressionAgreesWithHandComputedValues() {
    Predictions given =
        new Predictions(4, 1, new float[] {10, 33, 60, 70}, new float[] {20, 20, 60, 80});
    Evaluation evaluation = evaluate(Tasks.REGRESSION, List.of("rul"), given);

    // d = -10, 13, 0, -10; the targets' mean is 45.
    assertThat(evaluation.metrics().keySet())
        .containsExactlyElementsOf(Metrics.of(Tasks.REGRESSION));
    assertMetric(evaluation, MetricName.RMSE, Math.sqrt((100 + 169 + 100) / 4.0));
    assertMetric(evaluation, MetricName.MAE, 33 / 4.0);
    assertMetric(evaluation, MetricName.R2, 1 - 369.0 / (625 + 625 + 225 + 1225));
    assertMetric(
        evaluation, MetricName.PHM08, 2 * (Math.exp(10 / 13.0) - 1) + (Math.exp(13 / 10.0) - 1));
    assertThat(evaluation.worst()).extracting(WorstExample::example).containsExactly(1, 0, 3, 2);
    assertThat(evaluation.sample()).hasSize(4).contains(new Evaluation.Point(20, 33));
    assertThat(evaluation.residuals().orElseThrow().counts().get(0).get(40)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aucIsTheShareOfRightPairsWithTiesHalf(long seed) {
    Predictions given = Tasks.random(seed, 300, 1, 2, seed == 1 ? 3 : 40);
    double right = 0;
    double pairs = 0;
    for (int i = 0; i < 300; i++) {
      for (int j = 0; j < 300; j++) {
        if (given.targets()[i] == 1 && given.targets()[j] == 0) {
          pairs++;
          right += Math.signum(given.values()[i] - given.values()[j]) / 2 + 0.5;
        }
      }
    }
    assertMetric(evaluate(Tasks.BINARY, GOOD_BAD, given), MetricName.AUC, right / pairs);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void averagePrecisionIsTheSumOverAllThresholds(long seed) {
    Predictions given = Tasks.random(seed, 200, 1, 2, 17);
    double sum = 0;
    double lastRecall = 0;
    for (int level = 16; level >= 0; level--) {
      float threshold = level / 17f;
      double said = 0;
      double hit = 0;
      double all = 0;
      for (int i = 0; i < 200; i++) {
        all += given.targets()[i];
        said += given.values()[i] >= threshold ? 1 : 0;
        hit += given.values()[i] >= threshold ? given.targets()[i] : 0;
      }
      sum += said == 0 ? 0 : (hit / all - lastRecall) * hit / said;
      lastRecall = hit / all;
    }
    assertMetric(evaluate(Tasks.BINARY, GOOD_BAD, given), MetricName.AVERAGE_PRECISION, sum);
  }

  @Test
  void theOrderOfTheExamplesMeansNothing() {
    Predictions classes = Tasks.random(5, 999, 4, 4, 1000);
    assertThat(evaluate(Tasks.MULTICLASS, List.of("a", "b", "c", "d"), classes).metrics())
        .isEqualTo(
            evaluate(Tasks.MULTICLASS, List.of("a", "b", "c", "d"), Tasks.shuffled(classes, 1))
                .metrics());
    SplittableRandom random = new SplittableRandom(8);
    float[] values = new float[5000];
    float[] targets = new float[5000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(0, 130);
      targets[i] = (float) random.nextDouble(0, 130);
    }
    Predictions numbers = new Predictions(5000, 1, values, targets);
    assertThat(evaluate(Tasks.REGRESSION, List.of("rul"), numbers).metrics())
        .isEqualTo(
            evaluate(Tasks.REGRESSION, List.of("rul"), Tasks.shuffled(numbers, 1)).metrics());
  }

  @Test
  void oneMetricAloneEqualsTheEvaluations() {
    Predictions binary = Tasks.random(11, 400, 1, 2, 50);
    Evaluation whole =
        Evaluator.evaluate(Tasks.BINARY, GOOD_BAD, binary, OptionalDouble.of(0.37), 0.6);
    for (MetricName name : Metrics.of(Tasks.BINARY)) {
      assertThat(Metrics.compute(name, Tasks.BINARY, binary, OptionalDouble.of(0.37), 0.6))
          .as(name.name())
          .isEqualTo(whole.metric(name));
    }
    assertThat(Metrics.computeAll(Tasks.BINARY, binary, OptionalDouble.of(0.37), 0.6))
        .isEqualTo(whole.metrics());
    assertThatThrownBy(() -> Metrics.compute(MetricName.RMSE, Tasks.BINARY, binary, HALF, 0))
        .hasMessage("Cannot compute metric: rmse (expected one that the task has)");
  }

  @Test
  void saysWhyAMetricIsUndefined() {
    Evaluation onlyGood =
        Evaluator.evaluate(
            Tasks.BINARY, GOOD_BAD, Tasks.binary(new float[] {.1f, .2f}, 0, 0), HALF, Double.NaN);
    assertThat(onlyGood.metrics().keySet())
        .containsExactly(
            MetricName.ACCURACY,
            MetricName.BALANCED_ACCURACY,
            MetricName.BALANCED_ERROR,
            MetricName.MACRO_F1);
    assertThat(onlyGood.undefined())
        .containsEntry(MetricName.LOSS, "the loss is not finite")
        .containsEntry(MetricName.F1, "no example is positive and none was said to be")
        .containsEntry(MetricName.PRECISION, "no example was said to be positive")
        .containsEntry(MetricName.RECALL, "no example is positive")
        .containsEntry(MetricName.AUC, "all examples are of one class")
        .containsEntry(MetricName.AVERAGE_PRECISION, "no example is positive");
    assertThat(onlyGood.roc()).isEmpty();

    Evaluation diverged =
        evaluate(Tasks.BINARY, GOOD_BAD, Tasks.binary(new float[] {Float.NaN, .2f}, 0, 1));
    assertThat(diverged.metrics()).containsOnlyKeys(MetricName.LOSS);
    assertThat(diverged.undefined())
        .containsEntry(MetricName.AUC, "1 of 2 examples have outputs that are not finite");

    Evaluation none = evaluate(Tasks.REGRESSION, List.of("y"), Tasks.binary(new float[0]));
    assertThat(none.metrics()).isEmpty();
    assertThat(none.undefined()).containsEntry(MetricName.RMSE, "there are no examples");

    Evaluation flat =
        evaluate(Tasks.REGRESSION, List.of("y"), Tasks.binary(new float[] {9000, 7}, 7, 7));
    assertThat(flat.undefined())
        .containsEntry(MetricName.R2, "all targets are equal")
        .containsEntry(MetricName.PHM08, "a prediction is so late that the score overflows");
  }

  @Test
  void thinsCurvesWithoutLosingTheirEnds() {
    Predictions given = Tasks.random(3, 20_000, 1, 2, 1 << 20);
    Evaluation evaluation = evaluate(Tasks.BINARY, GOOD_BAD, given);
    Curve roc = evaluation.roc().get(0);
    assertThat(roc.x()).hasSizeBetween(150, 200).startsWith(0.0).endsWith(1.0);
    assertThat(roc.y()).startsWith(0.0).endsWith(1.0);
    double area = 0;
    for (int i = 1; i < roc.x().size(); i++) {
      area += (roc.x().get(i) - roc.x().get(i - 1)) * (roc.y().get(i) + roc.y().get(i - 1)) / 2;
    }
    assertThat(area).isCloseTo(evaluation.metrics().get(MetricName.AUC), within(1e-3));
    Curve pr = evaluation.precisionRecall().get(0);
    assertThat(pr.x()).hasSizeBetween(100, 200).endsWith(1.0);
    assertThat(evaluation.worst()).hasSize(Evaluator.WORST_EXAMPLES);
  }

  @Test
  void namesTheWorstExamplesByOrigin() {
    Evaluation evaluation =
        evaluate(Tasks.BINARY, GOOD_BAD, Tasks.binary(new float[] {.1f, .9f}, 0, 0))
            .withOrigins(example -> "test.csv:" + (example + 2));
    assertThat(evaluation.worst().get(0).origin()).contains("test.csv:3");
  }

  @Test
  void refusesPredictionsThatDoNotFit() {
    assertThatThrownBy(() -> new Predictions(2, 1, new float[3], new float[2]))
        .hasMessage("Cannot evaluate predictions: 3 values (expected 2, 2 examples of 1 outputs)");
    assertThatThrownBy(() -> new Predictions(2, 1, new float[2], new float[1]))
        .hasMessage("Cannot evaluate predictions: 1 targets (expected 2 or 2)");
    assertThatThrownBy(() -> new Predictions(2, 0, new float[0], new float[0]))
        .hasMessage(
            "Cannot evaluate predictions: 2 examples of 0 outputs (expected 0 or more of 1 or more)");
    assertThatThrownBy(() -> evaluate(Tasks.BINARY, GOOD_BAD, Tasks.binary(new float[] {.1f}, 2)))
        .hasMessage(
            "Cannot evaluate predictions: target 2.0 of example 0 (expected a class from 0 to 1)");
    assertThatThrownBy(
            () -> evaluate(Tasks.BINARY, List.of("a"), Tasks.binary(new float[] {.1f}, 0)))
        .hasMessage("Cannot evaluate predictions: 1 classes for 1 outputs (expected 2)");
    assertThatThrownBy(
            () ->
                evaluate(Tasks.BINARY, GOOD_BAD, new Predictions(1, 2, new float[2], new float[1])))
        .hasMessage("Cannot evaluate a binary task: 2 outputs (expected 1)");
    assertThatThrownBy(
            () ->
                evaluate(
                    Tasks.REGRESSION,
                    List.of("y"),
                    new Predictions(2, 2, new float[4], new float[2])))
        .hasMessage("Cannot evaluate a regression: 2 outputs and 1 targets (expected as many)");
  }

  @Test
  void joinsPredictions() {
    Predictions joined =
        Predictions.concat(
            List.of(
                Tasks.binary(new float[] {.1f, .2f}, 0, 1), Tasks.binary(new float[] {.3f}, 1)));
    assertThat(joined).isEqualTo(Tasks.binary(new float[] {.1f, .2f, .3f}, 0, 1, 1));
    assertThatThrownBy(() -> Predictions.concat(List.of()))
        .hasMessage("Cannot join predictions: none (expected 1 or more)");
    assertThatThrownBy(
            () ->
                Predictions.concat(
                    List.of(joined, new Predictions(1, 2, new float[2], new float[1]))))
        .hasMessage("Cannot join predictions: 1 outputs and 2 (expected the same width)");
  }

  @Test
  void knowsEveryMetricByItsNameInFiles() {
    assertThat(Arrays.stream(MetricName.values()).map(Metrics::fileName))
        .contains("macroF1", "balancedError", "phm08", "averagePrecision")
        .doesNotHaveDuplicates()
        .allMatch(name -> Metrics.byFileName(name).map(Metrics::fileName).orElse("").equals(name));
    assertThat(Metrics.byFileName("MACRO_F1")).isEmpty();
  }

  @Test
  void sumsWithoutLosingSmallParts() {
    assertThat(Sums.of(new double[] {1e16, 1, -1e16, 1})).isEqualTo(2.0);
    double[] tenths = new double[1_000_000];
    Arrays.fill(tenths, 0.1);
    assertThat(Sums.of(tenths)).isCloseTo(100_000, within(1e-10));
    assertThat(Sums.of(new double[] {Double.MAX_VALUE, Double.MAX_VALUE})).isInfinite();
  }

  private static void assertMetric(Evaluation evaluation, MetricName name, double expected) {
    assertThat(evaluation.metrics().get(name)).as(name.name()).isCloseTo(expected, within(1e-12));
  }
}
