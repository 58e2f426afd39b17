package dev.zone.jobs.evaluation;

import dev.zone.conf.MetricName;
import dev.zone.conf.TaskSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Predictions to an {@link Evaluation}. {@link Metrics} defines the metrics. Pure: the same
 * predictions give the same evaluation, and their order only breaks ties among worst examples.
 */
public final class Evaluator {
  /** Points of a curve if there is one; several share {@link #CURVE_BUDGET}. */
  static final int CURVE_POINTS = 200;

  static final int CURVE_BUDGET = 2400;
  static final int FEWEST_CURVE_POINTS = 40;
  static final int SCORE_BINS = 50;
  static final int RESIDUAL_BINS = 41;
  static final int SAMPLE_POINTS = 800;
  static final int WORST_EXAMPLES = 12;

  private Evaluator() {}

  /**
   * @param classes names in index order: of the classes (binary: negative, positive), of the labels
   *     (multilabel), of the target (regression)
   * @param threshold from which output on yes is said (binary, multilabel); 0.5 if empty
   * @param loss mean loss of the examples; NaN if it was not computed
   * @throws IllegalArgumentException if outputs, classes and targets do not fit the task
   */
  public static Evaluation evaluate(
      TaskSpec task,
      List<String> classes,
      Predictions predictions,
      OptionalDouble threshold,
      double loss) {
    int expected = task instanceof TaskSpec.Binary ? 2 : predictions.outputs();
    if (!(task instanceof TaskSpec.Regression) && classes.size() != expected) {
      throw new IllegalArgumentException(
          "Cannot evaluate predictions: %d classes for %d outputs (expected %d)"
              .formatted(classes.size(), predictions.outputs(), expected));
    }
    Measures measures = Measures.of(task, predictions, threshold, loss);
    Details details = new Details();
    if (measures instanceof BinaryMeasures binary && measures.isUsable()) {
      binary(binary, classes, details);
    } else if (measures instanceof MulticlassMeasures multiclass && measures.isUsable()) {
      multiclass(multiclass, classes, details);
    } else if (measures instanceof MultilabelMeasures multilabel && measures.isUsable()) {
      multilabel(multilabel, classes, details);
    } else if (measures instanceof RegressionMeasures regression && measures.isUsable()) {
      regression(regression, details);
    }
    return details.build(predictions.examples(), Metrics.of(task), measures);
  }

  private static final class Details {
    List<ClassResult> classes = List.of();
    List<List<Long>> confusion = List.of();
    final List<Curve> roc = new ArrayList<>();
    final List<Curve> precisionRecall = new ArrayList<>();
    Optional<Histogram> scores = Optional.empty();
    Optional<Histogram> residuals = Optional.empty();
    List<Evaluation.Point> sample = List.of();
    List<WorstExample> worst = List.of();

    void curves(int series, Ranking ranking, int points) {
      if (ranking.allPositives() > 0 && ranking.allNegatives() > 0) {
        roc.add(ranking.roc(series, points));
        precisionRecall.add(ranking.precisionRecall(series, points));
      }
    }

    Evaluation build(int examples, List<MetricName> names, Measures measures) {
      Map<MetricName, Double> metrics = new EnumMap<>(MetricName.class);
      Map<MetricName, String> undefined = new EnumMap<>(MetricName.class);
      for (MetricName name : names) {
        Measured measured = measures.measure(name);
        measured
            .value()
            .ifPresentOrElse(
                value -> metrics.put(name, value), () -> undefined.put(name, measured.reason()));
      }
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
          worst);
    }
  }

  private static void binary(BinaryMeasures measures, List<String> classes, Details details) {
    Confusion confusion = measures.confusion();
    Ranking ranking = measures.ranking();
    Predictions predictions = measures.predictions;
    OptionalDouble ap = ranking.averagePrecision();
    details.confusion = confusion.rows();
    details.classes =
        List.of(
            ClassResult.of(
                0, classes.get(0), confusion, 0, OptionalDouble.empty(), OptionalDouble.empty()),
            ClassResult.of(1, classes.get(1), confusion, 1, ranking.auc(), ap));
    details.curves(1, ranking, CURVE_POINTS);
    // Sigmoid outputs lie in [0, 1]; another activation's are shown where they are.
    double low = Math.min(0, ranking.score(ranking.size() - 1));
    double high = Math.max(1, ranking.score(0));
    Histogram.Builder scores = new Histogram.Builder(low, high, 2, SCORE_BINS);
    for (int example = 0; example < predictions.examples(); example++) {
      scores.add(predictions.targetClass(example, 0, 2), predictions.value(example, 0));
    }
    details.scores = Optional.of(scores.build());
    details.worst =
        worst(
            predictions.examples(),
            example -> {
              double given = predictions.value(example, 0);
              return predictions.targetClass(example, 0, 2) == 1 ? 1 - given : given;
            },
            example -> {
              double given = predictions.value(example, 0);
              int target = predictions.targetClass(example, 0, 2);
              int said = given >= measures.threshold() ? 1 : 0;
              return said == target
                  ? Optional.empty()
                  : Optional.of(wrong(example, target, said, said == 1 ? given : 1 - given));
            });
  }

  private static void multiclass(
      MulticlassMeasures measures, List<String> classes, Details details) {
    Confusion confusion = measures.confusion();
    Predictions predictions = measures.predictions;
    int count = classes.size();
    int points =
        Math.max(FEWEST_CURVE_POINTS, Math.min(CURVE_POINTS, CURVE_BUDGET / Math.max(1, count)));
    List<ClassResult> results = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      Ranking ranking = measures.ranking(index);
      results.add(
          ClassResult.of(
              index,
              classes.get(index),
              confusion,
              index,
              ranking.auc(),
              ranking.averagePrecision()));
      details.curves(index, ranking, points);
    }
    details.classes = results;
    details.confusion = confusion.rows();
    details.worst =
        worst(
            predictions.examples(),
            example -> predictions.value(example, predictions.largest(example)),
            example -> {
              int target = predictions.targetClass(example, 0, count);
              int said = predictions.largest(example);
              return said == target
                  ? Optional.empty()
                  : Optional.of(wrong(example, target, said, predictions.value(example, said)));
            });
  }

  private static void multilabel(
      MultilabelMeasures measures, List<String> classes, Details details) {
    int points =
        Math.max(FEWEST_CURVE_POINTS, Math.min(CURVE_POINTS, CURVE_BUDGET / classes.size()));
    List<ClassResult> results = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      Ranking ranking = measures.ranking(label);
      results.add(
          ClassResult.of(
              label,
              classes.get(label),
              measures.confusion(label),
              1,
              ranking.auc(),
              ranking.averagePrecision()));
      details.curves(label, ranking, points);
    }
    details.classes = results;
  }

  private static void regression(RegressionMeasures measures, Details details) {
    Predictions predictions = measures.predictions;
    int numbers = predictions.values().length;
    double largest = 0;
    for (int i = 0; i < numbers; i++) {
      largest = Math.max(largest, Math.abs(measures.residual(i)));
    }
    double reach = largest == 0 ? 1 : largest;
    Histogram.Builder residuals = new Histogram.Builder(-reach, reach, 1, RESIDUAL_BINS);
    List<Evaluation.Point> points = new ArrayList<>(numbers);
    for (int i = 0; i < numbers; i++) {
      residuals.add(0, measures.residual(i));
      points.add(new Evaluation.Point(predictions.targets()[i], predictions.values()[i]));
    }
    details.residuals = Optional.of(residuals.build());
    points.sort(
        Comparator.comparingDouble(Evaluation.Point::target)
            .thenComparingDouble(Evaluation.Point::predicted));
    int kept = Math.min(SAMPLE_POINTS, numbers);
    details.sample =
        IntStream.range(0, kept)
            .mapToObj(i -> points.get((int) ((long) i * (numbers - 1) / Math.max(1, kept - 1))))
            .toList();
    details.worst =
        worst(
            numbers,
            i -> Math.abs(measures.residual(i)),
            i ->
                Optional.of(
                    new WorstExample(
                        i / predictions.outputs(),
                        Optional.empty(),
                        predictions.targets()[i],
                        predictions.values()[i],
                        OptionalDouble.empty())));
  }

  private interface Badness {
    double of(int index);
  }

  private interface Describe {
    Optional<WorstExample> wrong(int index);
  }

  private record Ranked(double badness, int index, WorstExample example) {}

  /** The worst of what is wrong at all; of equals the earlier. */
  private static List<WorstExample> worst(int count, Badness badness, Describe describe) {
    Comparator<Ranked> worstFirst =
        Comparator.comparingDouble(Ranked::badness).reversed().thenComparingInt(Ranked::index);
    PriorityQueue<Ranked> kept = new PriorityQueue<>(worstFirst.reversed());
    for (int index = 0; index < count; index++) {
      Optional<WorstExample> wrong = describe.wrong(index);
      if (wrong.isPresent()) {
        kept.add(new Ranked(badness.of(index), index, wrong.get()));
        if (kept.size() > WORST_EXAMPLES) {
          kept.poll();
        }
      }
    }
    return kept.stream().sorted(worstFirst).map(Ranked::example).toList();
  }

  private static WorstExample wrong(int example, int target, int said, double probability) {
    return new WorstExample(
        example, Optional.empty(), target, said, OptionalDouble.of(probability));
  }
}
