package dev.zone.datasets.transform;

/** Examples' values, by row; read several times, always the same. */
public interface RowSource {
  int count();

  /**
   * Copies one example's values, row-major. A missing number is NaN. A category is its code, the
   * index into {@link Field#categories()}, or -1 if it is missing or unknown.
   *
   * @param row from 0 to {@link #count()}, exclusive
   * @param into receives the values from its position 0
   */
  void read(int row, float[] into);
}
