package dev.zone.datasets.registry;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.ColumnSpec.RemainingLife;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.datasets.Column;
import dev.zone.datasets.GroupIds;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remaining lives of rows that are read a part at a time: a unit's last row may be in another part.
 */
final class PartLives {
  /** By column. */
  private final Map<String, RemainingLife> lives = new LinkedHashMap<>();

  private final Map<Unit, Double> last = new HashMap<>();

  private record Unit(String column, Optional<Split> split, String name) {}

  /**
   * @param columns that are wanted, as the dataset has them
   */
  PartLives(Map<String, ColumnSpec> columns) {
    columns.forEach(
        (name, column) -> column.remainingLife().ifPresent(life -> lives.put(name, life)));
  }

  boolean areAny() {
    return !lives.isEmpty();
  }

  /** The columns as parts have them: of those that follow from all rows nothing. */
  Map<String, ColumnSpec> written(Map<String, ColumnSpec> columns) {
    Map<String, ColumnSpec> written = new LinkedHashMap<>();
    columns.forEach(
        (name, column) -> {
          RemainingLife life = lives.get(name);
          if (life == null) {
            written.put(name, column);
          } else if (life.given() || !life.atEnd().isEmpty()) {
            written.put(name, given(column));
          }
        });
    return written;
  }

  private static ColumnSpec given(ColumnSpec column) {
    return new ColumnSpec(
        column.type(),
        column.role(),
        column.shape(),
        column.range(),
        column.classes(),
        column.unit(),
        true,
        column.pattern(),
        Optional.empty());
  }

  /** Looks for the last rows of units; of all parts before rows are computed. */
  void look(Part part, Table table) {
    lives.forEach(
        (name, life) -> {
          Column group = table.column(life.group()).orElseThrow();
          NumberColumn time = (NumberColumn) table.column(life.time()).orElseThrow();
          for (int row = 0; row < table.rows(); row++) {
            last.merge(unit(name, part, group, row), time.value(row), Math::max);
          }
        });
  }

  private static Unit unit(String column, Part part, Column group, int row) {
    return new Unit(column, part.split(), GroupIds.text(group, row));
  }

  /** The rows of a part with their remaining lives. */
  Table add(Part part, Table table) {
    Table more = table;
    for (Map.Entry<String, RemainingLife> each : lives.entrySet()) {
      String name = each.getKey();
      Column group = table.column(each.getValue().group()).orElseThrow();
      NumberColumn time = (NumberColumn) table.column(each.getValue().time()).orElseThrow();
      double[] given =
          table.column(name).orElse(null) instanceof NumberColumn numbers
              ? numbers.toArray()
              : new double[0];
      more =
          more.with(
              name,
              NumberColumn.of(
                  table.rows(),
                  row ->
                      given.length > 0 && !Double.isNaN(given[row])
                          ? given[row]
                          : last.get(unit(name, part, group, row)) - time.value(row)));
    }
    return more;
  }
}
