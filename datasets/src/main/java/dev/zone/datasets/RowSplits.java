package dev.zone.datasets;

import dev.zone.conf.SplitSpec.Split;

/** Which split each row is in, a byte a row. */
public final class RowSplits {
  /** 0 for none. */
  private final byte[] bits;

  /** At first all rows are in no split. */
  public RowSplits(int rows) {
    bits = new byte[rows];
  }

  /** A bit of its own for each split. */
  public static int bit(Split split) {
    return switch (split) {
      case TRAIN -> 1;
      case VALIDATION -> 2;
      case TEST -> 4;
    };
  }

  public int size() {
    return bits.length;
  }

  public void put(int row, Split split) {
    bits[row] = (byte) bit(split);
  }

  /** The bit of the row's split; 0 if it is in none. */
  public int bit(int row) {
    return bits[row];
  }

  /** The split's rows, ascending. */
  public int[] rows(Split split) {
    int wanted = bit(split);
    int count = 0;
    for (byte each : bits) {
      count += each == wanted ? 1 : 0;
    }
    int[] rows = new int[count];
    int at = 0;
    for (int row = 0; row < bits.length; row++) {
      if (bits[row] == wanted) {
        rows[at++] = row;
      }
    }
    return rows;
  }
}
