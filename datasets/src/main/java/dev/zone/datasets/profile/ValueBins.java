package dev.zone.datasets.profile;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often numbers are near which values: bins of the numbers' leading bits, as many bits as leave
 * at most so many bins. So a column of few different values is counted exactly, any other about
 * evenly over where its values are. Joined to the same bins in whatever order, since the bits that
 * are left depend on the numbers alone; quantile sketches of libraries draw at random.
 */
public final class ValueBins {
  private static final int ALL_BITS = 64;

  private final int most;
  private int dropped;
  private SortedMap<Long, Long> counts = new TreeMap<>();

  /**
   * @param most bins
   */
  public ValueBins(int most) {
    this.most = most;
  }

  /**
   * @param count how often
   */
  public void add(double value, long count) {
    counts.merge(key(value) >> dropped, count, Long::sum);
    narrow();
  }

  /** Adds numbers that are sorted. */
  void addSorted(double[] values, int size, long countEach) {
    int at = 0;
    while (at < size) {
      int end = at + 1;
      while (end < size && values[end] == values[at]) {
        end++;
      }
      add(values[at], (end - at) * countEach);
      at = end;
    }
  }

  private void narrow() {
    while (counts.size() > most && dropped < ALL_BITS - 1) {
      drop(dropped + 1);
    }
  }

  private void drop(int bits) {
    SortedMap<Long, Long> fewer = new TreeMap<>();
    int more = bits - dropped;
    counts.forEach((key, count) -> fewer.merge(key >> more, count, Long::sum));
    counts = fewer;
    dropped = bits;
  }

  /** Adds what another counted. */
  public void add(ValueBins other) {
    if (other.dropped > dropped) {
      drop(other.dropped);
    }
    int more = dropped - other.dropped;
    other.counts.forEach((key, count) -> counts.merge(key >> more, count, Long::sum));
    narrow();
  }

  /** A copy that can be added to. */
  public ValueBins copy() {
    ValueBins copy = new ValueBins(most);
    copy.dropped = dropped;
    copy.counts = new TreeMap<>(counts);
    return copy;
  }

  /** The same with bins as wide as another's, if those are wider. */
  ValueBins as(ValueBins other) {
    ValueBins same = copy();
    if (other.dropped > dropped) {
      same.drop(other.dropped);
    }
    return same;
  }

  /** Numbers in the order of doubles. */
  private static long key(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    return bits ^ ((bits >> (ALL_BITS - 1)) & Long.MAX_VALUE);
  }

  private double value(long key) {
    long sortable = key << dropped;
    return Double.longBitsToDouble(sortable ^ ((sortable >> (ALL_BITS - 1)) & Long.MAX_VALUE));
  }

  /** Counts by bin, in the order of values; equal keys of equally wide bins are the same bin. */
  SortedMap<Long, Long> counts() {
    return counts;
  }

  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Whether each bin is one value. */
  public boolean isExact() {
    return dropped == 0;
  }

  public int bins() {
    return counts.size();
  }

  /** The largest bin's share; 0 of nothing. */
  public double largestShare() {
    return counts.values().stream().mapToLong(Long::longValue).max().orElse(0)
        / (double) Math.max(1, total());
  }

  /**
   * A value that about so many are below.
   *
   * @param share from 0 to 1
   * @return NaN of nothing
   */
  public double quantile(double share) {
    long wanted = (long) Math.ceil(share * total());
    long seen = 0;
    for (Map.Entry<Long, Long> bin : counts.entrySet()) {
      seen += bin.getValue();
      if (seen >= wanted) {
        return value(bin.getKey());
      }
    }
    return Double.NaN;
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("bits", ALL_BITS - dropped);
    JsonArray bins = new JsonArray();
    long before = 0;
    for (Map.Entry<Long, Long> bin : counts.entrySet()) {
      // Neighbours differ by little, which packs well.
      bins.add(bin.getKey() - before);
      bins.add(bin.getValue());
      before = bin.getKey();
    }
    json.add("bins", bins);
    return json;
  }

  /**
   * @throws RuntimeException if it is not what {@link #toJson} makes
   */
  static ValueBins of(JsonObject json, int most) {
    ValueBins bins = new ValueBins(most);
    bins.dropped = ALL_BITS - json.get("bits").getAsInt();
    JsonArray array = json.getAsJsonArray("bins");
    if (bins.dropped < 0 || bins.dropped >= ALL_BITS || array.size() % 2 != 0) {
      throw new IllegalArgumentException("expected bins");
    }
    long key = 0;
    for (int i = 0; i < array.size(); i += 2) {
      key += array.get(i).getAsLong();
      bins.counts.put(key, array.get(i + 1).getAsLong());
    }
    bins.narrow();
    return bins;
  }
}
