package dev.zone.datasets.format;

import dev.zone.conf.ColumnPatterns;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.error.Names;
import dev.zone.datasets.Origins;
import java.io.IOException;
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
    Map<String, String> constants = new LinkedHashMap<>(file.spec().values());
    constants.putAll(new Entries(file.spec()).values(file.name()));
    Map<String, MatFile.Variable> columns = columns(variables(file));
    Set<String> given = new LinkedHashSet<>(columns.keySet());
    given.addAll(constants.keySet());
    table.begin(
        new Origins.Source(file.name(), Origins.Kind.INDEX, file.spec().split(), List.of()));
    if (!table.checkComplete(file.name(), given)) {
      return;
    }
    // Every builder before the first row: a column cannot come later.
    Map<String, ColumnBuilder> builders = new LinkedHashMap<>();
    for (String column : given) {
      table.builder(column).ifPresent(builder -> builders.put(column, builder));
    }
    Map<String, ColumnBuilder> wanted = new LinkedHashMap<>();
    int rows = -1;
    for (Map.Entry<String, ColumnBuilder> each : builders.entrySet()) {
      MatFile.Variable variable = columns.get(each.getKey());
      // The same name in values wins, as in every format.
      if (variable != null && !constants.containsKey(each.getKey())) {
        rows = rows(variable, each.getValue(), rows);
        if (wanted.put(variable.name(), each.getValue()) != null) {
          throw new FormatException(
              "Cannot use variable '%s' for two columns (expected one)".formatted(variable.name()));
        }
      }
    }
    if (rows <= 0) {
      throw new FormatException("Cannot use file: it is empty (expected rows)");
    }
    readVariables(file, wanted);
    addRows(rows, builders, constants);
  }

  private void addRows(
      int rows, Map<String, ColumnBuilder> builders, Map<String, String> constants) {
    for (Map.Entry<String, ColumnBuilder> each : builders.entrySet()) {
      String constant = constants.get(each.getKey());
      for (int row = 0; row < rows && constant != null; row++) {
        table.at(row);
        each.getValue().text(constant);
      }
    }
    for (int row = 0; row < rows; row++) {
      table.at(row);
      table.endRow();
    }
  }

  private Map<String, MatFile.Variable> variables(SourceFile file) throws IOException {
    Map<String, MatFile.Variable> found = new LinkedHashMap<>();
    try (MatFile mat = MatFile.open(file.path(), limits)) {
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
      }
    }
    return found;
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

  private void readVariables(SourceFile file, Map<String, ColumnBuilder> wanted)
      throws IOException {
    try (MatFile mat = MatFile.open(file.path(), limits)) {
      for (Optional<MatFile.Variable> each = mat.next(); each.isPresent(); each = mat.next()) {
        ColumnBuilder builder = wanted.get(each.get().name());
        if (builder instanceof TensorBuilder tensor) {
          readTensor(mat, each.get(), tensor);
        } else if (builder != null) {
          MatFile.Numbers numbers = mat.numbers(each.get());
          int count = each.get().elements();
          for (int row = 0; row < count; row++) {
            table.at(row);
            builder.number(numbers.next());
          }
        }
        if (builder != null) {
          mat.endVariable();
        }
      }
    }
  }

  /** Reads an array whose first axis changes fastest into rows whose last axis does. */
  private void readTensor(MatFile mat, MatFile.Variable variable, TensorBuilder tensor)
      throws IOException {
    MatFile.Numbers numbers = mat.numbers(variable);
    int rows = variable.dimensions().get(0);
    int[] places = places(tensor.spec().shape().orElseThrow());
    float[][] slabs = new float[places.length][];
    for (int place : places) {
      float[] slab = new float[rows];
      for (int row = 0; row < rows; row++) {
        slab[row] = (float) numbers.next();
      }
      slabs[place] = slab;
    }
    float[] floats = new float[places.length];
    byte[] bytes = new byte[places.length];
    for (int row = 0; row < rows; row++) {
      table.at(row);
      for (int i = 0; i < floats.length; i++) {
        floats[i] = slabs[i][row];
        bytes[i] = (byte) floats[i];
      }
      if (numbers.areBytes()) {
        tensor.row(bytes, 0);
      } else {
        tensor.row(floats, 0);
      }
    }
  }

  /**
   * Where each element of a row, in the file's order, stands in the row with its last axis fastest.
   */
  private static int[] places(List<Integer> shape) {
    int[] steps = new int[shape.size()];
    int elements = 1;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      steps[axis] = elements;
      elements *= shape.get(axis);
    }
    int[] places = new int[elements];
    for (int i = 0; i < elements; i++) {
      int rest = i;
      for (int axis = 0; axis < shape.size(); axis++) {
        places[i] += rest % shape.get(axis) * steps[axis];
        rest /= shape.get(axis);
      }
    }
    return places;
  }
}
