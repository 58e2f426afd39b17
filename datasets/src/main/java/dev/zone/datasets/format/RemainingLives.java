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
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Computes the columns that a descriptor declares as remaining life: the unit's last time minus the
 * row's, plus what is left at the unit's last row.
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
                Faults.gather(file, problems, () -> addEnds(units, split, file, last)));
    return Optional.of(
        NumberColumn.of(table.rows(), row -> last[units.id(row)] - times.value(row)));
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
  private void addEnds(GroupIds units, Split split, String file, double[] last) throws IOException {
    List<Integer> members = new ArrayList<>();
    for (int id = 0; id < units.groups().size(); id++) {
      if (units.groups().get(id).split().equals(Optional.of(split))) {
        members.add(id);
      }
    }
    List<Double> numbers = new ArrayList<>();
    for (int id : members) {
      String value = units.groups().get(id).value();
      numbers.add(Numerals.parse(value.toCharArray(), 0, value.length()));
    }
    if (numbers.stream().noneMatch(number -> Double.isNaN(number))) {
      // Units that are numbered are in the order of their numbers, wherever their rows stand.
      members.sort(
          Comparator.comparingDouble(
              id -> {
                String value = units.groups().get(id).value();
                return Numerals.parse(value.toCharArray(), 0, value.length());
              }));
    }
    Ends ends = new Ends();
    try (InputStream in = Files.newInputStream(folder.resolve(file))) {
      new DelimitedText("whitespace", "UTF-8", limits).read(in, 1, 0, ends);
    }
    if (ends.values.size() != members.size()) {
      throw new FormatException(
          "Cannot use remaining lives: %d numbers (expected %d, one for each unit of %s)"
              .formatted(
                  ends.values.size(), members.size(), split.name().toLowerCase(Locale.ROOT)));
    }
    for (int i = 0; i < members.size(); i++) {
      last[members.get(i)] += ends.values.get(i);
    }
  }

  /** A number a line. */
  private static final class Ends implements FieldSink {
    private final List<Double> values = new ArrayList<>();
    private int line;

    @Override
    public void begin(int at) {
      line = at;
    }

    @Override
    public void field(int index, char[] text, int from, int length, boolean quoted) {
      double value = Numerals.parse(text, from, length);
      if (index > 0 || Double.isNaN(value)) {
        throw new FormatException(
            "Cannot read line %d: '%s' (expected one number)"
                .formatted(line, Texts.shown(text, from, length)));
      }
      values.add(value);
    }

    @Override
    public void end(int fields) {}
  }
}
