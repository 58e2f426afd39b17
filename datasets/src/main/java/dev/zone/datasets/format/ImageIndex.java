package dev.zone.datasets.format;

import dev.zone.conf.SourceSpec.IndexSpec;
import dev.zone.conf.error.Names;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A table that gives columns by file name. */
final class ImageIndex implements FieldSink {
  private final IndexSpec spec;
  private final Map<String, String[]> rows = new HashMap<>();
  private final List<String> record = new ArrayList<>();
  private List<String> header = List.of();
  private int fileField;
  private int[] fields = new int[0];
  private int line;

  private ImageIndex(IndexSpec spec) {
    this.spec = spec;
  }

  static ImageIndex read(IndexSpec spec, InputStream in, Limits limits) throws IOException {
    ImageIndex index = new ImageIndex(spec);
    new DelimitedText(spec.separator(), "UTF-8", limits).read(in, 1, 0, index);
    if (index.rows.isEmpty()) {
      throw new FormatException(
          "Cannot use index '%s': it is empty (expected a header and rows)"
              .formatted(spec.entry()));
    }
    return index;
  }

  @Override
  public void begin(int at) {
    line = at;
    record.clear();
  }

  @Override
  public void field(int index, char[] text, int from, int length, boolean quoted) {
    record.add(new String(text, from, length).trim());
  }

  @Override
  public void end(int count) {
    if (header.isEmpty()) {
      header = List.copyOf(record);
      fileField = find(spec.file());
      fields = spec.columns().keySet().stream().mapToInt(this::find).toArray();
      return;
    }
    if (count != header.size()) {
      throw new FormatException(
          "Cannot read index '%s' at line %d: %d fields (expected %d)"
              .formatted(spec.entry(), line, count, header.size()));
    }
    String[] values = new String[fields.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = record.get(fields[i]);
    }
    if (rows.put(record.get(fileField), values) != null) {
      throw new FormatException(
          "Cannot use index '%s' at line %d: '%s' is there twice (expected once)"
              .formatted(spec.entry(), line, Texts.shown(record.get(fileField))));
    }
  }

  private int find(String column) {
    int found = header.indexOf(column);
    if (found < 0) {
      throw new FormatException(
          "Cannot find column '%s' in index '%s'%s (expected it among %s)"
              .formatted(
                  column,
                  spec.entry(),
                  Names.suggestion(column, header),
                  String.join(", ", header)));
    }
    return found;
  }

  /** Columns that the index gives. */
  List<String> columns() {
    return List.copyOf(spec.columns().values());
  }

  /**
   * The columns' values for a file: named by its whole path, by its path from the index's folder,
   * or by its last part.
   */
  Optional<String[]> values(String path) {
    String folder = spec.entry().substring(0, spec.entry().lastIndexOf('/') + 1);
    String[] found = rows.get(path);
    if (found == null && path.startsWith(folder)) {
      found = rows.get(path.substring(folder.length()));
    }
    if (found == null) {
      found = rows.get(path.substring(path.lastIndexOf('/') + 1));
    }
    return Optional.ofNullable(found);
  }
}
