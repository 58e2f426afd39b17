package dev.zone.datasets.format;

import dev.zone.datasets.Origins;
import dev.zone.datasets.parquet.ParquetException;
import dev.zone.datasets.parquet.ParquetTable;
import dev.zone.datasets.parquet.ParquetValues;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads Parquet files into a table. */
final class ParquetRows {
  private final TableBuilder table;
  private final Limits limits;

  ParquetRows(TableBuilder table, Limits limits) {
    this.table = table;
    this.limits = limits;
  }

  void read(SourceFile file) throws IOException {
    try (ParquetTable parquet = ParquetTable.open(file.path())) {
      read(file, parquet);
    } catch (ParquetException e) {
      throw new FormatException(
          "Cannot read Parquet: %s".formatted(Texts.shown(e.getMessage())), e);
    }
  }

  private void read(SourceFile file, ParquetTable parquet) throws IOException, ParquetException {
    List<String> columns = parquet.columns();
    if (columns.size() > limits.columns() || parquet.unpackedBytes() > limits.entryBytes()) {
      throw new FormatException(
          "Cannot read Parquet: %d columns of %d bytes (expected at most %d of %d)"
              .formatted(
                  columns.size(), parquet.unpackedBytes(), limits.columns(), limits.entryBytes()));
    }
    Map<String, String> constants = file.spec().values();
    // The same name in values wins: whoever wrote it there knows better than the file.
    Set<String> given = new LinkedHashSet<>(columns);
    given.addAll(constants.keySet());
    table.begin(
        new Origins.Source(file.name(), Origins.Kind.INDEX, file.spec().split(), List.of()));
    if (!table.checkComplete(file.name(), given)) {
      return;
    }
    long unused = parquet.rows();
    Set<String> read = new LinkedHashSet<>(columns);
    read.removeAll(constants.keySet());
    // Asked for before the first row: a column cannot come later.
    read.removeIf(name -> table.builder(name).isEmpty());
    parquet.read(read, new Groups(parquet, read, constants));
  }

  /** Puts row groups into the table; each is a piece where wrong rows are set aside. */
  private final class Groups implements ParquetTable.Groups {
    private final ParquetTable parquet;
    private final Set<String> read;
    private final Map<String, String> constants;

    Groups(ParquetTable parquet, Set<String> read, Map<String, String> constants) {
      this.parquet = parquet;
      this.read = read;
      this.constants = constants;
    }

    @Override
    public Map<String, ParquetValues> begin() {
      Map<String, ParquetValues> into = new LinkedHashMap<>();
      read.forEach(
          name -> into.put(name, values(name, parquet, table.builder(name).orElseThrow())));
      return into;
    }

    @Override
    public void at(int row) {
      table.at(row);
    }

    @Override
    public void end(int first, int rows) {
      List<Runnable> same = new ArrayList<>();
      constants.forEach(
          (name, value) ->
              table.builder(name).ifPresent(builder -> same.add(() -> builder.text(value))));
      for (int row = first; row < first + rows; row++) {
        table.at(row);
        same.forEach(Runnable::run);
        table.endRow();
      }
      if (table.isPiece()) {
        table.endPiece();
      }
    }
  }

  private static ParquetValues values(String name, ParquetTable parquet, ColumnBuilder builder) {
    String objection = parquet.objection(name);
    if (!objection.isEmpty()) {
      throw new FormatException(
          "Cannot read column '%s': it is %s (expected plain values)".formatted(name, objection));
    }
    return builder instanceof TensorBuilder tensor ? new Arrays(tensor) : new Plain(builder);
  }

  /** Numbers and texts. */
  private record Plain(ColumnBuilder builder) implements ParquetValues {
    @Override
    public void missing() {
      builder.missing();
    }

    @Override
    public void number(double value) {
      builder.number(value);
    }

    @Override
    public void whole(long value) {
      if (builder instanceof CodedBuilder) {
        // Beyond 53 bits a double would be another number.
        builder.text(Long.toString(value));
      } else {
        builder.number(value);
      }
    }

    @Override
    public void truth(boolean value) {
      if (builder instanceof CodedBuilder) {
        builder.text(Boolean.toString(value));
      } else {
        builder.number(value ? 1 : 0);
      }
    }

    @Override
    public void text(String value) {
      builder.text(value);
    }

    @Override
    public void bytes(byte[] value) {
      // Writers of old do not say that a text is one.
      builder.text(new String(value, StandardCharsets.UTF_8));
    }
  }

  /** Arrays of a shape. */
  private static final class Arrays implements ParquetValues {
    private final TensorBuilder builder;
    private final float[] floats;

    Arrays(TensorBuilder builder) {
      this.builder = builder;
      this.floats = new float[builder.elements()];
    }

    @Override
    public void missing() {
      builder.missing();
    }

    @Override
    public void number(double value) {
      builder.text(Texts.number(value));
    }

    @Override
    public void whole(long value) {
      builder.text(Long.toString(value));
    }

    @Override
    public void truth(boolean value) {
      builder.text(Boolean.toString(value));
    }

    @Override
    public void text(String value) {
      builder.text(value);
    }

    @Override
    public void bytes(byte[] value) {
      if (value.length == floats.length) {
        builder.row(value, 0);
      } else if (value.length == floats.length * Float.BYTES) {
        ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        builder.row(floats, 0);
      } else {
        builder.fault(
            "wrong size",
            "Cannot use column '%s': %d bytes (expected %d, or floats of four each)"
                .formatted(builder.name(), value.length, floats.length));
        builder.skip();
      }
    }
  }
}
