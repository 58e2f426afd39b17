package dev.zone.datasets.format;

import java.util.Arrays;
import java.util.BitSet;

/** Delimited text in memory, for files whose rows are not read in the order they are written. */
final class HeldText implements FieldSink {
  /** Characters and fields together: about half a GiB of memory, or one and a half. */
  private static final int MOST = 1 << 28;

  private char[] chars = new char[1 << 12];
  private int length;

  /** By field: where its characters end. */
  private int[] ends = new int[1 << 10];

  private int fields;
  private final BitSet quoted = new BitSet();

  /** By row: the first field behind it. */
  private int[] rowEnds = new int[1 << 8];

  private int rows;

  @Override
  public void begin(int line) {}

  @Override
  public void field(int index, char[] text, int from, int count, boolean inQuotes) {
    if ((long) length + count + fields >= MOST) {
      throw new FormatException(
          "Cannot hold file in memory: more than %,d characters (expected fewer where it is transposed or stands beside another)"
              .formatted(MOST));
    }
    chars = room(chars, length + count);
    System.arraycopy(text, from, chars, length, count);
    length += count;
    ends = room(ends, fields + 1);
    quoted.set(fields, inQuotes);
    ends[fields++] = length;
  }

  @Override
  public void end(int count) {
    rowEnds = room(rowEnds, rows + 1);
    rowEnds[rows++] = fields;
  }

  private static char[] room(char[] array, int size) {
    return size <= array.length ? array : Arrays.copyOf(array, Math.max(size, 2 * array.length));
  }

  private static int[] room(int[] array, int size) {
    return size <= array.length ? array : Arrays.copyOf(array, 2 * array.length);
  }

  int rows() {
    return rows;
  }

  /** Fields of a row. */
  int fields(int row) {
    return rowEnds[row] - first(row);
  }

  private int first(int row) {
    return row == 0 ? 0 : rowEnds[row - 1];
  }

  /** Gives a field away as one of another index. */
  void give(int row, int field, int index, FieldSink sink) {
    int at = first(row) + field;
    int from = at == 0 ? 0 : ends[at - 1];
    sink.field(index, chars, from, ends[at] - from, quoted.get(at));
  }

  /**
   * Gives each column away as a record; their lines are the columns' numbers, from 1.
   *
   * @throws FormatException if the rows are not of one length
   */
  void transpose(FieldSink sink) {
    int columns = rows == 0 ? 0 : fields(0);
    for (int row = 1; row < rows; row++) {
      if (fields(row) != columns) {
        throw new FormatException(
            "Cannot transpose file: %d fields in record %d (expected %d as in the first)"
                .formatted(fields(row), row + 1, columns));
      }
    }
    for (int column = 0; column < columns; column++) {
      sink.begin(column + 1);
      for (int row = 0; row < rows; row++) {
        give(row, column, row, sink);
      }
      sink.end(rows);
    }
  }
}
