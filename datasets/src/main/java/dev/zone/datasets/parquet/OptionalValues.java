package dev.zone.datasets.parquet;

import java.util.BitSet;

/** Values of rows of which some have none. */
abstract class OptionalValues implements ColumnValues {
  private static final int ROWS_OF_A_PAGE = 1 << 17;

  private final int rows;
  private final BitSet missing = new BitSet();
  private int size;

  OptionalValues(int rows) {
    this.rows = rows;
    size = rows;
  }

  /** The row, from 0, has no value. */
  final void miss(int row) {
    missing.set(row);
    size--;
  }

  @Override
  public final int rows() {
    return rows;
  }

  @Override
  public final int size() {
    return size;
  }

  @Override
  public final boolean isPresent(int row) {
    return !missing.get(row);
  }

  @Override
  public int rowsOfAPage() {
    return ROWS_OF_A_PAGE;
  }
}
