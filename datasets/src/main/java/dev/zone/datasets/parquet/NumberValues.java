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

  private final boolean whole;

  /** Whole numbers, or doubles' bits. */
  private final long[] bits;

  NumberValues(PrimitiveType type, NumberColumn column, int[] rows) {
    super(rows.length);
    whole = type.getPrimitiveTypeName() == PrimitiveTypeName.INT64;
    bits = new long[rows.length];
    double[] values = column.toArray();
    for (int i = 0; i < rows.length; i++) {
      double value = values[rows[i]];
      if (!Double.isNaN(value)) {
        bits[add(i)] = whole ? Math.round(value * MICROS) : Double.doubleToRawLongBits(value);
      }
    }
  }

  @Override
  public Optional<Coding> coding() {
    Ids ids = new Ids();
    return ids.of(bits, size())
        .map(
            each -> {
              long[] distinct = ids.distinct();
              return new Coding(bytes(distinct, 0, distinct.length), distinct.length, each);
            });
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
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      // The format wants both zeros within the bounds, whichever is there.
      doubles.setMinMax(low == 0 ? -0.0 : low, high == 0 ? 0.0 : high);
    }
  }
}
