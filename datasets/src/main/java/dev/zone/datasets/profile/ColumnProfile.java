package dev.zone.datasets.profile;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the values of a column are like. Of arrays the numbers are the rows' means, but smallest and
 * largest are of all their elements.
 */
public final class ColumnProfile {
  /** More different texts are only counted as many. */
  static final int MOST_TEXTS = 1000;

  private final Kind kind;
  private final ValueBins bins;
  private SortedMap<String, Long> texts = new TreeMap<>();
  private boolean manyTexts;
  private long present;
  private long missing;
  private double low = Double.POSITIVE_INFINITY;
  private double high = Double.NEGATIVE_INFINITY;
  private double mean;
  private double squares;

  /** What its values are. */
  public enum Kind {
    NUMBER,
    TEXT,
    ARRAY
  }

  ColumnProfile(Kind kind, int mostBins) {
    this.kind = kind;
    this.bins = new ValueBins(mostBins);
  }

  void addMissing(long count) {
    missing += count;
  }

  /** Adds numbers' moments: Chan, Golub, LeVeque, "Updating formulae", 1979, as sums of pairs. */
  void addMoments(long count, double itsMean, double itsSquares) {
    if (count == 0) {
      return;
    }
    double step = itsMean - mean;
    long all = present + count;
    mean += step * count / all;
    squares += itsSquares + step * step * present * count / all;
    present = all;
  }

  void addRange(double least, double most) {
    low = Math.min(low, least);
    high = Math.max(high, most);
  }

  void addText(String text, long count) {
    present += count;
    if (!manyTexts) {
      texts.merge(text, count, Long::sum);
      checkMany();
    }
  }

  private void checkMany() {
    if (texts.size() > MOST_TEXTS) {
      manyTexts = true;
      texts = new TreeMap<>();
    }
  }

  void add(ColumnProfile other) {
    missing += other.missing;
    bins.add(other.bins);
    addRange(other.low, other.high);
    if (kind == Kind.TEXT) {
      present += other.present;
      manyTexts |= other.manyTexts;
      other.texts.forEach((text, count) -> texts.merge(text, count, Long::sum));
      if (manyTexts) {
        texts = new TreeMap<>();
      }
      checkMany();
    } else {
      addMoments(other.present, other.mean, other.squares);
    }
  }

  public Kind kind() {
    return kind;
  }

  /** Values that are there. */
  public long present() {
    return present;
  }

  public long missing() {
    return missing;
  }

  /** The smallest; infinite of nothing. */
  public double low() {
    return low;
  }

  public double high() {
    return high;
  }

  public double mean() {
    return present == 0 ? Double.NaN : mean;
  }

  /** Of the population. */
  public double deviation() {
    return present == 0 ? Double.NaN : Math.sqrt(squares / present);
  }

  /** Where the numbers are; of pieces with many rows evenly chosen ones count for the others. */
  public ValueBins bins() {
    return bins;
  }

  /** How often each text is there; none if there are more than 1,000 different ones. */
  public SortedMap<String, Long> texts() {
    return texts;
  }

  /** Whether the different texts are too many to be counted. */
  public boolean hasManyTexts() {
    return manyTexts;
  }

  /** The share of the value that is there most often, of those that are there; 0 if not known. */
  public double largestShare() {
    if (kind == Kind.TEXT) {
      return texts.values().stream().mapToLong(Long::longValue).max().orElse(0)
          / (double) Math.max(1, present);
    }
    return bins.isExact() ? bins.largestShare() : 0;
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("kind", kind.name());
    json.addProperty("present", present);
    json.addProperty("missing", missing);
    if (kind == Kind.TEXT) {
      json.addProperty("many", manyTexts);
      JsonObject counts = new JsonObject();
      texts.forEach(counts::addProperty);
      json.add("texts", counts);
    } else if (present > 0) {
      JsonArray moments = new JsonArray();
      for (double each : new double[] {low, high, mean, squares}) {
        moments.add(each);
      }
      json.add("moments", moments);
      json.add("values", bins.toJson());
    }
    return json;
  }

  /**
   * @throws RuntimeException if it is not what {@link #toJson} makes
   */
  static ColumnProfile of(JsonObject json, int mostBins) {
    ColumnProfile column =
        new ColumnProfile(Kind.valueOf(json.get("kind").getAsString()), mostBins);
    column.present = json.get("present").getAsLong();
    column.missing = json.get("missing").getAsLong();
    if (column.kind == Kind.TEXT) {
      column.manyTexts = json.get("many").getAsBoolean();
      for (Map.Entry<String, JsonElement> text : json.getAsJsonObject("texts").entrySet()) {
        column.texts.put(text.getKey(), text.getValue().getAsLong());
      }
      column.checkMany();
    } else if (column.present > 0) {
      JsonArray moments = json.getAsJsonArray("moments");
      column.low = moments.get(0).getAsDouble();
      column.high = moments.get(1).getAsDouble();
      column.mean = moments.get(2).getAsDouble();
      column.squares = moments.get(3).getAsDouble();
      column.bins.add(ValueBins.of(json.getAsJsonObject("values"), mostBins));
    }
    return column;
  }
}
