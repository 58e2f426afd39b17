package dev.zone.datasets.profile;

import java.util.function.IntPredicate;

/** Some rows of a table, in order. */
final class Chosen {
  /** Null if they are all. */
  private final int[] rows;

  private final int count;

  /**
   * @param all rows of the table
   * @param count of those that are wanted
   */
  Chosen(int all, int count, IntPredicate wanted) {
    this.count = count;
    rows = count == all ? null : new int[count];
    int at = 0;
    for (int row = 0; rows != null && row < all; row++) {
      if (wanted.test(row)) {
        rows[at++] = row;
      }
    }
  }

  boolean areAll() {
    return rows == null;
  }

  int count() {
    return count;
  }

  int row(int index) {
    return rows == null ? index : rows[index];
  }

  /**
   * Copies the numbers of some of these rows that are there.
   *
   * @param values of all rows of the table
   * @param from index of the first of these rows
   * @return how many are there
   */
  int present(double[] values, int from, int to, double[] into) {
    int present = 0;
    for (int i = from; i < to; i++) {
      double value = values[row(i)];
      into[present] = value;
      present += Double.isNaN(value) ? 0 : 1;
    }
    return present;
  }
}
