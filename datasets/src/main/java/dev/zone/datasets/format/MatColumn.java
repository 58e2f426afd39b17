package dev.zone.datasets.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A variable of a MATLAB file that is read some rows at a time, beside others. */
final class MatColumn {
  private final MatFile.Stored stored;
  private final Spool spool;
  private final int rows;

  /** Where each element of a row, in the file's order, stands in a row of ours. */
  private final int[] places;

  private final double[] values;
  private final int most;
  private final float[] floats;
  private final byte[] bytes;
  private ColumnBuilder builder;

  /**
   * @param shape of a row; none of a number
   * @param rows that the variable has
   * @param most rows that are read at a time
   */
  MatColumn(MatFile.Stored stored, Spool spool, List<Integer> shape, int rows, int most) {
    this.stored = stored;
    this.spool = spool;
    this.rows = rows;
    this.most = most;
    this.places = places(shape);
    this.values = new double[Math.multiplyExact(places.length, most)];
    this.floats = new float[places.length];
    this.bytes = new byte[places.length];
  }

  /** Rows that are read at a time. */
  int most() {
    return most;
  }

  /** The values go there from now on. */
  void into(ColumnBuilder column) {
    builder = column;
  }

  /** Reads rows, not more than are read at a time. */
  void load(int first, int count) throws IOException {
    int width = stored.type().bytes();
    byte[] raw = new byte[count * width];
    ByteBuffer buffer = ByteBuffer.wrap(raw).order(stored.order());
    for (int i = 0; i < places.length; i++) {
      spool.read(stored.at() + ((long) i * rows + first) * width, raw, raw.length);
      int to = places[i] * most;
      for (int row = 0; row < count; row++) {
        values[to + row] = stored.type().read(buffer, row * width);
      }
    }
  }

  /** Gives one of the rows away that were read last, the first of them being 0. */
  void give(int row) {
    if (!(builder instanceof TensorBuilder tensor)) {
      builder.number(values[row]);
      return;
    }
    boolean areBytes = stored.type() == MatNumber.UINT8;
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i * most + row];
      bytes[i] = (byte) floats[i];
    }
    if (areBytes) {
      tensor.row(bytes, 0);
    } else {
      tensor.row(floats, 0);
    }
  }

  /** The last axis of a row of ours changes fastest, the first one of the file's. */
  private static int[] places(List<Integer> shape) {
    int[] steps = new int[shape.size()];
    int elements = 1;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      steps[axis] = elements;
      elements *= shape.get(axis);
    }
    int[] places = new int[elements];
    for (int i = 0; i < elements; i++) {
      int rest = i;
      for (int axis = 0; axis < shape.size(); axis++) {
        places[i] += rest % shape.get(axis) * steps[axis];
        rest /= shape.get(axis);
      }
    }
    return places;
  }
}
