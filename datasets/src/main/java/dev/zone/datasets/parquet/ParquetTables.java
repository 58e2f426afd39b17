package dev.zone.datasets.parquet;

import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.TensorColumn;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.DelegatingPositionOutputStream;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * Writes tables as Parquet: numbers as doubles, timestamps in microseconds, texts and classes as
 * texts, arrays as binary (unsigned bytes, or little-endian floats). The same table makes the same
 * bytes.
 *
 * <p>Columns are encoded one after another, as the tables have them: the library's writer of
 * records, which goes row by row, takes five times as long.
 */
public final class ParquetTables {
  private static final long ROW_GROUP_BYTES = 64L << 20;
  private static final int ROWS_OF_A_GROUP = 1 << 20;
  private static final int BYTES_OF_A_NUMBER = 8;

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
    List<Type> types = new ArrayList<>();
    table
        .columns()
        .forEach((name, column) -> types.add(type(name, column, timestamps.contains(name))));
    MessageType schema = new MessageType("zone", types);
    int[] chosen = wanted(table.rows(), wanted);
    int rows = chosen == null ? table.rows() : chosen.length;
    int each = rowsOfAGroup(table);
    FileEncryptionProperties none = null;
    ParquetProperties properties =
        ParquetProperties.builder().withPageWriteChecksumEnabled(true).build();
    OrderedFooter ordered = new OrderedFooter(out);
    try (Packing packing = new Packing();
        ParquetFileWriter writer =
            new ParquetFileWriter(
                new StreamFile(ordered),
                schema,
                ParquetFileWriter.Mode.CREATE,
                ROW_GROUP_BYTES,
                0,
                none,
                properties)) {
      ColumnPages pages = new ColumnPages(writer, packing);
      Spare spare = new Spare();
      writer.start();
      for (int from = 0; from < rows; from += each) {
        GroupRows group = new GroupRows(chosen, from, Math.min(rows - from, each));
        writer.startBlock(group.count());
        int at = 0;
        for (Column column : table.columns().values()) {
          pages.write(
              schema.getColumns().get(at),
              values(column, schema.getType(at).asPrimitiveType(), group, spare));
          at++;
        }
        writer.endBlock();
      }
      ordered.begin();
      writer.end(Map.of());
      ordered.end();
    }
    return rows;
  }

  /** Null if they all are. */
  private static int[] wanted(int rows, IntPredicate wanted) {
    int first = 0;
    while (first < rows && wanted.test(first)) {
      first++;
    }
    if (first == rows) {
      return null;
    }
    int[] kept = new int[rows];
    int count = 0;
    for (int row = 0; row < rows; row++) {
      if (wanted.test(row)) {
        kept[count++] = row;
      }
    }
    return Arrays.copyOf(kept, count);
  }

  /** As many as a reader may well have in memory. */
  private static int rowsOfAGroup(Table table) {
    long bytes = 0;
    for (Column column : table.columns().values()) {
      bytes +=
          column instanceof TensorColumn tensor
              ? (long) tensor.elements() * (tensor.isBytes() ? 1 : Float.BYTES)
              : BYTES_OF_A_NUMBER;
    }
    return (int) Math.max(1, Math.min(ROWS_OF_A_GROUP, ROW_GROUP_BYTES / Math.max(1, bytes)));
  }

  private static Type type(String name, Column column, boolean isTimestamp) {
    if (column instanceof CodedColumn) {
      return Types.optional(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named(name);
    }
    if (column instanceof TensorColumn) {
      return Types.required(PrimitiveTypeName.BINARY).named(name);
    }
    return isTimestamp
        ? Types.optional(PrimitiveTypeName.INT64)
            .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
            .named(name)
        : Types.optional(PrimitiveTypeName.DOUBLE).named(name);
  }

  private static ColumnValues values(
      Column column, PrimitiveType type, GroupRows rows, Spare spare) {
    if (column instanceof CodedColumn coded) {
      return new TextValues(type, coded, rows, spare);
    }
    return column instanceof TensorColumn tensor
        ? new ArrayValues(type, tensor, rows)
        : new NumberValues(type, (NumberColumn) column, rows, spare);
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
