package dev.zone.datasets.transform;

/**
 * Exact medians of many samples in little memory: a radix selection that reads the values three
 * times and counts, each time, the next bits of those that still can be the median.
 */
final class Medians {
  static final int PASSES = 3;
  private static final int[] SHIFTS = {21, 10, 0};
  private static final int[] BITS = {11, 11, 10};

  private final int samples;
  private final long[] counts;

  /** For each sample the lower and the upper middle: leading bits found so far. */
  private final int[] prefixes;

  /** For each of them, its place among the values with these leading bits. */
  private final long[] ranks;

  private long[][] histograms = new long[0][];
  private int pass = -1;

  Medians(int samples) {
    this.samples = samples;
    counts = new long[samples];
    prefixes = new int[2 * samples];
    ranks = new long[2 * samples];
  }

  /** Call before each of the {@link #PASSES} passes over all the values. */
  void begin() {
    pass++;
    histograms = new long[2 * samples][];
    for (int i = 0; i < histograms.length; i++) {
      // Mostly both middles have the same leading bits, and need one count only.
      boolean shared = i % 2 == 1 && (pass == 0 || prefixes[i] == prefixes[i - 1]);
      histograms[i] = shared ? histograms[i - 1] : new long[1 << BITS[pass]];
    }
  }

  void add(int sample, float value) {
    int key = key(value);
    if (pass == 0) {
      counts[sample]++;
    }
    count(2 * sample, key);
    if (histograms[2 * sample + 1] != histograms[2 * sample]) {
      count(2 * sample + 1, key);
    }
  }

  private void count(int middle, int key) {
    int known = SHIFTS[pass] + BITS[pass];
    if (pass == 0 || key >>> known == prefixes[middle] >>> known) {
      histograms[middle][(key >>> SHIFTS[pass]) & ((1 << BITS[pass]) - 1)]++;
    }
  }

  /** Call after each pass. */
  void end() {
    for (int middle = 0; middle < prefixes.length; middle++) {
      long count = counts[middle / 2];
      if (count == 0) {
        continue;
      }
      if (pass == 0) {
        ranks[middle] = middle % 2 == 0 ? (count - 1) / 2 : count / 2;
      }
      int bucket = 0;
      while (ranks[middle] >= histograms[middle][bucket]) {
        ranks[middle] -= histograms[middle][bucket];
        bucket++;
      }
      prefixes[middle] |= bucket << SHIFTS[pass];
    }
  }

  /** After all passes; the mean of the two middle values if their number is even. */
  double median(int sample) {
    return ((double) value(prefixes[2 * sample]) + value(prefixes[2 * sample + 1])) / 2;
  }

  /** The value's bits so that, as unsigned numbers, they are in the values' order. */
  private static int key(float value) {
    int bits = Float.floatToIntBits(value);
    return bits ^ ((bits >> 31) | Integer.MIN_VALUE);
  }

  private static float value(int key) {
    return Float.intBitsToFloat(key < 0 ? key ^ Integer.MIN_VALUE : ~key);
  }
}
