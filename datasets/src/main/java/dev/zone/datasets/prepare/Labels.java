package dev.zone.datasets.prepare;

import dev.zone.conf.TaskSpec;
import dev.zone.conf.WindowSpec;
import dev.zone.conf.error.Names;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** What is learned of each row, by the conventions of {@link dev.zone.datasets.ExampleSet}. */
final class Labels {
  private final TaskSpec task;
  private final List<String> classes;
  private final List<Column> columns;

  /** Of the binary task: code of the positive class. */
  private final int positive;

  /** The class that marks a whole window; -1 for none. */
  private final int marking;

  private Labels(
      TaskSpec task, List<String> classes, List<Column> columns, int positive, int marking) {
    this.task = task;
    this.classes = List.copyOf(classes);
    this.columns = List.copyOf(columns);
    this.positive = positive;
    this.marking = marking;
  }

  /** Empty if there were problems. */
  static Optional<Labels> of(
      TaskSpec task, Optional<WindowSpec> windows, Table table, Problems problems) {
    int before = problems.count();
    String where = task instanceof TaskSpec.Multilabel ? "task.labels" : "task.label";
    List<Column> columns = new ArrayList<>();
    for (String label : task.labels()) {
      Columns.find(table, label, problems, where)
          .ifPresent(
              column -> {
                columns.add(column);
                check(task, label, column, table, problems, where);
              });
    }
    if (problems.count() > before) {
      return Optional.empty();
    }
    Labels labels = make(task, columns, windows, problems);
    return problems.count() > before ? Optional.empty() : Optional.of(labels);
  }

  private static Labels make(
      TaskSpec task, List<Column> columns, Optional<WindowSpec> windows, Problems problems) {
    List<String> values = columns.get(0) instanceof CodedColumn coded ? coded.values() : List.of();
    List<String> classes = values;
    int positive = 1;
    if (task instanceof TaskSpec.Binary binary) {
      positive =
          binary.positive().map(name -> index(values, name, problems, "task.positive")).orElse(1);
      classes = positive < 0 ? values : List.of(values.get(1 - positive), values.get(positive));
    } else if (!(task instanceof TaskSpec.Multiclass)) {
      classes = task.labels();
    }
    int marking = -1;
    Optional<String> anyRow = windows.flatMap(WindowSpec::anyRow);
    if (anyRow.isPresent()) {
      if (task instanceof TaskSpec.Binary || task instanceof TaskSpec.Multiclass) {
        marking = index(classes, anyRow.get(), problems, "windows.anyRow");
      } else {
        problems.add(
            "windows.anyRow",
            "Cannot mark windows by class '%s' (expected a binary or multiclass task)"
                .formatted(anyRow.get()));
      }
    }
    return new Labels(task, classes, columns, positive, marking);
  }

  private static int index(List<String> classes, String name, Problems problems, String where) {
    int found = classes.indexOf(name);
    if (found < 0) {
      problems.add(
          where,
          "Cannot find class '%s'%s (expected one of %s)"
              .formatted(name, Names.suggestion(name, classes), String.join(", ", classes)));
    }
    return found;
  }

  private static void check(
      TaskSpec task, String name, Column column, Table table, Problems problems, String where) {
    if (task instanceof TaskSpec.Regression) {
      if (!(column instanceof NumberColumn numbers)) {
        problems.add(
            where,
            "Cannot learn column '%s' as a number (expected a number column)".formatted(name));
        return;
      }
      missing(table, name, row -> Double.isNaN(numbers.value(row)), problems);
      return;
    }
    if (!(column instanceof CodedColumn coded) || !coded.isDeclared()) {
      problems.add(
          where,
          "Cannot learn classes of column '%s': the dataset declares none (expected classes: {value: name})"
              .formatted(name));
      return;
    }
    int count = coded.values().size();
    if (task instanceof TaskSpec.Multiclass ? count < 2 : count != 2) {
      problems.add(
          where,
          "Cannot learn column '%s': %d classes (expected %s)"
              .formatted(name, count, task instanceof TaskSpec.Multiclass ? "2 or more" : "2"));
      return;
    }
    missing(table, name, row -> coded.code(row) < 0, problems);
  }

  private static void missing(Table table, String name, IntPredicate missing, Problems problems) {
    int found = 0;
    for (int row = 0; row < table.rows(); row++) {
      if (missing.test(row) && ++found <= 3) {
        problems.add(
            table.origins().text(row), "Cannot use label '%s': it is missing".formatted(name));
      }
    }
    if (found > 3) {
      problems.add("", "Cannot use %d more rows: label '%s' is missing".formatted(found - 3, name));
    }
  }

  /** Names by {@link dev.zone.datasets.PreparedManifest#classes()}. */
  List<String> classes() {
    return classes;
  }

  /** Numbers a target has. */
  int width() {
    return columns.size();
  }

  boolean isRegression() {
    return task instanceof TaskSpec.Regression;
  }

  /** Classes of the one label; 0 if it is a number or there are several labels. */
  int classCount() {
    return task instanceof TaskSpec.Binary || task instanceof TaskSpec.Multiclass
        ? classes.size()
        : 0;
  }

  /** The class that marks a whole window, or -1. */
  int marking() {
    return marking;
  }

  /**
   * A row's target.
   *
   * @param label index into the task's labels
   */
  float value(int row, int label) {
    if (columns.get(label) instanceof NumberColumn numbers) {
      return (float) numbers.value(row);
    }
    int code = ((CodedColumn) columns.get(label)).code(row);
    return task instanceof TaskSpec.Binary ? (code == positive ? 1 : 0) : code;
  }

  /** Highest target of training and validation. */
  float cap() {
    return task instanceof TaskSpec.Regression regression
        ? regression.cap().map(Double::floatValue).orElse(Float.POSITIVE_INFINITY)
        : Float.POSITIVE_INFINITY;
  }
}
