package dev.zone.datasets.format;

import dev.zone.conf.ColumnPatterns;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.error.Names;
import dev.zone.datasets.Origins;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** MATLAB files: a column a variable, a row a number of a vector, or what a matrix has in a row. */
final class MatlabReader {
  private final SourceSpec.Matlab spec;
  private final TableBuilder table;
  private final Limits limits;

  MatlabReader(SourceSpec.Matlab spec, TableBuilder table, Limits limits) {
    this.spec = spec;
    this.table = table;
    this.limits = limits;
  }

  void read(SourceFile file) throws IOException {
    new TextContents(limits, table.problems())
        .read(file, (name, in, constants) -> read(file, name, in, constants));
  }

  /**
   * @param name of the MATLAB file, with the archive that it is in
   * @param constants columns that are the same for all its rows
   */
  private void read(SourceFile file, String name, InputStream in, Map<String, String> constants)
      throws IOException {
    boolean plain = name.equals(file.name()) && !Packed.isPacked(name);
    long bytes = plain ? Files.size(file.path()) : MatFile.UNKNOWN;
    try (Spool spool = new Spool(limits)) {
      Map<String, MatFile.Stored> stored = new LinkedHashMap<>();
      Map<String, MatFile.Variable> columns = columns(variables(in, bytes, spool, stored));
      Set<String> given = new LinkedHashSet<>(columns.keySet());
      given.addAll(constants.keySet());
      table.begin(new Origins.Source(name, Origins.Kind.INDEX, file.spec().split(), List.of()));
      if (!table.checkComplete(name, given)) {
        return;
      }
      // Every builder before the first row: a column cannot come later.
      given.forEach(table::builder);
      // The same name in values wins, as in every format.
      columns.keySet().removeAll(constants.keySet());
      columns.keySet().removeIf(column -> table.builder(column).isEmpty());
      int rows = rows(columns);
      readRows(rows, arrays(columns, stored, spool, rows), constants);
    }
  }

  /** Rows that all of the columns have. */
  private int rows(Map<String, MatFile.Variable> columns) {
    Set<String> used = new LinkedHashSet<>();
    int rows = -1;
    for (Map.Entry<String, MatFile.Variable> each : columns.entrySet()) {
      rows = rows(each.getValue(), table.builder(each.getKey()).orElseThrow(), rows);
      if (!used.add(each.getValue().name())) {
        throw new FormatException(
            "Cannot use variable '%s' for two columns (expected one)"
                .formatted(each.getValue().name()));
      }
    }
    if (rows <= 0) {
      throw new FormatException("Cannot use file: it is empty (expected rows)");
    }
    return rows;
  }

  private Map<String, MatColumn> arrays(
      Map<String, MatFile.Variable> columns,
      Map<String, MatFile.Stored> stored,
      Spool spool,
      int rows) {
    long values = 0;
    for (String column : columns.keySet()) {
      values += table.builder(column).orElseThrow().valuesOfARow();
    }
    int most = (int) Math.max(1, Math.min(rows, limits.chunkBytes() / (2 * Double.BYTES * values)));
    Map<String, MatColumn> arrays = new LinkedHashMap<>();
    columns.forEach(
        (column, variable) -> {
          List<Integer> shape =
              table.builder(column).orElseThrow() instanceof TensorBuilder tensor
                  ? tensor.spec().shape().orElseThrow()
                  : List.of();
          MatFile.Stored numbers = stored.get(variable.name());
          arrays.put(column, new MatColumn(numbers, spool, shape, rows, most));
        });
    return arrays;
  }

  /** Puts rows into the table, some at a time, so that memory does not grow with them. */
  private void readRows(int rows, Map<String, MatColumn> arrays, Map<String, String> constants)
      throws IOException {
    int most = arrays.values().iterator().next().most();
    List<Runnable> same = begin(arrays, constants);
    for (int first = 0; first < rows; first += most) {
      int count = Math.min(most, rows - first);
      for (MatColumn array : arrays.values()) {
        array.load(first, count);
      }
      for (int i = 0; i < count; i++) {
        table.at(first + i);
        for (MatColumn array : arrays.values()) {
          array.give(i);
        }
        same.forEach(Runnable::run);
        table.endRow();
      }
      if (table.isPiece()) {
        table.endPiece();
        same = begin(arrays, constants);
      }
    }
  }

  /** Has the values go to the table's columns; gives what adds constants to a row. */
  private List<Runnable> begin(Map<String, MatColumn> arrays, Map<String, String> constants) {
    arrays.forEach((column, array) -> array.into(table.builder(column).orElseThrow()));
    List<Runnable> same = new ArrayList<>();
    constants.forEach(
        (name, value) ->
            table.builder(name).ifPresent(builder -> same.add(() -> builder.text(value))));
    return same;
  }

  /**
   * All variables by name.
   *
   * @param stored receives the numbers of those that columns may be
   */
  private Map<String, MatFile.Variable> variables(
      InputStream in, long bytes, Spool spool, Map<String, MatFile.Stored> stored)
      throws IOException {
    Map<String, MatFile.Variable> found = new LinkedHashMap<>();
    try (MatFile mat = MatFile.open(in, bytes, limits)) {
      for (Optional<MatFile.Variable> each = mat.next(); each.isPresent(); each = mat.next()) {
        MatFile.Variable variable = each.get();
        if (found.put(variable.name(), variable) != null) {
          throw new FormatException(
              "Cannot read MATLAB file: variable '%s' is there twice (expected once)"
                  .formatted(Texts.shown(variable.name())));
        }
        if (found.size() > limits.columns()) {
          throw new FormatException(
              "Cannot read MATLAB file: more than %d variables (expected at most that)"
                  .formatted(limits.columns()));
        }
        if (variable.isNumeric() && isWanted(variable.name())) {
          stored.put(variable.name(), mat.store(variable, spool));
        }
      }
    }
    return found;
  }

  private boolean isWanted(String variable) {
    return spec.variables().values().stream()
            .anyMatch(pattern -> ColumnPatterns.matches(pattern, variable))
        || table.isRead(variable);
  }

  /** Columns with the variables that fill them. */
  private Map<String, MatFile.Variable> columns(Map<String, MatFile.Variable> variables) {
    Map<String, MatFile.Variable> columns = new LinkedHashMap<>();
    spec.variables()
        .forEach(
            (column, pattern) -> {
              List<String> names =
                  variables.keySet().stream()
                      .filter(name -> ColumnPatterns.matches(pattern, name))
                      .toList();
              if (names.size() != 1) {
                throw new FormatException(
                    "Cannot find one variable '%s' for column '%s': there are %s%s (expected one among %s)"
                        .formatted(
                            pattern,
                            column,
                            names.isEmpty() ? "none" : shown(names),
                            names.isEmpty() ? Names.suggestion(pattern, variables.keySet()) : "",
                            shown(List.copyOf(variables.keySet()))));
              }
              columns.put(column, variables.get(names.get(0)));
            });
    variables.forEach(columns::putIfAbsent);
    return columns;
  }

  private static String shown(List<String> names) {
    String shown = String.join(", ", names.stream().limit(12).map(Texts::shown).toList());
    return names.size() > 12 ? shown + " and " + (names.size() - 12) + " more" : shown;
  }

  /** Rows that a variable gives a column, the same as those before. */
  private static int rows(MatFile.Variable variable, ColumnBuilder builder, int before) {
    if (!variable.isNumeric()) {
      throw new FormatException(
          "Cannot use column '%s': variable '%s' holds no plain numbers (expected real numbers, not sparse, or true and false)"
              .formatted(builder.name(), Texts.shown(variable.name())));
    }
    int elements = variable.elements();
    List<Integer> shape = variable.dimensions();
    int rows;
    if (builder instanceof TensorBuilder) {
      List<Integer> row = new ArrayList<>(shape.subList(Math.min(1, shape.size()), shape.size()));
      List<Integer> expected = builder.spec().shape().orElseThrow();
      while (row.size() < expected.size()) {
        // MATLAB leaves last axes of size 1 out.
        row.add(1);
      }
      if (shape.isEmpty() || !row.equals(expected)) {
        throw new FormatException(
            "Cannot use column '%s': rows of shape %s (expected %s)"
                .formatted(builder.name(), row, expected));
      }
      rows = shape.get(0);
    } else {
      if (shape.stream().filter(size -> size != 1).count() > 1) {
        throw new FormatException(
            "Cannot use column '%s': an array of shape %s (expected a vector; an array's column has the type tensor)"
                .formatted(builder.name(), shape));
      }
      rows = elements;
    }
    if (before >= 0 && rows != before) {
      throw new FormatException(
          "Cannot join column '%s': %d rows (expected %d as in the columns before)"
              .formatted(builder.name(), rows, before));
    }
    return rows;
  }
}
