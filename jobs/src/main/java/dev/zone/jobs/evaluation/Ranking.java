package dev.zone.jobs.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Examples in descending order of one output, equal outputs together: for each distinct output, how
 * many positive and negative examples are at or above it. All areas come from these counts, so that
 * ties are exact and the order of the examples means nothing.
 */
final class Ranking {
  private final float[] scores;
  private final long[] positives;
  private final long[] negatives;

  private Ranking(float[] scores, long[] positives, long[] negatives) {
    this.scores = scores;
    this.positives = positives;
    this.negatives = negatives;
  }

  /** Says whether an example is positive. */
  interface Positive {
    boolean test(int example);
  }

  /** Outputs must be finite. */
  static Ranking of(Predictions predictions, int output, Positive positive) {
    int examples = predictions.examples();
    long[] keys = new long[examples];
    for (int example = 0; example < examples; example++) {
      // Adding 0 makes -0 and 0 equal; the bits, with negatives turned over, sort as the floats do.
      int bits = Float.floatToIntBits(predictions.value(example, output) + 0f);
      long ordered = bits ^ ((bits >> 31) & 0x7fffffff);
      keys[example] = ordered << 1 | (positive.test(example) ? 1 : 0);
    }
    Arrays.sort(keys);
    float[] scores = new float[examples];
    long[] positives = new long[examples];
    long[] negatives = new long[examples];
    int distinct = 0;
    long above = 0;
    for (int i = examples - 1; i >= 0; i--) {
      above += keys[i] & 1;
      boolean last = i == 0 || keys[i - 1] >> 1 != keys[i] >> 1;
      if (last) {
        int bits = (int) (keys[i] >> 1);
        scores[distinct] = Float.intBitsToFloat(bits ^ ((bits >> 31) & 0x7fffffff));
        positives[distinct] = above;
        negatives[distinct] = examples - i - above;
        distinct++;
      }
    }
    return new Ranking(
        Arrays.copyOf(scores, distinct),
        Arrays.copyOf(positives, distinct),
        Arrays.copyOf(negatives, distinct));
  }

  /** Distinct outputs. */
  int size() {
    return scores.length;
  }

  /** The i-th largest distinct output. */
  float score(int index) {
    return scores[index];
  }

  /** Positive examples whose output is at least the i-th largest. */
  long positives(int index) {
    return positives[index];
  }

  long negatives(int index) {
    return negatives[index];
  }

  long allPositives() {
    return positives.length == 0 ? 0 : positives[positives.length - 1];
  }

  long allNegatives() {
    return negatives.length == 0 ? 0 : negatives[negatives.length - 1];
  }

  /**
   * The share of pairs of a positive and a negative example whose positive has the larger output,
   * ties counting half (Mann-Whitney; Hanley and McNeil, Radiology 143, 1982).
   */
  OptionalDouble auc() {
    if (allPositives() == 0 || allNegatives() == 0) {
      return OptionalDouble.empty();
    }
    long twice = 0;
    for (int i = 0; i < scores.length; i++) {
      long positivesBefore = i == 0 ? 0 : positives[i - 1];
      long negativesBefore = i == 0 ? 0 : negatives[i - 1];
      twice += (negatives[i] - negativesBefore) * (positivesBefore + positives[i]);
    }
    return OptionalDouble.of(twice / (2.0 * allPositives() * allNegatives()));
  }

  /** Sum over the distinct outputs of (gain in recall) times precision, without interpolation. */
  OptionalDouble averagePrecision() {
    if (allPositives() == 0) {
      return OptionalDouble.empty();
    }
    double[] parts = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      long gain = positives[i] - (i == 0 ? 0 : positives[i - 1]);
      parts[i] = gain * ((double) positives[i] / (positives[i] + negatives[i]));
    }
    return OptionalDouble.of(Sums.of(parts) / allPositives());
  }

  /** False positive rate and true positive rate from (0, 0) to (1, 1), at most {@code limit}. */
  Curve roc(int series, int limit) {
    List<Double> x = new ArrayList<>(List.of(0.0));
    List<Double> y = new ArrayList<>(List.of(0.0));
    // Both rates only grow, so the whole way is 2 long: steps of this length keep the limit.
    double step = 2.0 / (limit - 2);
    double lastX = 0;
    double lastY = 0;
    for (int i = 0; i < scores.length; i++) {
      double nextX = (double) negatives[i] / allNegatives();
      double nextY = (double) positives[i] / allPositives();
      if (i == scores.length - 1 || nextX - lastX + nextY - lastY >= step) {
        x.add(Curve.rounded(nextX));
        y.add(Curve.rounded(nextY));
        lastX = nextX;
        lastY = nextY;
      }
    }
    return new Curve(series, x, y);
  }

  /**
   * Recall and precision by falling threshold, at most {@code limit} points: of the points of a
   * stretch of recall the last, and always the first and the last of all.
   */
  Curve precisionRecall(int series, int limit) {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    double step = 1.0 / (limit - 2);
    double last = 0;
    for (int i = 0; i < scores.length; i++) {
      boolean gains = positives[i] > (i == 0 ? 0 : positives[i - 1]);
      double recall = (double) positives[i] / allPositives();
      boolean complete = gains && positives[i] == allPositives();
      if (gains && (x.isEmpty() || recall - last >= step || complete)) {
        x.add(Curve.rounded(recall));
        y.add(Curve.rounded((double) positives[i] / (positives[i] + negatives[i])));
        last = recall;
      }
    }
    return new Curve(series, x, y);
  }
}
