package dev.zone.datasets.profile;

import java.util.Arrays;

/** What some numbers are like, by going through them twice: mean first, then deviations from it. */
final class Moments {
  /** So many numbers at a time are gathered and stay in a processor's cache. */
  private static final int BLOCK = 1 << 11;

  /** Of a piece with more rows some evenly chosen ones stand for all in the bins. */
  private static final int ALL = 1 << 14;

  private static final int SAMPLE = 1 << 12;

  private final double[] values;
  private final Chosen rows;

  /** Numbers that are there, where some are not. */
  private double[] block = new double[0];

  private double low = Double.POSITIVE_INFINITY;
  private double high = Double.NEGATIVE_INFINITY;
  private double sum;
  private double squares;
  private boolean anyNegativeZero;
  private boolean anyZero;

  /**
   * @param values of all rows, NaN where one is missing
   */
  Moments(double[] values, Chosen rows) {
    this.values = values;
    this.rows = rows;
  }

  void addTo(ColumnProfile profile) {
    int present = 0;
    for (int from = 0; from < rows.count(); from += BLOCK) {
      present += sum(from);
    }
    double mean = sum / Math.max(1, present);
    int stride = present <= ALL ? 1 : (present + SAMPLE - 1) / SAMPLE;
    double[] chosen = new double[(present + stride - 1) / stride];
    int seen = 0;
    int next = 0;
    for (int from = 0; from < rows.count(); from += BLOCK) {
      boolean asTheyAre = rows.areAll() && present == rows.count();
      int count = asTheyAre ? end(from) - from : gather(from);
      double[] numbers = asTheyAre ? values : block;
      int first = asTheyAre ? from : 0;
      addSquares(numbers, first, first + count, mean);
      for (; next * stride < seen + count; next++) {
        chosen[next] = numbers[first + next * stride - seen];
      }
      seen += count;
    }
    profile.addMissing(rows.count() - present);
    if (profile.kind() == ColumnProfile.Kind.NUMBER) {
      // The zeros are not the same in what is written: the negative one is the smaller.
      profile.addRange(
          low == 0 ? anyNegativeZero ? -0.0 : 0.0 : low, high == 0 ? anyZero ? 0.0 : -0.0 : high);
    }
    profile.addMoments(present, mean, squares);
    Arrays.sort(chosen);
    profile.bins().addSorted(chosen, chosen.length, stride);
  }

  private int end(int from) {
    return Math.min(rows.count(), from + BLOCK);
  }

  private int gather(int from) {
    if (block.length == 0) {
      block = new double[Math.min(BLOCK, rows.count())];
    }
    return rows.present(values, from, end(from), block);
  }

  /** Adds a block to sum and range; says how many numbers are there. */
  private int sum(int from) {
    if (rows.areAll()) {
      double before = sum;
      addSum(values, from, end(from));
      if (!Double.isNaN(sum)) {
        return end(from) - from;
      }
      // One is missing, which is neither small nor large.
      sum = before;
    }
    int count = gather(from);
    addSum(block, 0, count);
    return count;
  }

  private void addSum(double[] numbers, int from, int to) {
    double least = low;
    double most = high;
    double all = sum;
    for (int i = from; i < to; i++) {
      double value = numbers[i];
      // Math.min would look at zeros' signs each time.
      least = value < least ? value : least;
      most = value > most ? value : most;
      all += value;
    }
    low = least;
    high = most;
    sum = all;
  }

  private void addSquares(double[] numbers, int from, int to, double mean) {
    double all = squares;
    for (int i = from; i < to; i++) {
      double value = numbers[i];
      all += (value - mean) * (value - mean);
      if (value == 0) {
        boolean negative = Double.doubleToRawLongBits(value) < 0;
        anyNegativeZero |= negative;
        anyZero |= !negative;
      }
    }
    squares = all;
  }
}
