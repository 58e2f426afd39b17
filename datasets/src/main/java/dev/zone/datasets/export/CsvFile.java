package dev.zone.datasets.export;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.zone.datasets.Column;
import dev.zone.datasets.GroupIds;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** A file of delimited text that tables are added to. */
final class CsvFile implements AutoCloseable {
  private static final long MICROS = 1_000_000;

  private final CsvWriter writer;
  private final Set<String> timestamps;

  /** Of the columns, in order; none before the first table. */
  private List<String> names = List.of();

  CsvFile(Path file, Set<String> timestamps) throws IOException {
    this.writer = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(file);
    this.timestamps = timestamps;
  }

  /**
   * @param table with the columns of the first one, in any order
   */
  void add(Table table) {
    try {
      if (names.isEmpty()) {
        names = List.copyOf(table.columns().keySet());
        writer.writeRecord(names);
      }
      List<Column> columns = names.stream().map(name -> table.column(name).orElseThrow()).toList();
      String[] fields = new String[names.size()];
      for (int row = 0; row < table.rows(); row++) {
        for (int at = 0; at < fields.length; at++) {
          fields[at] = text(names.get(at), columns.get(at), row);
        }
        writer.writeRecord(fields);
      }
    } catch (UncheckedIOException e) {
      throw dev.zone.conf.error.ZoneException.environment(
          "Cannot write rows (%s)".formatted(e.getMessage()), e);
    }
  }

  private String text(String name, Column column, int row) {
    if (column instanceof NumberColumn numbers
        && timestamps.contains(name)
        && !Double.isNaN(numbers.value(row))) {
      long micros = Math.round(numbers.value(row) * MICROS);
      return Instant.ofEpochSecond(
              Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000)
          .toString();
    }
    return GroupIds.text(column, row);
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
