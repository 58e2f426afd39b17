package dev.zone.datasets.transform;

import java.util.Arrays;

/**
 * Count, mean, sum of squared deviations and extremes of several samples. Values come in runs; each
 * run's figures are computed in two passes and merged by the formula of Chan, Golub and LeVeque
 * ("Updating formulae and a pairwise algorithm for computing sample variances", 1979), which for a
 * run of one is Welford's. Both lose no digits where the mean is large against the deviation.
 */
final class Moments {
  private final long[] counts;
  private final double[] means;
  private final double[] squares;
  private final float[] lows;
  private final float[] highs;

  Moments(int samples) {
    counts = new long[samples];
    means = new double[samples];
    squares = new double[samples];
    lows = new float[samples];
    highs = new float[samples];
    Arrays.fill(lows, Float.POSITIVE_INFINITY);
    Arrays.fill(highs, Float.NEGATIVE_INFINITY);
  }

  /** Adds the values at positions from (inclusive) to (exclusive) that are not NaN. */
  void add(int sample, float[] values, int from, int to) {
    long count = 0;
    double sum = 0;
    float low = lows[sample];
    float high = highs[sample];
    for (int i = from; i < to; i++) {
      float value = values[i];
      if (!Float.isNaN(value)) {
        count++;
        sum += value;
        low = value < low ? value : low;
        high = value > high ? value : high;
      }
    }
    if (count == 0) {
      return;
    }
    double mean = sum / count;
    double square = 0;
    if (count > 1) {
      for (int i = from; i < to; i++) {
        float value = values[i];
        if (!Float.isNaN(value)) {
          double deviation = value - mean;
          square += deviation * deviation;
        }
      }
    }
    lows[sample] = low;
    highs[sample] = high;
    merge(sample, count, mean, square);
  }

  private void merge(int sample, long count, double mean, double square) {
    long before = counts[sample];
    long total = before + count;
    double delta = mean - means[sample];
    means[sample] += delta * ((double) count / total);
    squares[sample] += square + delta * delta * ((double) before / total) * count;
    counts[sample] = total;
  }

  long count(int sample) {
    return counts[sample];
  }

  double mean(int sample) {
    return means[sample];
  }

  /** Sum of (x - mean)². */
  double squares(int sample) {
    return squares[sample];
  }

  /** Of the population: the sum of squares is divided by the count. */
  double deviation(int sample) {
    return Math.sqrt(squares[sample] / counts[sample]);
  }

  float low(int sample) {
    return lows[sample];
  }

  float high(int sample) {
    return highs[sample];
  }

  /** Whether there is at most one value, however often. Extremes tell it exactly, sums do not. */
  boolean isConstant(int sample) {
    return lows[sample] >= highs[sample];
  }
}
