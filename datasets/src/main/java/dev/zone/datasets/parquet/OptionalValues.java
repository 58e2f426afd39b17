package dev.zone.datasets.parquet;

/** Values of rows of which some have none. */
abstract class OptionalValues implements ColumnValues {
  private static final int ROWS_OF_A_PAGE = 1 << 17;

  private final boolean[] present;
  private int size;

  OptionalValues(int rows) {
    present = new boolean[rows];
  }

  /**
   * The row, from 0, has a value.
   *
   * @return its place among those that are there
   */
  final int add(int row) {
    present[row] = true;
    return size++;
  }

  @Override
  public final int rows() {
    return present.length;
  }

  @Override
  public final int size() {
    return size;
  }

  @Override
  public final boolean isPresent(int row) {
    return present[row];
  }

  @Override
  public int rowsOfAPage() {
    return ROWS_OF_A_PAGE;
  }
}
