package dev.zone.jobs.evaluation;

import dev.zone.conf.MetricName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What the test parts of all folds say together.
 *
 * @param metrics mean and spread over the folds of each metric that has a value in some fold
 * @param confusion the sum of the folds' matrices: each example once, judged by the model and the
 *     threshold of its fold; empty if the folds have none
 * @param classes by class, from the summed matrix; without areas, since outputs of different models
 *     are not one ranking
 */
public record CrossValidation(
    Map<MetricName, Spread> metrics, List<List<Long>> confusion, List<ClassResult> classes) {
  public CrossValidation {
    metrics = Evaluation.ordered(metrics);
    confusion = confusion.stream().map(List::copyOf).toList();
    classes = List.copyOf(classes);
  }

  /**
   * A metric over the folds.
   *
   * @param mean over the folds that have a value
   * @param standardDeviation of a sample (n - 1); empty for a single value
   * @param folds that have a value, counted from 1
   * @param values of those folds
   */
  public record Spread(
      double mean, OptionalDouble standardDeviation, List<Integer> folds, List<Double> values) {
    public Spread {
      folds = List.copyOf(folds);
      values = List.copyOf(values);
    }

    static Spread of(List<Integer> folds, List<Double> values) {
      double[] all = values.stream().mapToDouble(Double::doubleValue).toArray();
      double mean = Sums.mean(all);
      double[] squares = new double[all.length];
      for (int i = 0; i < all.length; i++) {
        squares[i] = (all[i] - mean) * (all[i] - mean);
      }
      OptionalDouble deviation =
          all.length < 2
              ? OptionalDouble.empty()
              : OptionalDouble.of(Math.sqrt(Sums.of(squares) / (all.length - 1)));
      return new Spread(mean, deviation, folds, values);
    }
  }

  /**
   * @param classes names in index order
   * @param tests the test evaluation of each fold, fold 1 first
   */
  public static CrossValidation of(List<String> classes, List<Evaluation> tests) {
    Map<MetricName, Spread> metrics = new EnumMap<>(MetricName.class);
    for (MetricName name : MetricName.values()) {
      List<Integer> folds = new ArrayList<>();
      List<Double> values = new ArrayList<>();
      for (int i = 0; i < tests.size(); i++) {
        OptionalDouble value = tests.get(i).metric(name);
        if (value.isPresent()) {
          folds.add(i + 1);
          values.add(value.getAsDouble());
        }
      }
      if (!values.isEmpty()) {
        metrics.put(name, Spread.of(folds, values));
      }
    }
    List<List<List<Long>>> matrices =
        tests.stream().map(Evaluation::confusion).filter(matrix -> !matrix.isEmpty()).toList();
    if (matrices.isEmpty()) {
      return new CrossValidation(metrics, List.of(), List.of());
    }
    Confusion pooled = Confusion.sum(matrices);
    List<ClassResult> results =
        IntStream.range(0, pooled.classes())
            .mapToObj(
                index ->
                    ClassResult.of(
                        index,
                        classes.get(index),
                        pooled,
                        index,
                        OptionalDouble.empty(),
                        OptionalDouble.empty()))
            .toList();
    return new CrossValidation(metrics, pooled.rows(), results);
  }
}
