package dev.zone.datasets.registry;

import dev.zone.datasets.Column;
import dev.zone.datasets.GroupIds;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import java.util.List;
import java.util.Map;

/**
 * Columns of remaining lives that a file's rows are written with, as a file that was fed with it
 * says them.
 */
record FileLives(List<Life> lives) {
  /** Of rows that come without. */
  static final FileLives NONE = new FileLives(List.of());

  FileLives {
    lives = List.copyOf(lives);
  }

  /**
   * A column.
   *
   * @param group column that tells the units apart
   * @param time column of numbers that counts cycles
   * @param ends by unit: the time at which nothing is left; none of units that are not cut short,
   *     whose remaining lives are missing until all rows are known
   */
  record Life(String column, String group, String time, Map<String, Double> ends) {}

  /** The same rows with the columns. */
  Table add(Table table) {
    Table more = table;
    for (Life life : lives) {
      Column group = table.column(life.group()).orElse(null);
      if (group == null || !(table.column(life.time()).orElse(null) instanceof NumberColumn time)) {
        continue;
      }
      more =
          more.with(
              life.column(),
              NumberColumn.of(
                  table.rows(),
                  row -> {
                    Double end = life.ends().get(GroupIds.text(group, row));
                    return end == null ? Double.NaN : end - time.value(row);
                  }));
    }
    return more;
  }
}
