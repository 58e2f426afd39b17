package dev.zone.datasets.format;

import dev.zone.conf.SourceSpec.FileSpec;
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
import java.util.Optional;
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
      read(file.name(), file.spec(), parquet, new ParquetTable.Range(0, Integer.MAX_VALUE, 0));
    } catch (ParquetException e) {
      throw wrong(e);
    }
  }

  static FormatException wrong(ParquetException e) {
    return new FormatException("Cannot read Parquet: %s".formatted(Texts.shown(e.getMessage())), e);
  }

  /**
   * Reads row groups.
   *
   * @param name of the file
   */
  void read(String name, FileSpec spec, ParquetTable parquet, ParquetTable.Range groups)
      throws IOException, ParquetException {
    Optional<Set<String>> read = begin(name, spec, parquet);
    if (read.isPresent()) {
      parquet.read(read.get(), groups, new Groups(parquet, read.get(), spec.values()));
    }
  }

  /** The columns that are read; empty if the file cannot be used, which is told. */
  private Optional<Set<String>> begin(String name, FileSpec spec, ParquetTable parquet)
      throws ParquetException {
    List<String> columns = parquet.columns();
    if (columns.size() > limits.columns() || parquet.unpackedBytes() > limits.entryBytes()) {
      throw new FormatException(
          "Cannot read Parquet: %d columns of %d bytes (expected at most %d of %d)"
              .formatted(
                  columns.size(), parquet.unpackedBytes(), limits.columns(), limits.entryBytes()));
    }
    Map<String, String> constants = spec.values();
    // The same name in values wins: whoever wrote it there knows better than the file.
    Set<String> given = new LinkedHashSet<>(columns);
    given.addAll(constants.keySet());
    table.begin(new Origins.Source(name, Origins.Kind.INDEX, spec.split(), List.of()));
    if (!table.checkComplete(name, given)) {
      return Optional.empty();
    }
    long unused = parquet.rows();
    Set<String> read = new LinkedHashSet<>(columns);
    read.removeAll(constants.keySet());
    // Asked for before the first row: a column cannot come later.
    read.removeIf(column -> table.builder(column).isEmpty());
    return Optional.of(read);
  }

  /**
   * Which row groups are a piece together, as {@link #read} takes them.
   *
   * @return none if the file cannot be used, which is told
   */
  List<ParquetTable.Range> pieces(String name, FileSpec spec, ParquetTable parquet)
      throws ParquetException {
    List<ParquetTable.Range> pieces = new ArrayList<>();
    if (begin(name, spec, parquet).isEmpty()) {
      return pieces;
    }
    spec.values().keySet().forEach(table::builder);
    List<Long> rows = parquet.rowsOfGroups();
    int from = 0;
    long before = 0;
    long own = 0;
    for (int group = 0; group < rows.size(); group++) {
      own += rows.get(group);
      if (table.isPiece(own) || group == rows.size() - 1) {
        pieces.add(new ParquetTable.Range(from, group + 1 - from, Math.toIntExact(before)));
        from = group + 1;
        before += own;
        own = 0;
      }
    }
    return pieces;
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
