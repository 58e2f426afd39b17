package dev.zone.datasets.profile;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.TensorColumn;
import java.util.Collections;
import java.util.EnumMap;
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

  private final Map<String, ColumnProfile> columns = new LinkedHashMap<>();
  private final DistinctRows distinct = new DistinctRows();

  /** Of rows whose files name their split. */
  private final Map<Split, SplitRows> splits = new EnumMap<>(Split.class);

  private long rows;

  /**
   * Rows that belong to a split.
   *
   * @param rows how many
   */
  public record SplitRows(long rows, DistinctRows distinct) {
    private static SplitRows none() {
      return new SplitRows(0, new DistinctRows());
    }

    private SplitRows and(SplitRows others) {
      distinct.add(others.distinct);
      return new SplitRows(rows + others.rows, distinct);
    }
  }

  /**
   * Of some rows of a table.
   *
   * @param hashes of all its rows, as {@link RowHashes} makes them
   */
  public static Profile of(Table table, long[] hashes, IntPredicate wanted) {
    Profile profile = new Profile();
    int count = 0;
    for (int row = 0; row < table.rows(); row++) {
      if (wanted.test(row)) {
        profile.distinct.add(hashes[row]);
        count++;
      }
    }
    profile.rows = count;
    Chosen rows = new Chosen(table.rows(), count, wanted);
    int bins = mostBins(table.columns().size());
    table.columns().forEach((name, column) -> profile.columns.put(name, of(column, rows, bins)));
    return profile;
  }

  private static int mostBins(int columns) {
    return Math.max(FEWEST_BINS, Math.min(MOST_BINS, BINS / Math.max(1, columns)));
  }

  private static ColumnProfile of(Column column, Chosen rows, int mostBins) {
    if (column instanceof CodedColumn coded) {
      return texts(coded, rows, mostBins);
    }
    ColumnProfile.Kind kind =
        column instanceof NumberColumn ? ColumnProfile.Kind.NUMBER : ColumnProfile.Kind.ARRAY;
    ColumnProfile profile = new ColumnProfile(kind, mostBins);
    double[] values =
        column instanceof NumberColumn numbers
            ? numbers.toArray()
            : means((TensorColumn) column, rows, profile);
    new Moments(values, rows).addTo(profile);
    return profile;
  }

  private static double[] means(TensorColumn column, Chosen rows, ColumnProfile profile) {
    double[] means = new double[column.size()];
    float[] elements = new float[column.elements()];
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.row(i);
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

  private static ColumnProfile texts(CodedColumn coded, Chosen rows, int mostBins) {
    ColumnProfile profile = new ColumnProfile(ColumnProfile.Kind.TEXT, mostBins);
    long[] counts = new long[coded.values().size()];
    long missing = 0;
    for (int i = 0; i < rows.count(); i++) {
      int code = coded.code(rows.row(i));
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
    other.splits.forEach(
        (split, its) -> splits.put(split, splits.getOrDefault(split, SplitRows.none()).and(its)));
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

  /** Says that all its rows belong to a split. */
  public void assign(Split split) {
    splits.clear();
    splits.put(split, SplitRows.none().and(new SplitRows(rows, distinct)));
  }

  public long rows() {
    return rows;
  }

  /** Those rows whose files name their split. */
  public Map<Split, SplitRows> splits() {
    return Collections.unmodifiableMap(splits);
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
    JsonObject ofSplits = new JsonObject();
    splits.forEach(
        (split, its) -> {
          JsonObject one = new JsonObject();
          one.addProperty("rows", its.rows());
          one.addProperty("distinct", its.distinct().toText());
          ofSplits.add(split.name(), one);
        });
    if (!splits.isEmpty()) {
      json.add("splits", ofSplits);
    }
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
      if (json.has("splits")) {
        json.getAsJsonObject("splits")
            .entrySet()
            .forEach(
                split -> {
                  JsonObject one = split.getValue().getAsJsonObject();
                  profile.splits.put(
                      Split.valueOf(split.getKey()),
                      new SplitRows(
                          one.get("rows").getAsLong(),
                          DistinctRows.of(one.get("distinct").getAsString())));
                });
      }
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
