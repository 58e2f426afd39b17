package dev.zone.datasets.prepare;

import dev.zone.conf.error.Names;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.Column;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.TensorColumn;
import java.util.Optional;

/** Finds columns that a job names. */
final class Columns {
  private Columns() {}

  static Optional<Column> find(Table table, String name, Problems problems, String where) {
    Optional<Column> found = table.column(name);
    if (found.isEmpty()) {
      problems.add(
          where,
          "Cannot find column '%s' in the dataset%s"
              .formatted(name, Names.suggestion(name, table.columns().keySet())));
    }
    return found;
  }

  static Optional<NumberColumn> number(Table table, String name, Problems problems, String where) {
    Optional<Column> found = find(table, name, problems, where);
    if (found.isPresent() && !(found.get() instanceof NumberColumn)) {
      problems.add(where, "Cannot calculate with column '%s' (expected numbers)".formatted(name));
    }
    return found.filter(NumberColumn.class::isInstance).map(NumberColumn.class::cast);
  }

  /** A column whose values can be told apart. */
  static Optional<Column> values(Table table, String name, Problems problems, String where) {
    Optional<Column> found = find(table, name, problems, where);
    if (found.isPresent() && found.get() instanceof TensorColumn) {
      problems.add(
          where, "Cannot group by column '%s' (expected numbers or texts)".formatted(name));
    }
    return found.filter(column -> !(column instanceof TensorColumn));
  }
}
