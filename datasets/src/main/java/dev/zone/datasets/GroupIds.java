package dev.zone.datasets;

import dev.zone.conf.SplitSpec.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells the units of a column apart: series, tracks, machines. Rows whose files name different
 * splits are different units even if the value is the same: unit 1 of a training file is not unit 1
 * of a test file.
 */
public final class GroupIds {
  private final int[] ids;
  private final List<Group> groups;

  private GroupIds(int[] ids, List<Group> groups) {
    this.ids = ids;
    this.groups = List.copyOf(groups);
  }

  /**
   * @param value as text
   * @param split that the unit's file names
   * @param firstRow where the unit is met first
   */
  public record Group(String value, Optional<Split> split, int firstRow) {}

  /**
   * @throws IllegalArgumentException if the column holds tensors
   */
  public static GroupIds of(Table table, Column column) {
    int[] ids = new int[table.rows()];
    List<Group> groups = new ArrayList<>();
    Map<Key, Integer> known = new HashMap<>();
    Key last = null;
    int lastId = -1;
    int source = -1;
    int split = -1;
    for (int row = 0; row < ids.length; row++) {
      int rowSource = table.origins().source(row);
      if (rowSource != source) {
        source = rowSource;
        split = table.origins().sources().get(source).split().map(Enum::ordinal).orElse(-1);
      }
      if (isMissing(column, row)) {
        ids[row] = -1;
        continue;
      }
      long bits =
          column instanceof NumberColumn numbers
              ? Double.doubleToLongBits(numbers.value(row))
              : ((CodedColumn) column).code(row);
      if (last == null || last.bits != bits || last.split != split) {
        last = new Key(bits, split);
        Integer id = known.get(last);
        if (id == null) {
          id = groups.size();
          known.put(last, id);
          groups.add(new Group(text(column, row), table.origins().givenSplit(row), row));
        }
        lastId = id;
      }
      ids[row] = lastId;
    }
    return new GroupIds(ids, groups);
  }

  private record Key(long bits, int split) {}

  /** Whether the row misses a value. */
  public static boolean isMissing(Column column, int row) {
    if (column instanceof NumberColumn numbers) {
      return Double.isNaN(numbers.value(row));
    }
    if (column instanceof CodedColumn coded) {
      return coded.code(row) < 0;
    }
    return false;
  }

  /** The row's value for people; empty if it is missing. */
  public static String text(Column column, int row) {
    if (isMissing(column, row)) {
      return "";
    }
    if (column instanceof NumberColumn numbers) {
      return text(numbers.value(row));
    }
    if (column instanceof CodedColumn coded) {
      return coded.values().get(coded.code(row));
    }
    throw new IllegalArgumentException("Cannot tell tensors apart");
  }

  /** A number for people: a whole one without a point. */
  public static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** The row's unit, index into {@link #groups()}; -1 if it has none. */
  public int id(int row) {
    return ids[row];
  }

  /** In the order of their first rows. */
  public List<Group> groups() {
    return groups;
  }
}
