package dev.zone.datasets.profile;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.TensorColumn;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/** What the rows of a dataset are like, column by column. */
public final class Profile {
  private static final int FORMAT = 1;

  /** Of all columns together: what a profile may take. */
  private static final int BINS = 200_000;

  private static final int MOST_BINS = 2048;
  private static final int FEWEST_BINS = 128;

  /** Of a piece with more rows some evenly chosen ones stand for all in the bins. */
  private static final int ALL = 1 << 14;

  private static final int SAMPLE = 1 << 12;

  private final Map<String, ColumnProfile> columns = new LinkedHashMap<>();
  private final DistinctRows distinct = new DistinctRows();
  private long rows;

  /**
   * Of some rows of a table.
   *
   * @param hashes of all its rows, as {@link RowHashes} makes them
   */
  public static Profile of(Table table, long[] hashes, IntPredicate wanted) {
    Profile profile = new Profile();
    int[] kept = new int[table.rows()];
    int count = 0;
    for (int row = 0; row < kept.length; row++) {
      if (wanted.test(row)) {
        kept[count++] = row;
        profile.distinct.add(hashes[row]);
      }
    }
    profile.rows = count;
    int[] rows = Arrays.copyOf(kept, count);
    int bins = mostBins(table.columns().size());
    table.columns().forEach((name, column) -> profile.columns.put(name, of(column, rows, bins)));
    return profile;
  }

  private static int mostBins(int columns) {
    return Math.max(FEWEST_BINS, Math.min(MOST_BINS, BINS / Math.max(1, columns)));
  }

  private static ColumnProfile of(Column column, int[] rows, int mostBins) {
    if (column instanceof CodedColumn coded) {
      return texts(coded, rows, mostBins);
    }
    ColumnProfile.Kind kind =
        column instanceof NumberColumn ? ColumnProfile.Kind.NUMBER : ColumnProfile.Kind.ARRAY;
    ColumnProfile profile = new ColumnProfile(kind, mostBins);
    double[] all =
        column instanceof NumberColumn numbers
            ? numbers.toArray()
            : means((TensorColumn) column, rows, profile);
    double[] values = new double[rows.length];
    int present = 0;
    for (int row : rows) {
      if (!Double.isNaN(all[row])) {
        values[present++] = all[row];
      }
    }
    profile.addMissing(rows.length - present);
    numbers(profile, values, present);
    return profile;
  }

  private static void numbers(ColumnProfile profile, double[] values, int size) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (int i = 0; i < size; i++) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
      sum += values[i];
    }
    double mean = sum / Math.max(1, size);
    double squares = 0;
    for (int i = 0; i < size; i++) {
      squares += (values[i] - mean) * (values[i] - mean);
    }
    if (profile.kind() == ColumnProfile.Kind.NUMBER) {
      profile.addRange(low, high);
    }
    profile.addMoments(size, mean, squares);
    int stride = size <= ALL ? 1 : (size + SAMPLE - 1) / SAMPLE;
    int chosen = 0;
    for (int i = 0; i < size; i += stride) {
      values[chosen++] = values[i];
    }
    Arrays.sort(values, 0, chosen);
    profile.bins().addSorted(values, chosen, stride);
  }

  private static double[] means(TensorColumn column, int[] rows, ColumnProfile profile) {
    double[] means = new double[column.size()];
    float[] elements = new float[column.elements()];
    for (int row : rows) {
      column.read(row, elements);
      double sum = 0;
      float low = Float.POSITIVE_INFINITY;
      float high = Float.NEGATIVE_INFINITY;
      int count = 0;
      for (float element : elements) {
        if (!Float.isNaN(element)) {
          sum += element;
          low = Math.min(low, element);
          high = Math.max(high, element);
          count++;
        }
      }
      profile.addRange(low, high);
      means[row] = count == 0 ? Double.NaN : sum / count;
    }
    return means;
  }

  private static ColumnProfile texts(CodedColumn coded, int[] rows, int mostBins) {
    ColumnProfile profile = new ColumnProfile(ColumnProfile.Kind.TEXT, mostBins);
    long[] counts = new long[coded.values().size()];
    long missing = 0;
    for (int row : rows) {
      int code = coded.code(row);
      if (code < 0) {
        missing++;
      } else {
        counts[code]++;
      }
    }
    profile.addMissing(missing);
    for (int code = 0; code < counts.length; code++) {
      if (counts[code] > 0) {
        profile.addText(coded.values().get(code), counts[code]);
      }
    }
    return profile;
  }

  /** Adds rows of the same dataset. */
  public void add(Profile other) {
    rows += other.rows;
    distinct.add(other.distinct);
    int bins = mostBins(Math.max(columns.size(), other.columns.size()));
    other.columns.forEach(
        (name, column) -> {
          ColumnProfile mine =
              columns.computeIfAbsent(name, none -> new ColumnProfile(column.kind(), bins));
          if (mine.kind() == column.kind()) {
            mine.add(column);
          }
        });
  }

  public long rows() {
    return rows;
  }

  /** By name, in the descriptor's order. */
  public Map<String, ColumnProfile> columns() {
    return Collections.unmodifiableMap(columns);
  }

  public DistinctRows distinct() {
    return distinct;
  }

  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    json.addProperty("rows", rows);
    json.addProperty("distinct", distinct.toText());
    JsonObject each = new JsonObject();
    columns.forEach((name, column) -> each.add(name, column.toJson()));
    json.add("columns", each);
    return json;
  }

  /**
   * @throws IllegalArgumentException if it is not what {@link #toJson} makes
   */
  public static Profile of(JsonObject json) {
    try {
      if (json.get("format").getAsInt() != FORMAT) {
        throw new IllegalArgumentException("expected format " + FORMAT);
      }
      Profile profile = new Profile();
      profile.rows = json.get("rows").getAsLong();
      profile.distinct.add(DistinctRows.of(json.get("distinct").getAsString()));
      JsonObject each = json.getAsJsonObject("columns");
      int bins = mostBins(each.size());
      for (Map.Entry<String, JsonElement> column : each.entrySet()) {
        profile.columns.put(
            column.getKey(), ColumnProfile.of(column.getValue().getAsJsonObject(), bins));
      }
      return profile;
    } catch (NullPointerException | ClassCastException | IllegalStateException e) {
      throw new IllegalArgumentException("expected a profile", e);
    }
  }
}
