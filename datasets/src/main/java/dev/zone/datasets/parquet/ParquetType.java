package dev.zone.datasets.parquet;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/** How a column's values are read, by Parquet's physical and logical types. */
@FunctionalInterface
interface ParquetType {
  double SECONDS_OF_A_DAY = 86_400;
  double NANOS = 1e9;

  /** Of the epoch's day; Spark and Impala wrote timestamps of 96 bits by the Julian day. */
  long JULIAN_DAY_OF_EPOCH = 2_440_588;

  void read(ColumnReader column, ParquetValues values);

  static ParquetType of(PrimitiveType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    int scale = logical instanceof DecimalLogicalTypeAnnotation decimal ? decimal.getScale() : -1;
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> (column, values) -> values.truth(column.getBoolean());
      case FLOAT -> (column, values) -> values.number(column.getFloat());
      case DOUBLE -> (column, values) -> values.number(column.getDouble());
      case INT32 -> int32(logical, scale);
      case INT64 -> int64(logical, scale);
      case INT96 -> (column, values) -> values.number(int96(column.getBinary().getBytes()));
      case BINARY, FIXED_LEN_BYTE_ARRAY -> binary(logical, scale);
    };
  }

  private static ParquetType int32(LogicalTypeAnnotation logical, int scale) {
    if (logical instanceof DateLogicalTypeAnnotation) {
      return (column, values) -> values.number(column.getInteger() * SECONDS_OF_A_DAY);
    }
    if (scale >= 0) {
      return (column, values) ->
          values.number(BigDecimal.valueOf(column.getInteger(), scale).doubleValue());
    }
    boolean unsigned = logical instanceof IntLogicalTypeAnnotation whole && !whole.isSigned();
    return unsigned
        ? (column, values) -> values.whole(Integer.toUnsignedLong(column.getInteger()))
        : (column, values) -> values.whole(column.getInteger());
  }

  private static ParquetType int64(LogicalTypeAnnotation logical, int scale) {
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      double units =
          switch (timestamp.getUnit()) {
            case MILLIS -> 1e3;
            case MICROS -> 1e6;
            case NANOS -> NANOS;
          };
      return (column, values) -> values.number(column.getLong() / units);
    }
    if (scale >= 0) {
      return (column, values) ->
          values.number(BigDecimal.valueOf(column.getLong(), scale).doubleValue());
    }
    return (column, values) -> values.whole(column.getLong());
  }

  private static ParquetType binary(LogicalTypeAnnotation logical, int scale) {
    if (scale >= 0) {
      return (column, values) ->
          values.number(
              new BigDecimal(new BigInteger(column.getBinary().getBytes()), scale).doubleValue());
    }
    boolean text =
        logical instanceof StringLogicalTypeAnnotation
            || logical instanceof EnumLogicalTypeAnnotation
            || logical instanceof JsonLogicalTypeAnnotation;
    return text
        ? (column, values) -> values.text(column.getBinary().toStringUsingUTF8())
        : (column, values) -> values.bytes(column.getBinary().getBytes());
  }

  private static double int96(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long nanos = buffer.getLong();
    long days = buffer.getInt() - JULIAN_DAY_OF_EPOCH;
    return days * SECONDS_OF_A_DAY + nanos / NANOS;
  }
}
