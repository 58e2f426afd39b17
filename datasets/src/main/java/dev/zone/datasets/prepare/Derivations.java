package dev.zone.datasets.prepare;

import dev.zone.conf.DeriveSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/** Adds the columns that a job computes from others in the same row. */
final class Derivations {
  private Derivations() {}

  static Table add(Table table, Map<String, DeriveSpec> derive, Problems problems) {
    Table more = table;
    for (Map.Entry<String, DeriveSpec> each : derive.entrySet()) {
      String name = each.getKey();
      String where = "derive." + name;
      if (more.column(name).isPresent()) {
        problems.add(
            where,
            "Cannot derive column '%s': the dataset has it (expected a new name)".formatted(name));
        continue;
      }
      List<NumberColumn> columns = new ArrayList<>();
      for (String column : each.getValue().columns()) {
        Columns.number(more, column, problems, where).ifPresent(columns::add);
      }
      if (columns.size() < each.getValue().columns().size()) {
        continue;
      }
      Optional<IntToDoubleFunction> value = value(each.getValue(), columns);
      if (value.isEmpty()) {
        problems.add(
            where,
            "Cannot derive column '%s' from %d columns (expected two%s)"
                .formatted(
                    name,
                    columns.size(),
                    each.getValue() instanceof DeriveSpec.Product ? " or more" : ""));
        continue;
      }
      more = more.with(name, NumberColumn.of(table.rows(), finite(value.get())));
    }
    return more;
  }

  private static Optional<IntToDoubleFunction> value(DeriveSpec spec, List<NumberColumn> columns) {
    if (columns.size() < 2 || (columns.size() > 2 && !(spec instanceof DeriveSpec.Product))) {
      return Optional.empty();
    }
    NumberColumn a = columns.get(0);
    NumberColumn b = columns.get(1);
    if (spec instanceof DeriveSpec.Product) {
      return Optional.of(
          row -> {
            double product = 1;
            for (NumberColumn column : columns) {
              product *= column.value(row);
            }
            return product;
          });
    }
    if (spec instanceof DeriveSpec.Difference) {
      return Optional.of(row -> a.value(row) - b.value(row));
    }
    return Optional.of(row -> b.value(row) == 0 ? Double.NaN : a.value(row) / b.value(row));
  }

  /** What overflows is as good as missing. */
  private static IntToDoubleFunction finite(IntToDoubleFunction value) {
    return row -> {
      double result = value.applyAsDouble(row);
      return Double.isInfinite(result) ? Double.NaN : result;
    };
  }
}
