package dev.zone.datasets.parquet;

import dev.zone.datasets.NumberColumn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.statistics.DoubleStatistics;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Doubles, or timestamps in microseconds. */
final class NumberValues extends OptionalValues {
  private static final double MICROS = 1e6;

  private final Spare spare;

  /** Whole numbers, or doubles' bits. */
  private final long[] bits;

  /**
   * @param spare until its next use
   */
  NumberValues(PrimitiveType type, NumberColumn column, GroupRows rows, Spare spare) {
    super(rows.count());
    this.spare = spare;
    boolean whole = type.getPrimitiveTypeName() == PrimitiveTypeName.INT64;
    bits = spare.numbers(rows.count());
    double[] values = column.toArray();
    int size = 0;
    for (int i = 0; i < rows.count(); i++) {
      double value = values[rows.row(i)];
      if (Double.isNaN(value)) {
        miss(i);
      } else {
        bits[size++] = whole ? Math.round(value * MICROS) : Double.doubleToRawLongBits(value);
      }
    }
  }

  @Override
  public Optional<Coding> coding() {
    DistinctNumbers distinct = spare.distinct();
    int[] ids = spare.ids(size());
    return distinct.find(bits, size(), ids)
        ? Optional.of(
            new Coding(bytes(distinct.values(), 0, distinct.count()), distinct.count(), ids))
        : Optional.empty();
  }

  @Override
  public BytesInput plain(int from, int to) {
    return bytes(bits, from, to);
  }

  private static BytesInput bytes(long[] values, int from, int to) {
    ByteBuffer buffer =
        ByteBuffer.allocate((to - from) * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asLongBuffer().put(values, from, to - from);
    return BytesInput.from(buffer.array());
  }

  @Override
  public void include(int from, int to, Statistics<?> statistics) {
    if (from == to) {
      return;
    }
    if (statistics instanceof LongStatistics longs) {
      long low = Long.MAX_VALUE;
      long high = Long.MIN_VALUE;
      for (int i = from; i < to; i++) {
        low = Math.min(low, bits[i]);
        high = Math.max(high, bits[i]);
      }
      longs.setMinMax(low, high);
    } else if (statistics instanceof DoubleStatistics doubles) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (int i = from; i < to; i++) {
        double value = Double.longBitsToDouble(bits[i]);
        // Math.min would look at zeros' signs each time.
        low = value < low ? value : low;
        high = value > high ? value : high;
      }
      // The format wants both zeros within the bounds, whichever is there.
      doubles.setMinMax(low == 0 ? -0.0 : low, high == 0 ? 0.0 : high);
    }
  }
}
