package dev.zone.datasets.format;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A NumPy array that is read some rows at a time, beside others. */
final class NpyRows implements Closeable {
  private final InputStream in;
  private final String name;
  private final List<String> columns;
  private final Npy npy;

  /** Where the values go; null for columns that nobody wants. */
  private List<ColumnBuilder> builders;

  private int rowBytes;
  private byte[] bytes = new byte[0];
  private ByteBuffer buffer = ByteBuffer.wrap(bytes);
  private float[] floats = new float[0];

  /**
   * @param in is closed with it
   * @param name of the array, for people
   * @param columns that it holds
   */
  NpyRows(InputStream in, String name, List<String> columns) throws IOException {
    this.in = in;
    this.name = name;
    this.columns = List.copyOf(columns);
    this.npy = Npy.read(in);
  }

  int rows() {
    return npy.shape().isEmpty() ? 0 : npy.shape().get(0);
  }

  int rowBytes() {
    return rowBytes;
  }

  /** Whether anybody wants one of some columns. */
  static boolean isWanted(TableBuilder table, List<String> columns) {
    return columns.stream().anyMatch(column -> table.builder(column).isPresent());
  }

  /** The values go to these columns of the table from now on. */
  void into(TableBuilder table) {
    builders = columns.stream().map(column -> table.builder(column).orElse(null)).toList();
  }

  /**
   * Checks the header against the columns.
   *
   * @param size bytes that there are
   */
  void check(long size) throws IOException {
    List<Integer> row =
        npy.shape().isEmpty() ? List.of() : npy.shape().subList(1, npy.shape().size());
    List<Integer> expected =
        builders.size() > 1
            ? List.of(builders.size())
            : builders.get(0) instanceof TensorBuilder tensor
                ? tensor.spec().shape().orElseThrow()
                : List.of();
    if (npy.shape().isEmpty() || !row.equals(expected)) {
      throw new FormatException(
          "Cannot use column '%s': rows of shape %s (expected %s)".formatted(name, row, expected));
    }
    // What the header promises must be there before memory is given for it.
    if (npy.dataBytes() > size) {
      throw new EOFException(
          "array of shape %s needs %d bytes, there are %d"
              .formatted(npy.shape(), npy.dataBytes(), size));
    }
    rowBytes = Math.toIntExact(npy.rowElements() * npy.type().bytes());
  }

  /**
   * Reads the next rows.
   *
   * @param first number of the first of them
   */
  void load(int first, int count) throws IOException {
    int length = Math.multiplyExact(count, rowBytes);
    if (bytes.length < length) {
      bytes = new byte[length];
      buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
    int there = in.readNBytes(bytes, 0, length);
    if (there < length) {
      throw new EOFException(
          "the array ends at row %d".formatted(first + there / Math.max(1, rowBytes)));
    }
  }

  /** Gives one of the rows away that were read last, the first of them being 0. */
  void give(int row) {
    int at = row * rowBytes;
    int width = npy.type().bytes();
    if (!(builders.get(0) instanceof TensorBuilder tensor)) {
      for (int i = 0; i < builders.size(); i++) {
        if (builders.get(i) != null) {
          builders.get(i).number(npy.type().read(buffer, at + i * width));
        }
      }
    } else if (npy.type() == Npy.Type.U1 || npy.type() == Npy.Type.B1) {
      tensor.row(bytes, at);
    } else {
      if (floats.length == 0) {
        floats = new float[tensor.elements()];
      }
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) npy.type().read(buffer, at + i * width);
      }
      tensor.row(floats, 0);
    }
  }

  /** After the last row. */
  void end() throws IOException {
    if (in.read() >= 0) {
      throw new FormatException(
          "Cannot read NumPy array: bytes after the end of column '%s' (expected %d)"
              .formatted(name, npy.dataBytes()));
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
