package dev.zone.jobs.evaluation;

import dev.zone.conf.MetricName;
import dev.zone.conf.TaskSpec;
import dev.zone.conf.yaml.YamlNames;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The metrics that a task has, and one metric at a time.
 *
 * <p>Exactly, with c a class, TP, FP, FN, TN its counts against the rest:
 *
 * <ul>
 *   <li>{@code accuracy}: right decisions / decisions. Multiclass decides for the largest output
 *       (the first of equals); binary and each label of multilabel for yes where the output is at
 *       or above the threshold; multilabel counts each label of each example as one decision.
 *   <li>{@code balancedAccuracy}: mean of TP / (TP + FN) over the classes that have examples
 *       (multilabel: mean over the labels of that of the two classes with and without the label);
 *       {@code balancedError}: 1 - balancedAccuracy.
 *   <li>{@code macroF1}: mean of 2 TP / (2 TP + FP + FN) over the classes (multilabel: labels) that
 *       have examples or were predicted; of both classes in a binary task.
 *   <li>{@code f1}, {@code precision}, {@code recall}: of the positive class; multilabel: mean over
 *       the labels where it is defined.
 *   <li>{@code auc}: share of pairs of a positive and a negative example in which the positive has
 *       the larger output, ties counting half; multiclass: mean over the classes, multilabel: over
 *       the labels, that have both kinds of examples.
 *   <li>{@code averagePrecision}: sum over the distinct outputs, falling, of (gain in recall) times
 *       precision; no interpolation.
 *   <li>{@code rmse}, {@code mae}: root of the mean square, mean absolute, of d = predicted -
 *       target over all numbers; {@code r2}: 1 - (sum of squares of d) / (sum of squares of the
 *       targets around their output's mean).
 *   <li>{@code phm08}: sum of exp(-d/13) - 1 where d &lt; 0, exp(d/10) - 1 elsewhere (Saxena et
 *       al., "Damage Propagation Modeling for Aircraft Engine Run-to-Failure Simulation", PHM
 *       2008).
 * </ul>
 *
 * <p>All in double precision; sums do not depend on the order of the examples.
 */
public final class Metrics {
  private Metrics() {}

  /** All metrics that a task has, in the order of {@link MetricName}. */
  public static List<MetricName> of(TaskSpec task) {
    return List.copyOf(task.metrics());
  }

  /**
   * One metric, without the details of {@link Evaluator#evaluate}: for early stopping.
   *
   * @param threshold for binary and multilabel; 0.5 if empty
   * @param loss what {@link MetricName#LOSS} gives back
   * @return empty if the metric is undefined for these predictions, such as the AUC of examples
   *     that are all of one class, or if an output is not finite
   * @throws IllegalArgumentException if the task does not have the metric
   */
  public static OptionalDouble compute(
      MetricName metric,
      TaskSpec task,
      Predictions predictions,
      OptionalDouble threshold,
      double loss) {
    if (!of(task).contains(metric)) {
      throw Measures.unknown(metric);
    }
    return Measures.of(task, predictions, threshold, loss).measure(metric).value();
  }

  /**
   * All metrics of a task that have a value, without the details of {@link Evaluator#evaluate};
   * what they share is computed once.
   *
   * @param threshold as in {@link #compute}
   * @param loss as in {@link #compute}
   * @return in the order of {@link MetricName}
   */
  public static Map<MetricName, Double> computeAll(
      TaskSpec task, Predictions predictions, OptionalDouble threshold, double loss) {
    Measures measures = Measures.of(task, predictions, threshold, loss);
    Map<MetricName, Double> values = new EnumMap<>(MetricName.class);
    for (MetricName metric : of(task)) {
      measures.measure(metric).value().ifPresent(value -> values.put(metric, value));
    }
    return values;
  }

  /** The name that files and records use: {@code macroF1}. */
  public static String fileName(MetricName metric) {
    return YamlNames.of(metric);
  }

  /** The metric that files and records call so. */
  public static Optional<MetricName> byFileName(String name) {
    return Arrays.stream(MetricName.values())
        .filter(metric -> fileName(metric).equals(name))
        .findFirst();
  }
}
