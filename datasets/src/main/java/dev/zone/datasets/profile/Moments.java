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
  private final double[] block = new double[BLOCK];
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
      present += sum(gather(from));
    }
    double mean = sum / Math.max(1, present);
    int stride = present <= ALL ? 1 : (present + SAMPLE - 1) / SAMPLE;
    double[] chosen = new double[(present + stride - 1) / stride];
    int seen = 0;
    int next = 0;
    for (int from = 0; from < rows.count(); from += BLOCK) {
      int count = gather(from);
      squares(count, mean);
      for (; next * stride < seen + count; next++) {
        chosen[next] = block[next * stride - seen];
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

  private int gather(int from) {
    return rows.present(values, from, Math.min(rows.count(), from + BLOCK), block);
  }

  private int sum(int count) {
    double least = low;
    double most = high;
    double all = sum;
    for (int i = 0; i < count; i++) {
      double value = block[i];
      // Math.min would look at zeros' signs each time.
      least = value < least ? value : least;
      most = value > most ? value : most;
      all += value;
    }
    low = least;
    high = most;
    sum = all;
    return count;
  }

  private void squares(int count, double mean) {
    double all = squares;
    for (int i = 0; i < count; i++) {
      double value = block[i];
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
