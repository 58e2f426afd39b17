package dev.zone.datasets.admission;

import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Origins;
import dev.zone.datasets.Table;
import dev.zone.datasets.TensorColumn;
import dev.zone.datasets.profile.LongSet;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Some thousand different rows, those with the smallest hashes: the same ones in whatever order and
 * pieces they come, and as likely any as another. Arrays are left out.
 */
public final class RowSample {
  private static final int MOST = 1 << 13;
  private static final long MOST_VALUES = 2L << 20;

  /** More are of no sample that was written. */
  private static final int MOST_COLUMNS = 1 << 20;

  private static final int MOST_TEXT = 1 << 28;

  /** Values of the columns in order; texts by number. */
  private final TreeMap<Long, double[]> rows = new TreeMap<>(Long::compareUnsigned);

  private final Map<String, Texts> columns = new LinkedHashMap<>();

  /** Larger hashes are of no use; the largest of all as long as there is room. */
  private long largest = -1L;

  /** Hashes that were not larger: of rows that are there, or that had to go and are larger now. */
  private LongSet met = new LongSet();

  /** Of a column: its different texts; none if it is one of numbers. */
  private record Texts(boolean numbers, boolean declared, Map<String, Integer> numberOf) {}

  /** Takes any rows. */
  public RowSample() {}

  /**
   * Takes rows that are to be added to others, none that those would not take.
   *
   * @param largest of the others: {@link #largest}
   */
  public RowSample(long largest) {
    this.largest = largest;
  }

  /** The largest hash, unsigned, that a row may have to be taken. */
  public long largest() {
    return largest;
  }

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
    for (int row = 0; row < table.rows(); row++) {
      long hash = hashes[row];
      if (Long.compareUnsigned(hash, largest) <= 0 && wanted.test(row) && met.add(hash)) {
        put(hash, values(taken, row));
      }
    }
  }

  private void put(long hash, double[] values) {
    int most = (int) Math.max(256, Math.min(MOST, MOST_VALUES / Math.max(1, columns.size())));
    rows.put(hash, values);
    if (rows.size() >= most) {
      if (rows.size() > most) {
        rows.pollLastEntry();
      }
      largest = rows.lastKey();
      if (met.size() > 4 * most) {
        met = new LongSet();
        rows.keySet().forEach(met::add);
      }
    }
  }

  /** Takes rows of another, behind those that are here: as if they were added one by one. */
  public void add(RowSample other) {
    List<String> names = new ArrayList<>();
    List<int[]> numbers = new ArrayList<>();
    other.columns.forEach(
        (name, its) -> {
          Texts mine =
              columns.computeIfAbsent(
                  name, none -> new Texts(its.numbers(), its.declared(), new LinkedHashMap<>()));
          int[] number = new int[its.numberOf().size()];
          its.numberOf()
              .forEach(
                  (text, of) -> {
                    mine.numberOf().putIfAbsent(text, mine.numberOf().size());
                    number[of] = mine.numberOf().get(text);
                  });
          names.add(name);
          numbers.add(number);
        });
    List<String> mine = List.copyOf(columns.keySet());
    int[] places = names.stream().mapToInt(mine::indexOf).toArray();
    other.rows.forEach(
        (hash, its) -> {
          if (Long.compareUnsigned(hash, largest) <= 0 && met.add(hash)) {
            double[] values = new double[mine.size()];
            Arrays.fill(values, Double.NaN);
            for (int i = 0; i < its.length; i++) {
              boolean text = numbers.get(i).length > 0 && !Double.isNaN(its[i]);
              values[places[i]] = text ? numbers.get(i)[(int) its[i]] : its[i];
            }
            put(hash, values);
          }
        });
  }

  /**
   * The same rows, without the texts of those that had to go.
   *
   * @param wanted names of the columns that are kept
   */
  public RowSample compact(Predicate<String> wanted) {
    RowSample kept = new RowSample(largest);
    List<String> all = List.copyOf(columns.keySet());
    int[] from = IntStream.range(0, all.size()).filter(i -> wanted.test(all.get(i))).toArray();
    List<int[]> numbers = new ArrayList<>();
    for (int index : from) {
      Texts texts = columns.get(all.get(index));
      BitSet used = new BitSet();
      if (!texts.numbers()) {
        rows.values().stream()
            .mapToDouble(row -> value(row, index))
            .filter(value -> !Double.isNaN(value))
            .forEach(value -> used.set((int) value));
      }
      Texts its = new Texts(texts.numbers(), texts.declared(), new LinkedHashMap<>());
      int[] number = new int[texts.numberOf().size()];
      texts
          .numberOf()
          .forEach(
              (text, of) -> {
                if (texts.declared() || used.get(of)) {
                  number[of] = its.numberOf().size();
                  its.numberOf().put(text, number[of]);
                }
              });
      kept.columns.put(all.get(index), its);
      numbers.add(number);
    }
    rows.forEach(
        (hash, its) -> {
          double[] values = new double[from.length];
          for (int i = 0; i < values.length; i++) {
            double value = value(its, from[i]);
            boolean text = numbers.get(i).length > 0 && !Double.isNaN(value);
            values[i] = text ? numbers.get(i)[(int) value] : value;
          }
          kept.rows.put(hash, values);
          kept.met.add(hash);
        });
    return kept;
  }

  /** Writes it, as {@link #read} reads it. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(columns.size());
    for (Map.Entry<String, Texts> each : columns.entrySet()) {
      write(out, each.getKey());
      out.writeBoolean(each.getValue().numbers());
      out.writeBoolean(each.getValue().declared());
      out.writeInt(each.getValue().numberOf().size());
      for (String text : each.getValue().numberOf().keySet()) {
        write(out, text);
      }
    }
    out.writeInt(rows.size());
    for (Map.Entry<Long, double[]> row : rows.entrySet()) {
      out.writeLong(row.getKey());
      for (double value : row.getValue()) {
        out.writeDouble(value);
      }
    }
  }

  private static void write(DataOutput out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException too if it is something else
   */
  public static RowSample read(DataInput in) throws IOException {
    RowSample sample = new RowSample();
    int columns = count(in, MOST_COLUMNS);
    List<Texts> all = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      String name = readText(in);
      Texts texts = new Texts(in.readBoolean(), in.readBoolean(), new LinkedHashMap<>());
      int count = count(in, Integer.MAX_VALUE);
      for (int text = 0; text < count; text++) {
        texts.numberOf().put(readText(in), text);
      }
      sample.columns.put(name, texts);
      all.add(texts);
    }
    int rows = count(in, MOST);
    for (int row = 0; row < rows; row++) {
      long hash = in.readLong();
      double[] values = new double[columns];
      for (int i = 0; i < columns; i++) {
        values[i] = in.readDouble();
        boolean text = !all.get(i).numbers() && !Double.isNaN(values[i]);
        if (text && !(values[i] >= 0 && values[i] < all.get(i).numberOf().size())) {
          throw new IOException("expected a sample of rows");
        }
      }
      sample.rows.put(hash, values);
    }
    return sample;
  }

  private static int count(DataInput in, int most) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > most) {
      throw new IOException("expected a sample of rows");
    }
    return count;
  }

  private static String readText(DataInput in) throws IOException {
    byte[] bytes = new byte[count(in, MOST_TEXT)];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
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
      return NumberColumn.of(rows.size(), row -> value(rows.get(row), at));
    }
    int[] codes = new int[rows.size()];
    for (int row = 0; row < codes.length; row++) {
      double value = value(rows.get(row), at);
      codes[row] = Double.isNaN(value) ? -1 : (int) value;
    }
    return new CodedColumn(codes, List.copyOf(texts.numberOf().keySet()), texts.declared());
  }

  /** Rows that came before a column was there do not have it. */
  private static double value(double[] row, int at) {
    return at < row.length ? row[at] : Double.NaN;
  }
}
