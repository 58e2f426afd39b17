package dev.zone.jobs.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts in bins of equal width.
 *
 * @param low lower edge of the first bin
 * @param high upper edge of the last bin, which it belongs to
 * @param counts [series][bin]; all series have as many bins
 */
public record Histogram(double low, double high, List<List<Long>> counts) {
  public Histogram {
    counts = counts.stream().map(List::copyOf).toList();
  }

  public int bins() {
    return counts.isEmpty() ? 0 : counts.get(0).size();
  }

  static final class Builder {
    private final double low;
    private final double high;
    private final long[][] counts;

    Builder(double low, double high, int series, int bins) {
      this.low = low;
      this.high = high;
      this.counts = new long[series][bins];
    }

    void add(int series, double value) {
      int bins = counts[series].length;
      int bin = (int) Math.floor((value - low) / (high - low) * bins);
      counts[series][Math.max(0, Math.min(bins - 1, bin))]++;
    }

    Histogram build() {
      List<List<Long>> all = new ArrayList<>();
      for (long[] series : counts) {
        all.add(Arrays.stream(series).boxed().toList());
      }
      return new Histogram(low, high, all);
    }
  }
}
