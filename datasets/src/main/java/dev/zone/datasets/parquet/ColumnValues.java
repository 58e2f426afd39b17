package dev.zone.datasets.parquet;

import java.util.Arrays;
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
   * @param ids which of them each value is
   */
  record Coding(BytesInput distinct, int count, int[] ids) {}

  /** Which of few different 64-bit values each is, by open addressing. */
  final class Ids {
    private static final int MOST = 1 << 16;
    private static final int TRIAL = 1 << 14;

    private final long[] keys = new long[2 * MOST];
    private final int[] places = new int[2 * MOST];
    private long[] distinct = new long[64];
    private int count;

    /** The distinct values' number of each; empty if they are too many, or most differ. */
    Optional<int[]> of(long[] values, int size) {
      int[] ids = new int[size];
      for (int i = 0; i < size; i++) {
        int id = id(values[i]);
        if (id < 0 || (i == TRIAL && count > TRIAL * 3 / 4)) {
          return Optional.empty();
        }
        ids[i] = id;
      }
      // A dictionary that is nearly as long as what it stands for only costs.
      return 2L * count > size && size > TRIAL ? Optional.empty() : Optional.of(ids);
    }

    private int id(long value) {
      int mask = keys.length - 1;
      long mixed = value * 0x9E3779B97F4A7C15L;
      int at = (int) (mixed >>> 40) & mask;
      while (places[at] != 0 && keys[at] != value) {
        at = (at + 1) & mask;
      }
      if (places[at] == 0) {
        if (count == MOST) {
          return -1;
        }
        if (count == distinct.length) {
          distinct = Arrays.copyOf(distinct, 2 * count);
        }
        keys[at] = value;
        distinct[count++] = value;
        places[at] = count;
      }
      return places[at] - 1;
    }

    long[] distinct() {
      return Arrays.copyOf(distinct, count);
    }
  }
}
