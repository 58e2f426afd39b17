package dev.zone.datasets.profile;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Arrays;
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

  /** Ascending, each once. */
  private long[] keys = new long[0];

  private long[] counts = new long[0];

  /**
   * @param most bins
   */
  public ValueBins(int most) {
    this.most = most;
  }

  /**
   * Adds numbers.
   *
   * @param values ascending, none NaN
   * @param countEach how often each is there
   */
  public void addSorted(double[] values, int size, long countEach) {
    ValueBins more = new ValueBins(most);
    more.keys = new long[size];
    more.counts = new long[size];
    for (int i = 0; i < size; i++) {
      more.keys[i] = key(values[i]);
      more.counts[i] = countEach;
    }
    more.join(0);
    more.narrow();
    add(more);
  }

  /** Joins neighbours whose keys are equal without so many bits, which are dropped. */
  private void join(int bits) {
    int size = 0;
    for (int i = 0; i < keys.length; i++) {
      long key = keys[i] >> bits;
      if (size > 0 && keys[size - 1] == key) {
        counts[size - 1] += counts[i];
      } else {
        keys[size] = key;
        counts[size] = counts[i];
        size++;
      }
    }
    keys = Arrays.copyOf(keys, size);
    counts = Arrays.copyOf(counts, size);
    dropped += bits;
  }

  /** Drops as few bits as leave few enough bins. */
  private void narrow() {
    if (keys.length <= most) {
      return;
    }
    // Neighbours become one when the highest bit in which they differ is dropped.
    int[] joined = new int[ALL_BITS + 1];
    for (int i = 1; i < keys.length; i++) {
      joined[ALL_BITS - Long.numberOfLeadingZeros(keys[i] ^ keys[i - 1])]++;
    }
    int bits = 0;
    int left = keys.length;
    while (left > most && bits < ALL_BITS - 1 - dropped) {
      left -= joined[++bits];
    }
    join(bits);
  }

  /** Adds what another counted. */
  public void add(ValueBins other) {
    ValueBins same = other.as(this);
    if (same.dropped > dropped) {
      join(same.dropped - dropped);
    }
    long[] allKeys = new long[keys.length + same.keys.length];
    long[] allCounts = new long[allKeys.length];
    int mine = 0;
    int its = 0;
    for (int i = 0; i < allKeys.length; i++) {
      boolean first =
          its == same.keys.length || (mine < keys.length && keys[mine] <= same.keys[its]);
      allKeys[i] = first ? keys[mine] : same.keys[its];
      allCounts[i] = first ? counts[mine++] : same.counts[its++];
    }
    keys = allKeys;
    counts = allCounts;
    join(0);
    narrow();
  }

  /** The same with bins as wide as another's, if those are wider. */
  ValueBins as(ValueBins other) {
    ValueBins same = new ValueBins(most);
    same.dropped = dropped;
    same.keys = keys.clone();
    same.counts = counts.clone();
    if (other.dropped > dropped) {
      same.join(other.dropped - dropped);
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
    SortedMap<Long, Long> map = new TreeMap<>();
    for (int i = 0; i < keys.length; i++) {
      map.put(keys[i], counts[i]);
    }
    return map;
  }

  public long total() {
    return Arrays.stream(counts).sum();
  }

  /** Whether each bin is one value. */
  public boolean isExact() {
    return dropped == 0;
  }

  public int bins() {
    return keys.length;
  }

  /** The largest bin's share; 0 of nothing. */
  public double largestShare() {
    return Arrays.stream(counts).max().orElse(0) / (double) Math.max(1, total());
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
    for (int i = 0; i < keys.length; i++) {
      seen += counts[i];
      if (seen >= wanted) {
        return value(keys[i]);
      }
    }
    return Double.NaN;
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("bits", ALL_BITS - dropped);
    JsonArray bins = new JsonArray();
    for (int i = 0; i < keys.length; i++) {
      // Neighbours differ by little, which packs well.
      bins.add(keys[i] - (i == 0 ? 0 : keys[i - 1]));
      bins.add(counts[i]);
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
    bins.keys = new long[array.size() / 2];
    bins.counts = new long[bins.keys.length];
    for (int i = 0; i < bins.keys.length; i++) {
      // From a negative number to a positive one the step may be beyond 63 bits, and comes back.
      bins.keys[i] = array.get(2 * i).getAsLong() + (i == 0 ? 0 : bins.keys[i - 1]);
      if (i > 0 && bins.keys[i] <= bins.keys[i - 1]) {
        throw new IllegalArgumentException("expected bins in order");
      }
      bins.counts[i] = array.get(2 * i + 1).getAsLong();
    }
    bins.narrow();
    return bins;
  }
}
