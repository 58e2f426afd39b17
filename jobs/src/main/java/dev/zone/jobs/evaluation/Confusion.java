package dev.zone.jobs.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** How often a true class was said to be which: [true, predicted]. */
final class Confusion {
  private final long[][] counts;

  private Confusion(long[][] counts) {
    this.counts = counts;
  }

  /** Each example's class is its largest output, the first of equals. */
  static Confusion multiclass(Predictions predictions) {
    int classes = predictions.outputs();
    long[][] counts = new long[classes][classes];
    for (int example = 0; example < predictions.examples(); example++) {
      counts[predictions.targetClass(example, 0, classes)][predictions.largest(example)]++;
    }
    return new Confusion(counts);
  }

  /** Positive (index 1) is said of an example whose output is at or above the threshold. */
  static Confusion binary(Predictions predictions, int output, double threshold) {
    long[][] counts = new long[2][2];
    for (int example = 0; example < predictions.examples(); example++) {
      int said = predictions.value(example, output) >= threshold ? 1 : 0;
      counts[predictions.targetClass(example, output, 2)][said]++;
    }
    return new Confusion(counts);
  }

  static Confusion of(
      long trueNegatives, long falsePositives, long falseNegatives, long truePositives) {
    return new Confusion(
        new long[][] {{trueNegatives, falsePositives}, {falseNegatives, truePositives}});
  }

  /** The sum of square matrices of the same size. */
  static Confusion sum(List<List<List<Long>>> matrices) {
    int classes = matrices.get(0).size();
    long[][] counts = new long[classes][classes];
    for (List<List<Long>> matrix : matrices) {
      for (int i = 0; i < classes; i++) {
        for (int j = 0; j < classes; j++) {
          counts[i][j] += matrix.get(i).get(j);
        }
      }
    }
    return new Confusion(counts);
  }

  int classes() {
    return counts.length;
  }

  long count(int truth, int said) {
    return counts[truth][said];
  }

  /** Examples of the class. */
  long support(int index) {
    long sum = 0;
    for (long count : counts[index]) {
      sum += count;
    }
    return sum;
  }

  /** Examples said to be of the class. */
  long predicted(int index) {
    long sum = 0;
    for (long[] row : counts) {
      sum += row[index];
    }
    return sum;
  }

  /** Undefined if the class was never predicted. */
  OptionalDouble precision(int index) {
    return ratio(counts[index][index], predicted(index));
  }

  /** Undefined if the class has no examples. */
  OptionalDouble recall(int index) {
    return ratio(counts[index][index], support(index));
  }

  /** 2 TP / (2 TP + FP + FN); undefined if the class has no examples and was never predicted. */
  OptionalDouble f1(int index) {
    return ratio(2 * counts[index][index], support(index) + predicted(index));
  }

  OptionalDouble accuracy() {
    long right = 0;
    long all = 0;
    for (int index = 0; index < counts.length; index++) {
      right += counts[index][index];
      all += support(index);
    }
    return ratio(right, all);
  }

  /** The mean recall of the classes that have examples. */
  Measured balancedAccuracy() {
    return Measured.meanOf(each(this::recall), "there are no examples");
  }

  /** The mean F1 of the classes that have examples or were predicted. */
  Measured macroF1() {
    return Measured.meanOf(each(this::f1), "there are no examples");
  }

  List<List<Long>> rows() {
    List<List<Long>> rows = new ArrayList<>();
    for (long[] row : counts) {
      rows.add(Arrays.stream(row).boxed().toList());
    }
    return List.copyOf(rows);
  }

  private List<OptionalDouble> each(IntFunction<OptionalDouble> value) {
    return IntStream.range(0, counts.length).mapToObj(value).toList();
  }

  private static OptionalDouble ratio(long part, long whole) {
    return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / whole);
  }
}
