package dev.zone.datasets.parquet;

import dev.zone.datasets.TensorColumn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;

/** Arrays as binary: unsigned bytes, or little-endian floats. */
final class ArrayValues implements ColumnValues {
  private static final int PAGE_BYTES = 1 << 20;

  private final TensorColumn column;
  private final GroupRows rows;
  private final int bytes;

  /**
   * @param type required binary
   */
  ArrayValues(PrimitiveType type, TensorColumn column, GroupRows rows) {
    if (type.isRepetition(PrimitiveType.Repetition.OPTIONAL)) {
      throw new IllegalArgumentException("Cannot write arrays as: " + type);
    }
    this.column = column;
    this.rows = rows;
    this.bytes = column.elements() * (column.isBytes() ? 1 : Float.BYTES);
  }

  @Override
  public int rows() {
    return rows.count();
  }

  @Override
  public int size() {
    return rows.count();
  }

  @Override
  public boolean isPresent(int row) {
    return true;
  }

  @Override
  public int rowsOfAPage() {
    return Math.max(1, PAGE_BYTES / (bytes + Integer.BYTES));
  }

  @Override
  public Optional<Coding> coding() {
    return Optional.empty();
  }

  @Override
  public BytesInput plain(int from, int to) {
    ByteBuffer buffer =
        ByteBuffer.allocate((to - from) * (bytes + Integer.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[column.elements()];
    for (int i = from; i < to; i++) {
      column.read(rows.row(i), values);
      buffer.putInt(bytes);
      for (float value : values) {
        if (column.isBytes()) {
          buffer.put((byte) (int) value);
        } else {
          buffer.putFloat(value);
        }
      }
    }
    return BytesInput.from(buffer.array());
  }

  @Override
  public void include(int from, int to, Statistics<?> statistics) {
    // The smallest array means nothing.
  }
}
