package dev.zone.datasets.format;

import dev.zone.conf.SourceSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.datasets.Origins;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.ZipEntry;

/**
 * NumPy arrays. An npz holds a column an entry, or several. Single npy files with the same split
 * and values, one after another in the descriptor, stand side by side: a column each.
 */
final class NumpyReader {
  private static final String NAMES_COLUMN = "column";
  private static final int BUFFER = 1 << 18;

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
      if (isArchive(file)) {
        if (open != null) {
          gather(open);
          open = null;
        }
        Faults.gather(file.name(), table.problems(), () -> readArchive(file));
        continue;
      }
      String column = file.spec().values().get(NAMES_COLUMN);
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
              || !open.spec().split().equals(file.spec().split())
              || !others(open.spec()).equals(others(file.spec())))) {
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

  private static boolean isArchive(SourceFile file) {
    String name = file.name().toLowerCase(Locale.ROOT);
    return name.endsWith(".npz") || name.endsWith(".zip");
  }

  private static Map<String, String> others(FileSpec spec) {
    Map<String, String> others = new LinkedHashMap<>(spec.values());
    others.remove(NAMES_COLUMN);
    return others;
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
    Map<String, String> constants = others(block.spec());
    List<String> given = new ArrayList<>();
    block.arrays().keySet().forEach(array -> given.addAll(columns(array)));
    given.addAll(constants.keySet());
    checkOnce(given);
    table.begin(
        new Origins.Source(block.name(), Origins.Kind.INDEX, block.spec().split(), List.of()));
    if (!table.checkComplete(block.name(), given)) {
      return;
    }
    int rows = -1;
    // Every builder before the first row: a column cannot come later.
    Map<String, ColumnBuilder> builders = new LinkedHashMap<>();
    for (String column : given) {
      table.builder(column).ifPresent(builder -> builders.put(column, builder));
    }
    for (Map.Entry<String, Source> each : block.arrays().entrySet()) {
      List<ColumnBuilder> parts = columns(each.getKey()).stream().map(builders::get).toList();
      if (parts.stream().anyMatch(Objects::nonNull)) {
        rows = readArray(each.getValue(), each.getKey(), parts, rows);
      }
    }
    if (rows <= 0) {
      throw new FormatException("Cannot use file: it is empty (expected rows)");
    }
    for (Map.Entry<String, String> constant : constants.entrySet()) {
      ColumnBuilder builder = builders.get(constant.getKey());
      for (int row = 0; builder != null && row < rows; row++) {
        builder.text(constant.getValue());
      }
    }
    for (int row = 0; row < rows; row++) {
      table.at(row);
      table.endRow();
    }
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

  /**
   * Reads one array; gives its rows.
   *
   * @param name for people
   * @param parts the columns it holds, null for those that nobody wants
   */
  private int readArray(Source source, String name, List<ColumnBuilder> parts, int expectedRows)
      throws IOException {
    try (InputStream in = new BufferedInputStream(source.opening().open(), BUFFER)) {
      Npy npy = Npy.read(in);
      int rows = npy.shape().isEmpty() ? 0 : npy.shape().get(0);
      if (expectedRows >= 0 && rows != expectedRows) {
        throw new FormatException(
            "Cannot join column '%s': %d rows (expected %d as in the columns before)"
                .formatted(name, rows, expectedRows));
      }
      checkShape(npy, name, parts);
      // What the header promises must be there before memory is given for it.
      long dataBytes = npy.dataBytes();
      if (dataBytes > source.bytes()) {
        throw new EOFException(
            "array of shape %s needs %d bytes, there are %d"
                .formatted(npy.shape(), dataBytes, source.bytes()));
      }
      if (parts.get(0) instanceof TensorBuilder tensor) {
        readTensor(in, npy, tensor, rows);
      } else {
        readNumbers(in, npy, parts, rows);
      }
      if (in.read() >= 0) {
        throw new FormatException(
            "Cannot read NumPy array: bytes after the end of column '%s' (expected %d)"
                .formatted(name, dataBytes));
      }
      return rows;
    }
  }

  private static void checkShape(Npy npy, String name, List<ColumnBuilder> parts) {
    List<Integer> row =
        npy.shape().isEmpty() ? List.of() : npy.shape().subList(1, npy.shape().size());
    List<Integer> expected =
        parts.size() > 1
            ? List.of(parts.size())
            : parts.get(0) instanceof TensorBuilder tensor
                ? tensor.spec().shape().orElseThrow()
                : List.of();
    if (npy.shape().isEmpty() || !row.equals(expected)) {
      throw new FormatException(
          "Cannot use column '%s': rows of shape %s (expected %s)".formatted(name, row, expected));
    }
  }

  private void readTensor(InputStream in, Npy npy, TensorBuilder tensor, int rows)
      throws IOException {
    int elements = tensor.elements();
    byte[] bytes = new byte[Math.multiplyExact(elements, npy.type().bytes())];
    float[] floats = new float[elements];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; row++) {
      table.at(row);
      fill(in, bytes, bytes.length, row);
      if (npy.type() == Npy.Type.U1 || npy.type() == Npy.Type.B1) {
        tensor.row(bytes, 0);
      } else {
        for (int i = 0; i < elements; i++) {
          floats[i] = (float) npy.type().read(buffer, i * npy.type().bytes());
        }
        tensor.row(floats, 0);
      }
    }
  }

  private void readNumbers(InputStream in, Npy npy, List<ColumnBuilder> parts, int rows)
      throws IOException {
    int width = npy.type().bytes() * parts.size();
    int batch = Math.max(1, 4096 / parts.size());
    byte[] bytes = new byte[width * batch];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; ) {
      int count = Math.min(batch, rows - row);
      fill(in, bytes, count * width, row);
      for (int i = 0; i < count; i++) {
        table.at(row++);
        for (int part = 0; part < parts.size(); part++) {
          if (parts.get(part) != null) {
            parts.get(part).number(npy.type().read(buffer, i * width + part * npy.type().bytes()));
          }
        }
      }
    }
  }

  private static void fill(InputStream in, byte[] bytes, int length, int row) throws IOException {
    if (in.readNBytes(bytes, 0, length) < length) {
      throw new EOFException("the array ends at row %d".formatted(row));
    }
  }
}
