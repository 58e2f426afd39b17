package dev.zone.datasets.profile;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.TreeSet;

/**
 * How many different rows there are, by the smallest of their hashes: exact up to {@link #MOST},
 * beyond within about 1 % (Bar-Yossef, Jayram, Kumar, Sivakumar, Trevisan, "Counting distinct
 * elements in a data stream", RANDOM 2002).
 */
public final class DistinctRows {
  static final int MOST = 1 << 13;

  private static final double RANGE = 0x1.0p64;

  private final TreeSet<Long> smallest = new TreeSet<>(Long::compareUnsigned);

  /** Larger ones are of no use; the largest of all as long as there is room. */
  private long largest = -1L;

  void add(long hash) {
    if (Long.compareUnsigned(hash, largest) <= 0 && smallest.add(hash) && smallest.size() >= MOST) {
      if (smallest.size() > MOST) {
        smallest.pollLast();
      }
      largest = smallest.last();
    }
  }

  void add(DistinctRows other) {
    other.smallest.forEach(this::add);
  }

  public boolean isExact() {
    return smallest.size() < MOST;
  }

  /** About how many different rows there are. */
  public long estimate() {
    if (isExact()) {
      return smallest.size();
    }
    double share = unsigned(smallest.last()) / RANGE;
    return Math.round((MOST - 1) / share);
  }

  private static double unsigned(long value) {
    double half = (double) (value >>> 1);
    return half * 2 + (value & 1);
  }

  String toText() {
    ByteBuffer bytes = ByteBuffer.allocate(smallest.size() * Long.BYTES);
    smallest.forEach(bytes::putLong);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /**
   * @throws IllegalArgumentException if it is not what {@link #toText} makes
   */
  static DistinctRows of(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
    DistinctRows rows = new DistinctRows();
    while (bytes.remaining() >= Long.BYTES) {
      rows.add(bytes.getLong());
    }
    return rows;
  }
}
