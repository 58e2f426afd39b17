package dev.zone.datasets.prepare;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.WindowSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.Column;
import dev.zone.datasets.GroupIds;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import java.util.Arrays;
import java.util.Optional;

/**
 * One split's examples. Without windows an example is a row. With windows the split's rows stand in
 * series, each in time's order; an example ends at a row and reaches back as many as the window is
 * long, not beyond its series' start.
 */
final class Examples {
  private final int[] order;
  private final int[] seriesStarts;
  private final int[] ends;

  /**
   * @param order the split's rows, series after series
   * @param seriesStarts indexes into order, ascending
   * @param ends indexes into order, ascending: the last row of each example
   */
  private Examples(int[] order, int[] seriesStarts, int[] ends) {
    this.order = order;
    this.seriesStarts = seriesStarts;
    this.ends = ends;
  }

  static Examples ofRows(int[] rows) {
    int[] each = new int[rows.length];
    Arrays.setAll(each, i -> i);
    return new Examples(rows, each, each);
  }

  /** Cuts windows; nothing useful if there were problems. */
  static Examples ofWindows(
      Table table, int[] rows, WindowSpec spec, Split split, Problems problems) {
    int[] order = rows;
    int[] series = new int[rows.length];
    Optional<Column> group =
        spec.group().flatMap(name -> Columns.values(table, name, problems, "windows.group"));
    if (group.isPresent()) {
      GroupIds ids = GroupIds.of(table, group.get());
      for (int row : rows) {
        if (ids.id(row) < 0) {
          problems.add(
              table.origins().text(row),
              "Cannot cut windows: column '%s' is missing".formatted(spec.group().get()));
          return ofRows(new int[0]);
        }
      }
      order = byGroup(rows, ids, series);
    }
    Optional<NumberColumn> time =
        spec.time().flatMap(name -> Columns.number(table, name, problems, "windows.time"));
    int[] starts = starts(series);
    if (time.isPresent()) {
      for (int row : rows) {
        if (Double.isNaN(time.get().value(row))) {
          problems.add(
              table.origins().text(row),
              "Cannot cut windows: column '%s' is missing".formatted(spec.time().get()));
          return ofRows(new int[0]);
        }
      }
      for (int i = 0; i < starts.length; i++) {
        sort(order, starts[i], i + 1 < starts.length ? starts[i + 1] : order.length, time.get());
      }
    }
    return new Examples(order, starts, ends(starts, order.length, spec, split));
  }

  /** Rows group after group, by the groups' first rows; fills in the group of each place. */
  private static int[] byGroup(int[] rows, GroupIds ids, int[] series) {
    int[] places = new int[ids.groups().size() + 1];
    for (int row : rows) {
      places[ids.id(row) + 1]++;
    }
    for (int i = 1; i < places.length; i++) {
      places[i] += places[i - 1];
    }
    int[] order = new int[rows.length];
    for (int row : rows) {
      int place = places[ids.id(row)]++;
      order[place] = row;
      series[place] = ids.id(row);
    }
    return order;
  }

  private static int[] starts(int[] series) {
    int[] starts = new int[series.length];
    int count = 0;
    for (int i = 0; i < series.length; i++) {
      if (i == 0 || series[i] != series[i - 1]) {
        starts[count++] = i;
      }
    }
    return Arrays.copyOf(starts, count);
  }

  /** Sorts by time; rows of the same time stay in their order. */
  private static void sort(int[] order, int from, int to, NumberColumn time) {
    boolean sorted = true;
    for (int i = from + 1; i < to && sorted; i++) {
      sorted = time.value(order[i - 1]) <= time.value(order[i]);
    }
    if (!sorted) {
      Integer[] rows = new Integer[to - from];
      Arrays.setAll(rows, i -> order[from + i]);
      Arrays.sort(rows, (a, b) -> Double.compare(time.value(a), time.value(b)));
      for (int i = 0; i < rows.length; i++) {
        order[from + i] = rows[i];
      }
    }
  }

  private static int[] ends(int[] starts, int rows, WindowSpec spec, Split split) {
    boolean last = split == Split.TEST && spec.test() == WindowSpec.Test.LAST;
    int[] ends = new int[rows];
    int count = 0;
    for (int i = 0; i < starts.length; i++) {
      int start = starts[i];
      int end = i + 1 < starts.length ? starts[i + 1] : rows;
      if (end - start < spec.length()) {
        if (spec.pad() != WindowSpec.Pad.DROP) {
          ends[count++] = end - 1;
        }
      } else if (last) {
        ends[count++] = end - 1;
      } else {
        for (int at = start + spec.length() - 1; at < end; at += spec.stride()) {
          ends[count++] = at;
        }
      }
    }
    return Arrays.copyOf(ends, count);
  }

  int size() {
    return ends.length;
  }

  /** The row that gives an example its label and origin. */
  int row(int example) {
    return order[ends[example]];
  }

  /** The rows that give the examples their labels and origins. */
  int[] rows() {
    return Arrays.stream(ends).map(end -> order[end]).toArray();
  }

  /** Index into {@link #order()} of an example's last row. */
  int end(int example) {
    return ends[example];
  }

  /** Index into {@link #order()} of the first row of the series that holds that place. */
  int seriesStart(int place) {
    int found = Arrays.binarySearch(seriesStarts, place);
    return seriesStarts[found < 0 ? -found - 2 : found];
  }

  /** Rows that the example's series lacks to fill a window up to the example's last row. */
  int missingRows(int example, int length) {
    return Math.max(0, seriesStart(ends[example]) - (ends[example] - length + 1));
  }

  /** The split's rows, series after series. */
  int[] order() {
    return order;
  }
}
