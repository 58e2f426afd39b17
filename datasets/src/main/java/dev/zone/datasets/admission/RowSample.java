package dev.zone.datasets.admission;

import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Origins;
import dev.zone.datasets.Table;
import dev.zone.datasets.TensorColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Some thousand different rows, those with the smallest hashes: the same ones in whatever order and
 * pieces they come, and as likely any as another. Arrays are left out.
 */
public final class RowSample {
  private static final int MOST = 1 << 13;
  private static final long MOST_VALUES = 2L << 20;

  /** Values of the columns in order; texts by number. */
  private final TreeMap<Long, double[]> rows = new TreeMap<>(Long::compareUnsigned);

  private final Map<String, Texts> columns = new LinkedHashMap<>();

  /** Larger hashes are of no use; the largest of all as long as there is room. */
  private long largest = -1L;

  /** Of a column: its different texts; none if it is one of numbers. */
  private record Texts(boolean numbers, boolean declared, Map<String, Integer> numberOf) {}

  /**
   * Takes rows of a table.
   *
   * @param hashes of all its rows
   */
  public void add(Table table, long[] hashes, IntPredicate wanted) {
    List<Column> taken = new ArrayList<>();
    table
        .columns()
        .forEach(
            (name, column) -> {
              if (!(column instanceof TensorColumn)) {
                taken.add(column);
                columns.computeIfAbsent(name, none -> texts(column));
              }
            });
    int most = (int) Math.max(256, Math.min(MOST, MOST_VALUES / Math.max(1, taken.size())));
    for (int row = 0; row < table.rows(); row++) {
      if (wanted.test(row)
          && Long.compareUnsigned(hashes[row], largest) <= 0
          && !rows.containsKey(hashes[row])) {
        rows.put(hashes[row], values(taken, row));
        if (rows.size() >= most) {
          if (rows.size() > most) {
            rows.pollLastEntry();
          }
          largest = rows.lastKey();
        }
      }
    }
  }

  private static Texts texts(Column column) {
    Texts texts =
        new Texts(
            column instanceof NumberColumn,
            column instanceof CodedColumn coded && coded.isDeclared(),
            new LinkedHashMap<>());
    if (column instanceof CodedColumn coded && coded.isDeclared()) {
      // The classes in their order, those that no row is of too.
      coded.values().forEach(value -> texts.numberOf().put(value, texts.numberOf().size()));
    }
    return texts;
  }

  private double[] values(List<Column> taken, int row) {
    double[] values = new double[taken.size()];
    int at = 0;
    for (Texts texts : columns.values()) {
      Column column = taken.get(at);
      if (column instanceof NumberColumn numbers) {
        values[at] = numbers.value(row);
      } else {
        CodedColumn coded = (CodedColumn) column;
        int code = coded.code(row);
        values[at] =
            code < 0
                ? Double.NaN
                : texts
                    .numberOf()
                    .computeIfAbsent(coded.values().get(code), none -> texts.numberOf().size());
      }
      at++;
    }
    return values;
  }

  /** The rows, in the order of their hashes. */
  public Table table() {
    List<double[]> all = new ArrayList<>(rows.values());
    Origins.Builder origins = new Origins.Builder();
    origins.begin(new Origins.Source("sample", Origins.Kind.INDEX, Optional.empty(), List.of()));
    for (int row = 0; row < all.size(); row++) {
      origins.add(row);
    }
    Map<String, Column> ordered = new LinkedHashMap<>();
    int at = 0;
    for (Map.Entry<String, Texts> each : columns.entrySet()) {
      int index = at++;
      ordered.put(each.getKey(), column(each.getValue(), all, index));
    }
    return new Table(ordered, origins.build());
  }

  private static Column column(Texts texts, List<double[]> rows, int at) {
    if (texts.numbers()) {
      return NumberColumn.of(rows.size(), row -> rows.get(row)[at]);
    }
    int[] codes = new int[rows.size()];
    for (int row = 0; row < codes.length; row++) {
      double value = rows.get(row)[at];
      codes[row] = Double.isNaN(value) ? -1 : (int) value;
    }
    return new CodedColumn(codes, List.copyOf(texts.numberOf().keySet()), texts.declared());
  }
}
