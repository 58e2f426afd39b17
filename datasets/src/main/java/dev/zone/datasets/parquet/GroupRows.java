package dev.zone.datasets.parquet;

/**
 * The rows of a table that are a group.
 *
 * @param chosen rows of the table, in order; null if they are all of it
 * @param first index of the group's first among them
 * @param count of the group
 */
record GroupRows(int[] chosen, int first, int count) {
  /** The row of the table. */
  int row(int index) {
    return chosen == null ? first + index : chosen[first + index];
  }
}
