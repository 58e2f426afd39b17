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
import java.util.Map;
import java.util.Set;

/** A file of delimited text that tables are added to. */
final class CsvFile implements AutoCloseable {
  private static final long MICROS = 1_000_000;

  private final CsvWriter writer;
  private final Set<String> timestamps;
  private boolean begun;

  CsvFile(Path file, Set<String> timestamps) throws IOException {
    this.writer = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(file);
    this.timestamps = timestamps;
  }

  void add(Table table) {
    try {
      if (!begun) {
        begun = true;
        writer.writeRecord(table.columns().keySet());
      }
      String[] fields = new String[table.columns().size()];
      for (int row = 0; row < table.rows(); row++) {
        int at = 0;
        for (Map.Entry<String, Column> each : table.columns().entrySet()) {
          fields[at++] = text(each.getKey(), each.getValue(), row);
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
