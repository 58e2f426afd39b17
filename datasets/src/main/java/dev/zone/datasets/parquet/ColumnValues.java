package dev.zone.datasets.parquet;

import java.util.Optional;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.statistics.Statistics;

/** A column's values of a group of rows, as pages have them: those that are there, in order. */
interface ColumnValues {
  /** Rows, those without a value too. */
  int rows();

  /** Rows that have a value. */
  int size();

  /** Whether the row, from 0, has a value. */
  boolean isPresent(int row);

  /** Rows whose values are a page of a usual size. */
  int rowsOfAPage();

  /** Each different value once, and which of them each is; empty where that does not pay. */
  Optional<Coding> coding();

  /**
   * Values one after another, as Parquet's plain encoding has them.
   *
   * @param from of the values that are there, from 0
   */
  BytesInput plain(int from, int to);

  /** The smallest and the largest of some values; nothing where no reader asks for it. */
  void include(int from, int to, Statistics<?> statistics);

  /**
   * @param distinct values in plain encoding
   * @param count of them
   * @param ids which of them each value is; what is behind the values says nothing
   */
  record Coding(BytesInput distinct, int count, int[] ids) {}
}
