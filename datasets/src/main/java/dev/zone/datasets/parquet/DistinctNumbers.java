package dev.zone.datasets.parquet;

import java.util.Arrays;

/** Which of few different 64-bit values each is, by open addressing. */
final class DistinctNumbers {
  private static final int MOST = 1 << 16;
  private static final int TRIAL = 1 << 14;
  private static final int FEWEST_BITS = 9;

  /** At most half of the places are taken, and few where few values are different. */
  private int bits;

  private long[] keys = new long[1 << FEWEST_BITS];

  /** The key's number, from 1; 0 where there is none. */
  private int[] numbers = new int[1 << FEWEST_BITS];

  private long[] distinct = new long[1 << (FEWEST_BITS - 1)];
  private int count;

  void clear() {
    count = 0;
    bits = FEWEST_BITS;
    Arrays.fill(numbers, 0, 1 << bits, 0);
  }

  /**
   * Finds the distinct values' number of each.
   *
   * @param ids receives them, from 0
   * @return false if the values are too many, or most differ
   */
  boolean find(long[] values, int size, int[] ids) {
    for (int i = 0; i < size; i++) {
      int id = id(values[i]);
      if (id < 0 || (i == TRIAL && count > TRIAL * 3 / 4)) {
        return false;
      }
      ids[i] = id;
    }
    // A dictionary that is nearly as long as what it stands for only costs.
    return 2L * count <= size || size <= TRIAL;
  }

  private int id(long value) {
    int at = place(value);
    return numbers[at] > 0 ? numbers[at] - 1 : add(at, value);
  }

  private int place(long value) {
    int mask = (1 << bits) - 1;
    int at = (int) ((value * 0x9E3779B97F4A7C15L) >>> (Long.SIZE - bits));
    while (numbers[at] != 0 && keys[at] != value) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private int add(int at, long value) {
    if (count == MOST) {
      return -1;
    }
    keys[at] = value;
    distinct[count++] = value;
    numbers[at] = count;
    if (count == 1 << (bits - 1)) {
      grow();
    }
    return count - 1;
  }

  private void grow() {
    bits++;
    int places = 1 << bits;
    if (keys.length < places) {
      keys = new long[places];
      numbers = new int[places];
      distinct = Arrays.copyOf(distinct, places / 2);
    } else {
      Arrays.fill(numbers, 0, places, 0);
    }
    for (int i = 0; i < count; i++) {
      int at = place(distinct[i]);
      keys[at] = distinct[i];
      numbers[at] = i + 1;
    }
  }

  int count() {
    return count;
  }

  /** Those up to the count; what is behind them says nothing. */
  long[] values() {
    return distinct;
  }
}
