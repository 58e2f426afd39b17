package dev.zone.datasets.format;

import dev.zone.conf.SourceSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.datasets.Origins;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;

/**
 * NumPy arrays. An npz holds a column an entry, or several. Single npy files with the same split
 * and values, one after another in the descriptor, stand side by side: a column each.
 */
final class NumpyReader {
  private static final int MOST_ARRAYS = 4096;
  private static final int MOST_ROWS = 1 << 12;
  private static final long BATCH_BYTES = 1L << 20;

  private final SourceSpec.Numpy spec;
  private final TableBuilder table;
  private final Limits limits;

  NumpyReader(SourceSpec.Numpy spec, TableBuilder table, Limits limits) {
    this.spec = spec;
    this.table = table;
    this.limits = limits;
  }

  /** Bytes of an array that can be opened. */
  private interface Opening {
    InputStream open() throws IOException;
  }

  private record Source(String name, long bytes, Opening opening) {}

  /** Arrays by entry or column whose first axes are the same rows. */
  private record Block(String name, FileSpec spec, Map<String, Source> arrays) {}

  void read(List<SourceFile> files) {
    Block open = null;
    for (SourceFile file : files) {
      if (NumpyBlocks.isArchive(file.name())) {
        if (open != null) {
          gather(open);
          open = null;
        }
        Faults.gather(file.name(), table.problems(), () -> readArchive(file));
        continue;
      }
      String column = NumpyBlocks.column(file.spec()).orElse(null);
      if (column == null) {
        table
            .problems()
            .add(
                file.name(),
                "Cannot tell the column of an npy file (expected values: {column: name})");
        continue;
      }
      if (open != null
          && (open.arrays().containsKey(column)
              || !NumpyBlocks.areAlike(open.spec(), file.spec()))) {
        gather(open);
        open = null;
      }
      if (open == null) {
        open = new Block(file.name(), file.spec(), new LinkedHashMap<>());
      }
      open.arrays().put(column, source(file));
    }
    if (open != null) {
      gather(open);
    }
  }

  private Source source(SourceFile file) {
    long bytes = file.path().toFile().length();
    return new Source(file.name(), bytes, () -> Files.newInputStream(file.path()));
  }

  private void readArchive(SourceFile file) throws IOException {
    Entries entries = new Entries(file.spec());
    try (ZipArchive zip = ZipArchive.open(file.path(), limits)) {
      Map<String, Source> arrays = new LinkedHashMap<>();
      for (ZipEntry entry : zip.entries()) {
        String name = entry.getName();
        if (name.endsWith(".npy") && entries.takes(name)) {
          arrays.put(
              name.substring(0, name.length() - ".npy".length()),
              new Source(file.name() + "!/" + name, entry.getSize(), () -> zip.open(entry)));
        }
      }
      readBlock(new Block(file.name(), file.spec(), arrays));
    }
  }

  private void gather(Block block) {
    Faults.gather(block.name(), table.problems(), () -> readBlock(block));
  }

  private void readBlock(Block block) throws IOException {
    Map<String, String> constants = NumpyBlocks.others(block.spec());
    List<String> given = new ArrayList<>();
    block.arrays().keySet().forEach(array -> given.addAll(columns(array)));
    given.addAll(constants.keySet());
    checkOnce(given);
    table.begin(
        new Origins.Source(block.name(), Origins.Kind.INDEX, block.spec().split(), List.of()));
    if (!table.checkComplete(block.name(), given)) {
      return;
    }
    // Every builder before the first row: a column cannot come later.
    given.forEach(table::builder);
    List<NpyRows> arrays = new ArrayList<>();
    try {
      for (Map.Entry<String, Source> each : block.arrays().entrySet()) {
        if (NpyRows.isWanted(table, columns(each.getKey()))) {
          open(each.getValue(), each.getKey(), arrays);
        }
      }
      int rows = arrays.isEmpty() ? 0 : arrays.get(0).rows();
      if (rows <= 0) {
        throw new FormatException("Cannot use file: it is empty (expected rows)");
      }
      readRows(rows, arrays, constants);
    } finally {
      for (NpyRows array : arrays) {
        array.close();
      }
    }
  }

  /** Opens an array with as many rows as those before. */
  private void open(Source source, String name, List<NpyRows> arrays) throws IOException {
    if (arrays.size() == MOST_ARRAYS) {
      throw new FormatException(
          "Cannot read NumPy arrays: more than %,d (expected at most that; an array of shape [rows, n] is n columns)"
              .formatted(MOST_ARRAYS));
    }
    InputStream in = source.opening().open();
    NpyRows array;
    try {
      array = new NpyRows(in, name, columns(name));
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
    arrays.add(array);
    if (array.rows() != arrays.get(0).rows()) {
      throw new FormatException(
          "Cannot join column '%s': %d rows (expected %d as in the columns before)"
              .formatted(name, array.rows(), arrays.get(0).rows()));
    }
    array.into(table);
    array.check(source.bytes());
  }

  /** Reads the arrays side by side, some rows at a time, so that memory does not grow with them. */
  private void readRows(int rows, List<NpyRows> arrays, Map<String, String> constants)
      throws IOException {
    long rowBytes = Math.max(1, arrays.stream().mapToLong(NpyRows::rowBytes).sum());
    int batch = (int) Math.max(1, Math.min(MOST_ROWS, BATCH_BYTES / rowBytes));
    List<Runnable> same = same(constants);
    for (int first = 0; first < rows; first += batch) {
      int count = Math.min(batch, rows - first);
      for (NpyRows array : arrays) {
        array.load(first, count);
      }
      for (int i = 0; i < count; i++) {
        table.at(first + i);
        for (NpyRows array : arrays) {
          array.give(i);
        }
        same.forEach(Runnable::run);
        table.endRow();
      }
      if (table.isPiece()) {
        table.endPiece();
        arrays.forEach(array -> array.into(table));
        same = same(constants);
      }
    }
    for (NpyRows array : arrays) {
      array.end();
    }
  }

  /** Adds what is the same in all rows to one. */
  private List<Runnable> same(Map<String, String> constants) {
    List<Runnable> same = new ArrayList<>();
    constants.forEach(
        (name, value) ->
            table.builder(name).ifPresent(builder -> same.add(() -> builder.text(value))));
    return same;
  }

  /** The columns that an array holds. */
  private List<String> columns(String array) {
    return spec.columns().getOrDefault(array, List.of(array));
  }

  private static void checkOnce(List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new FormatException(
            "Cannot use arrays: column '%s' is there twice (expected once)"
                .formatted(Texts.shown(name)));
      }
    }
  }
}
