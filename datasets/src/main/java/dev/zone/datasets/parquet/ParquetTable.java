package dev.zone.datasets.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** A Parquet file, open for reading. */
public final class ParquetTable implements Closeable {
  private final ParquetFileReader reader;
  private final MessageType schema;

  private ParquetTable(ParquetFileReader reader) {
    this.reader = reader;
    this.schema = reader.getFooter().getFileMetaData().getSchema();
  }

  /**
   * Opens a file.
   *
   * @throws ParquetException if it is none
   */
  public static ParquetTable open(Path file) throws IOException, ParquetException {
    return open(new DiskFile(file));
  }

  /**
   * Opens a file that is somewhere else.
   *
   * @throws ParquetException if it is none
   */
  public static ParquetTable open(long size, Opening opening) throws IOException, ParquetException {
    return open(new DistantFile(size, opening));
  }

  /** Opens a file anew. */
  public interface Opening {
    /**
     * @param from how many bytes to leave out
     */
    InputStream at(long from) throws IOException;
  }

  private static ParquetTable open(InputFile file) throws IOException, ParquetException {
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .usePageChecksumVerification(true)
            .build();
    ParquetTable table = guarded(() -> new ParquetTable(ParquetFileReader.open(file, options)));
    if (!table.isWithin(file.getLength())) {
      table.close();
      throw new ParquetException("a column that is outside the file", null);
    }
    return table;
  }

  /** Names of all columns, in order, those that cannot be read too. */
  public List<String> columns() {
    return schema.getFields().stream().map(Type::getName).toList();
  }

  /** Why a column cannot be read; empty if it can. */
  public String objection(String column) {
    Type type = schema.getType(column);
    if (!type.isPrimitive()) {
      return "a group of columns";
    }
    return type.isRepetition(Type.Repetition.REPEATED) ? "a repeated column" : "";
  }

  /**
   * Rows that the file says it has.
   *
   * @throws ParquetException if that cannot be
   */
  public long rows() throws ParquetException {
    long rows = 0;
    for (BlockMetaData block : reader.getRowGroups()) {
      if (block.getRowCount() < 0 || rows + block.getRowCount() > Integer.MAX_VALUE) {
        throw new ParquetException(rows + block.getRowCount() + " rows", null);
      }
      rows += block.getRowCount();
    }
    return rows;
  }

  /** Rows of each row group, as the file says. */
  public List<Long> rowsOfGroups() {
    return reader.getRowGroups().stream().map(BlockMetaData::getRowCount).toList();
  }

  /**
   * Row groups that follow one another.
   *
   * @param first number of the first, from 0
   * @param count of them; those that are not there are left out
   * @param row number of the first's first row
   */
  public record Range(int first, int count, int row) {}

  /** Whether all columns are where a file of that size has something. */
  private boolean isWithin(long size) {
    return reader.getRowGroups().stream()
        .flatMap(group -> group.getColumns().stream())
        .allMatch(
            column ->
                column.getStartingPos() > 0
                    && column.getTotalSize() >= 0
                    && column.getStartingPos() <= size - column.getTotalSize());
  }

  /** Bytes of all pages, unpacked. */
  public long unpackedBytes() {
    return reader.getRowGroups().stream().mapToLong(BlockMetaData::getTotalByteSize).sum();
  }

  /** Takes row groups. */
  public interface Groups {
    /** What takes each column's values, of the same columns each time. */
    Map<String, ParquetValues> begin();

    /** Told each row, from 0, before its value is given. */
    void at(int row);

    /**
     * All columns of a group were read.
     *
     * @param first its first row
     */
    void end(int first, int rows);
  }

  /**
   * Reads columns, row group by row group, column by column.
   *
   * @param names of the columns
   * @throws ParquetException if the file is damaged
   */
  public void read(Set<String> names, Groups groups) throws IOException, ParquetException {
    read(names, new Range(0, Integer.MAX_VALUE, 0), groups);
  }

  /** As {@link #read(Set, Groups)}, some of the row groups. */
  public void read(Set<String> names, Range range, Groups groups)
      throws IOException, ParquetException {
    List<Type> wanted =
        schema.getFields().stream().filter(type -> names.contains(type.getName())).toList();
    MessageType projection = new MessageType(schema.getName(), wanted);
    guarded(
        () -> {
          reader.setRequestedSchema(projection);
          for (int skipped = 0; skipped < range.first(); skipped++) {
            reader.skipNextRowGroup();
          }
          int row = range.row();
          for (int read = 0; read < range.count(); read++) {
            PageReadStore group = reader.readNextRowGroup();
            if (group == null) {
              break;
            }
            int rows = Math.toIntExact(group.getRowCount());
            readGroup(group, projection, groups, row);
            groups.end(row, rows);
            row += rows;
          }
          return row;
        });
  }

  /** Something that reads a file. */
  private interface Reading<T> {
    T run() throws IOException;
  }

  /** Tells a wrong file from a disk that fails, which the library does not. */
  private static <T> T guarded(Reading<T> reading) throws IOException, ParquetException {
    try {
      return reading.run();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (RuntimeException | IOException e) {
      throw new ParquetException(reason(e), e);
    } catch (NoClassDefFoundError e) {
      throw new ParquetException("a codec that is not here (expected ZSTD, GZIP or SNAPPY)", e);
    } catch (OutOfMemoryError e) {
      // One array of the size that a damaged page names: all else is as it was.
      throw new ParquetException("it asks for more memory than there is", e);
    }
  }

  private void readGroup(PageReadStore group, MessageType projection, Groups groups, int first) {
    int rows = Math.toIntExact(group.getRowCount());
    Map<String, ParquetValues> into = groups.begin();
    ColumnReadStoreImpl store =
        new ColumnReadStoreImpl(
            group,
            new Nowhere(projection.getFieldCount()),
            projection,
            reader.getFooter().getFileMetaData().getCreatedBy());
    Map<String, ColumnDescriptor> descriptors = new LinkedHashMap<>();
    for (ColumnDescriptor descriptor : projection.getColumns()) {
      descriptors.put(descriptor.getPath()[0], descriptor);
    }
    for (Map.Entry<String, ColumnDescriptor> each : descriptors.entrySet()) {
      ParquetValues values = into.get(each.getKey());
      ColumnReader column = store.getColumnReader(each.getValue());
      ParquetType type = ParquetType.of(each.getValue().getPrimitiveType());
      int there = each.getValue().getMaxDefinitionLevel();
      for (int i = 0; i < rows; i++) {
        groups.at(first + i);
        if (column.getCurrentDefinitionLevel() < there) {
          values.missing();
        } else {
          type.read(column, values);
        }
        column.consume();
      }
    }
  }

  /** The library's messages begin with the file's path, in several ways. */
  private static String reason(Exception failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("is not a Parquet file") ? "it is not a Parquet file" : message;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** Where values go that are not asked for in groups. */
  private static final class Nowhere extends GroupConverter {
    private final List<Converter> columns = new ArrayList<>();

    Nowhere(int count) {
      for (int i = 0; i < count; i++) {
        columns.add(new PrimitiveConverter() {});
      }
    }

    @Override
    public Converter getConverter(int index) {
      return columns.get(index);
    }

    @Override
    public void start() {
      // Rows are read column by column.
    }

    @Override
    public void end() {
      // As above.
    }
  }
}
