package dev.zone.jobs.evaluation;

import dev.zone.conf.MetricName;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntFunction;

/**
 * All that is known of a model's predictions on one split.
 *
 * @param examples number of examples
 * @param metrics the task's metrics that have a value, in the order of {@link MetricName}
 * @param undefined the task's other metrics, each with the reason why it has no value
 * @param classes by class, or by label, in index order; empty for regression
 * @param confusion [true][predicted]; empty for multilabel and regression
 * @param roc one a class against the rest (binary: the positive class alone); classes without
 *     examples, or with all, left out
 * @param precisionRecall as {@code roc}
 * @param scores the positive class's probability, series 0 over the negative and series 1 over the
 *     positive examples; binary only
 * @param residuals predicted - target; regression only
 * @param sample of (target, predicted), evenly over the targets' order; regression only
 * @param worst the examples that are most wrong, worst first
 */
public record Evaluation(
    int examples,
    Map<MetricName, Double> metrics,
    Map<MetricName, String> undefined,
    List<ClassResult> classes,
    List<List<Long>> confusion,
    List<Curve> roc,
    List<Curve> precisionRecall,
    Optional<Histogram> scores,
    Optional<Histogram> residuals,
    List<Point> sample,
    List<WorstExample> worst) {
  public Evaluation {
    metrics = ordered(metrics);
    undefined = ordered(undefined);
    classes = List.copyOf(classes);
    confusion = confusion.stream().map(List::copyOf).toList();
    roc = List.copyOf(roc);
    precisionRecall = List.copyOf(precisionRecall);
    sample = List.copyOf(sample);
    worst = List.copyOf(worst);
  }

  /** A target and what was predicted for it, in the target's unit. */
  public record Point(double target, double predicted) {}

  public OptionalDouble metric(MetricName name) {
    Double value = metrics.get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /**
   * The same, with the origin of each of the worst examples.
   *
   * @param origins by index in the split: {@link dev.zone.datasets.ExampleSet#origin}
   */
  public Evaluation withOrigins(IntFunction<String> origins) {
    return new Evaluation(
        examples,
        metrics,
        undefined,
        classes,
        confusion,
        roc,
        precisionRecall,
        scores,
        residuals,
        sample,
        worst.stream().map(one -> one.withOrigin(origins.apply(one.example()))).toList());
  }

  /** The same without curves, histograms and examples: what a fold keeps. */
  public Evaluation numbersOnly() {
    return new Evaluation(
        examples,
        metrics,
        undefined,
        classes,
        confusion,
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of());
  }

  static <V> Map<MetricName, V> ordered(Map<MetricName, V> map) {
    Map<MetricName, V> copy = new EnumMap<>(MetricName.class);
    copy.putAll(map);
    return Collections.unmodifiableMap(copy);
  }
}
