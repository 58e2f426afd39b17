package dev.zone.jobs.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.zone.conf.MetricName;
import dev.zone.conf.ThresholdSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ThresholdsTest {
  private static double best(MetricName metric, Predictions validation) {
    return Thresholds.choose(new ThresholdSpec.Best(metric), validation, 0.1);
  }

  @Test
  void aFixedThresholdIsItself() {
    assertThat(
            Thresholds.choose(new ThresholdSpec.Value(0.3), Tasks.binary(new float[] {.1f}, 0), 0))
        .isEqualTo(0.3);
  }

  @Test
  void takesTheMiddleBetweenTheClasses() {
    Predictions separable = Tasks.binary(new float[] {.1f, .2f, .6f, .9f}, 0, 0, 1, 1);
    assertThat(best(MetricName.F1, separable)).isCloseTo(0.4, within(1e-7));
    assertThat(best(MetricName.ACCURACY, separable)).isCloseTo(0.4, within(1e-7));
  }

  @Test
  void takesTheWidestOfSeveralBestStretches() {
    // Accuracy 4/5 in (0.1, 0.2] and in (0.3, 0.8].
    Predictions given = Tasks.binary(new float[] {.1f, .2f, .3f, .8f, .9f}, 0, 1, 0, 1, 1);
    assertThat(best(MetricName.ACCURACY, given)).isCloseTo(0.55, within(1e-7));
  }

  @ParameterizedTest
  @EnumSource(
      value = MetricName.class,
      names = {"F1", "ACCURACY", "BALANCED_ACCURACY", "BALANCED_ERROR", "MACRO_F1"})
  void noThresholdIsBetterThanTheBest(MetricName metric) {
    for (long seed = 1; seed <= 10; seed++) {
      Predictions given = Tasks.random(seed, 80, 1, 2, 25);
      double sign = metric.isHigherBetter() ? 1 : -1;
      double chosen = sign * metric(metric, given, best(metric, given));
      for (double threshold = -0.005; threshold <= 1.01; threshold += 0.01) {
        assertThat(sign * metric(metric, given, threshold)).isLessThanOrEqualTo(chosen + 1e-12);
      }
    }
  }

  private static double metric(MetricName metric, Predictions given, double threshold) {
    return Metrics.compute(metric, Tasks.BINARY, given, OptionalDouble.of(threshold), 0)
        .orElseThrow();
  }

  @Test
  void saturatedOutputsHaveAThresholdToo() {
    Predictions saturated = Tasks.binary(new float[] {1, 1, 1, 0, 0}, 0, 0, 1, 0, 1);
    double threshold = best(MetricName.ACCURACY, saturated);
    // Best is to call none positive, although an output is exactly 1.
    assertThat(threshold).isGreaterThan(1);
    assertThat(metric(MetricName.ACCURACY, saturated, threshold)).isEqualTo(0.6);
  }

  @Test
  void callsAsLargeASharePositiveAsInTraining() {
    Predictions given =
        Tasks.binary(
            new float[] {.1f, .2f, .3f, .4f, .5f, .6f, .7f, .8f, .9f, .95f},
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0);
    assertThat(Thresholds.choose(new ThresholdSpec.Prevalence(), given, 0.31))
        .isCloseTo(0.75, within(1e-7));
    assertThat(Thresholds.choose(new ThresholdSpec.Prevalence(), given, 0.01)).isBetween(0.95, 1.0);
    assertThat(Thresholds.choose(new ThresholdSpec.Prevalence(), given, 1)).isBetween(0.0, 0.1);
  }

  @Test
  void refusesWhatItCannotChooseFrom() {
    Predictions onlyGood = Tasks.binary(new float[] {.1f, .2f}, 0, 0);
    assertThatThrownBy(() -> best(MetricName.F1, onlyGood))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.USER))
        .hasMessage(
            "Cannot choose the threshold by f1: 0 positive and 2 negative validation examples (expected both kinds)");
    assertThatThrownBy(() -> best(MetricName.AUC, onlyGood))
        .hasMessage(
            "Cannot choose the threshold by metric: auc (expected one of accuracy, balancedAccuracy, balancedError, macroF1, f1)");
    assertThatThrownBy(
            () ->
                Thresholds.choose(new ThresholdSpec.Prevalence(), Tasks.binary(new float[0]), 0.1))
        .hasMessage(
            "Cannot choose the threshold by prevalence: 0 validation examples, 0 with outputs that are not finite (expected 1 or more, none such)");
  }
}
