package dev.zone.datasets.format;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Names;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.Column;
import dev.zone.datasets.GroupIds;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.TensorColumn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Computes the columns that a descriptor declares as remaining life: the unit's last time minus the
 * row's, plus what is left at the unit's last row; as files have them, where they do.
 */
final class RemainingLives {
  private final DataFolder folder;
  private final Limits limits;
  private final Problems problems;

  RemainingLives(DataFolder folder, Limits limits, Problems problems) {
    this.folder = folder;
    this.limits = limits;
    this.problems = problems;
  }

  Table add(Table table, DatasetSpec dataset) {
    Table more = table;
    for (Map.Entry<String, ColumnSpec> each : dataset.columns().entrySet()) {
      if (each.getValue().remainingLife().isPresent()) {
        Optional<Column> column =
            compute(table, each.getKey(), each.getValue().remainingLife().get());
        if (column.isPresent()) {
          more = more.with(each.getKey(), column.get());
        }
      }
    }
    return more;
  }

  private Optional<Column> compute(Table table, String name, ColumnSpec.RemainingLife spec) {
    Optional<Column> group = find(table, name, spec.group());
    Optional<Column> time = find(table, name, spec.time());
    if (group.isEmpty() || time.isEmpty()) {
      return Optional.empty();
    }
    if (group.get() instanceof TensorColumn || !(time.get() instanceof NumberColumn times)) {
      problems.add(
          "columns." + name,
          "Cannot compute remaining life from '%s' and '%s' (expected units and a number)"
              .formatted(spec.group(), spec.time()));
      return Optional.empty();
    }
    GroupIds units = GroupIds.of(table, group.get());
    double[] last = new double[units.groups().size()];
    Arrays.fill(last, Double.NEGATIVE_INFINITY);
    for (int row = 0; row < table.rows(); row++) {
      if (units.id(row) < 0 || Double.isNaN(times.value(row))) {
        problems.add(
            table.origins().text(row),
            "Cannot compute '%s': '%s' or '%s' is missing"
                .formatted(name, spec.group(), spec.time()));
        return Optional.empty();
      }
      last[units.id(row)] = Math.max(last[units.id(row)], times.value(row));
    }
    spec.atEnd()
        .forEach(
            (split, file) ->
                Faults.gather(file, problems, () -> addEnds(units.groups(), split, file, last)));
    NumberColumn given =
        spec.given() && table.column(name).orElse(null) instanceof NumberColumn numbers
            ? numbers
            : NumberColumn.of(table.rows(), row -> Double.NaN);
    return Optional.of(
        NumberColumn.of(
            table.rows(),
            row ->
                Double.isNaN(given.value(row))
                    ? last[units.id(row)] - times.value(row)
                    : given.value(row)));
  }

  private Optional<Column> find(Table table, String name, String wanted) {
    Optional<Column> found = table.column(wanted);
    if (found.isEmpty()) {
      problems.add(
          "columns." + name,
          "Cannot find column '%s'%s"
              .formatted(wanted, Names.suggestion(wanted, table.columns().keySet())));
    }
    return found;
  }

  /** Adds what is left at the end of each of a split's units. */
  private void addEnds(List<GroupIds.Group> groups, Split split, String file, double[] last)
      throws IOException {
    List<Integer> members = new ArrayList<>();
    for (int id = 0; id < groups.size(); id++) {
      if (groups.get(id).split().equals(Optional.of(split))) {
        members.add(id);
      }
    }
    List<String> units = members.stream().map(id -> groups.get(id).value()).toList();
    double[] left = UnitEnds.read(units, split, folder.resolve(file), limits);
    for (int i = 0; i < members.size(); i++) {
      last[members.get(i)] += left[i];
    }
  }
}
