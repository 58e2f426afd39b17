package dev.zone.datasets.parquet;

import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.TensorColumn;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.DelegatingPositionOutputStream;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * Writes tables as Parquet: numbers as floats where all are exact as such and as doubles otherwise,
 * timestamps in microseconds, texts and classes as texts, arrays as binary (unsigned bytes, or
 * little-endian floats). The same table makes the same bytes.
 */
public final class ParquetTables {
  private static final double MICROS = 1e6;
  private static final long ROW_GROUP_BYTES = 64L << 20;

  private ParquetTables() {}

  /**
   * Writes those rows of a table that are wanted.
   *
   * @param timestamps columns of numbers that are seconds since 1970-01-01T00:00Z
   * @return how many rows were written
   */
  public static int write(
      Table table, Set<String> timestamps, IntPredicate wanted, OutputStream out)
      throws IOException {
    List<Field> fields = new ArrayList<>();
    table
        .columns()
        .forEach((name, column) -> fields.add(field(name, column, timestamps.contains(name))));
    int rows = 0;
    try (ParquetWriter<Integer> writer = new Builder(out, fields).build()) {
      for (int row = 0; row < table.rows(); row++) {
        if (wanted.test(row)) {
          writer.write(row);
          rows++;
        }
      }
    }
    return rows;
  }

  /** A column that is written. */
  private record Field(Type type, IntPredicate isMissing, Adding adding) {}

  private interface Adding {
    void add(int row, RecordConsumer to);
  }

  private static Field field(String name, Column column, boolean isTimestamp) {
    if (column instanceof CodedColumn coded) {
      List<Binary> values = coded.values().stream().map(Binary::fromString).toList();
      return new Field(
          Types.optional(PrimitiveTypeName.BINARY)
              .as(LogicalTypeAnnotation.stringType())
              .named(name),
          row -> coded.code(row) < 0,
          (row, to) -> to.addBinary(values.get(coded.code(row))));
    }
    if (column instanceof TensorColumn tensor) {
      return tensor(name, tensor);
    }
    NumberColumn numbers = (NumberColumn) column;
    IntPredicate isMissing = row -> Double.isNaN(numbers.value(row));
    if (isTimestamp) {
      return new Field(
          Types.optional(PrimitiveTypeName.INT64)
              .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
              .named(name),
          isMissing,
          (row, to) -> to.addLong(Math.round(numbers.value(row) * MICROS)));
    }
    return isExactAsFloat(numbers)
        ? new Field(
            Types.optional(PrimitiveTypeName.FLOAT).named(name),
            isMissing,
            (row, to) -> to.addFloat((float) numbers.value(row)))
        : new Field(
            Types.optional(PrimitiveTypeName.DOUBLE).named(name),
            isMissing,
            (row, to) -> to.addDouble(numbers.value(row)));
  }

  private static Field tensor(String name, TensorColumn tensor) {
    float[] values = new float[tensor.elements()];
    boolean bytes = tensor.isBytes();
    return new Field(
        Types.required(PrimitiveTypeName.BINARY).named(name),
        row -> false,
        (row, to) -> {
          tensor.read(row, values);
          ByteBuffer buffer =
              ByteBuffer.allocate(values.length * (bytes ? 1 : Float.BYTES))
                  .order(ByteOrder.LITTLE_ENDIAN);
          for (float value : values) {
            if (bytes) {
              buffer.put((byte) (int) value);
            } else {
              buffer.putFloat(value);
            }
          }
          to.addBinary(Binary.fromReusedByteArray(buffer.array()));
        });
  }

  private static boolean isExactAsFloat(NumberColumn numbers) {
    for (int row = 0; row < numbers.size(); row++) {
      double value = numbers.value(row);
      if (!Double.isNaN(value) && value != (float) value) {
        return false;
      }
    }
    return true;
  }

  private static final class Builder extends ParquetWriter.Builder<Integer, Builder> {
    private final List<Field> fields;

    Builder(OutputStream out, List<Field> fields) {
      super(new StreamFile(out));
      this.fields = fields;
      withConf(new PlainParquetConfiguration());
      withWriterVersion(WriterVersion.PARQUET_1_0);
      withCompressionCodec(CompressionCodecName.ZSTD);
      withRowGroupSize(ROW_GROUP_BYTES);
      withPageWriteChecksumEnabled(true);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<Integer> getWriteSupport(Configuration configuration) {
      return new Support(fields);
    }

    @Override
    protected WriteSupport<Integer> getWriteSupport(ParquetConfiguration configuration) {
      return new Support(fields);
    }
  }

  /** Writes a row by its number. */
  private static final class Support extends WriteSupport<Integer> {
    private final List<Field> fields;
    private RecordConsumer consumer;

    Support(List<Field> fields) {
      this.fields = fields;
    }

    private WriteContext context() {
      return new WriteContext(
          new MessageType("zone", fields.stream().map(Field::type).toList()), Map.of());
    }

    @Override
    public WriteContext init(Configuration configuration) {
      return context();
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return context();
    }

    @Override
    public void prepareForWrite(RecordConsumer to) {
      consumer = to;
    }

    @Override
    public void write(Integer row) {
      consumer.startMessage();
      for (int i = 0; i < fields.size(); i++) {
        Field field = fields.get(i);
        if (!field.isMissing().test(row)) {
          consumer.startField(field.type().getName(), i);
          field.adding().add(row, consumer);
          consumer.endField(field.type().getName(), i);
        }
      }
      consumer.endMessage();
    }
  }

  /** A stream that somebody else closes. */
  private record StreamFile(OutputStream out) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return new DelegatingPositionOutputStream(out) {
        private long position;

        @Override
        public long getPos() {
          return position;
        }

        @Override
        public void write(int one) throws IOException {
          out.write(one);
          position++;
        }

        @Override
        public void write(byte[] some) throws IOException {
          write(some, 0, some.length);
        }

        @Override
        public void write(byte[] some, int from, int length) throws IOException {
          out.write(some, from, length);
          position += length;
        }

        @Override
        public void close() throws IOException {
          out.flush();
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
