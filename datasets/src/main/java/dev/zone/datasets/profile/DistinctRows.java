package dev.zone.datasets.profile;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * How many different rows there are, by the smallest of their hashes: exact up to {@link #MOST},
 * beyond within about 1 % (Bar-Yossef, Jayram, Kumar, Sivakumar, Trevisan, "Counting distinct
 * elements in a data stream", RANDOM 2002).
 */
public final class DistinctRows {
  static final int MOST = 1 << 13;

  private static final double RANGE = 0x1.0p64;

  /** At first in any order. */
  private long[] hashes = new long[1 << 8];

  private int size;
  private boolean ordered = true;

  /** Larger ones are of no use; the largest of all as long as there is room. */
  private long largest = -1L;

  /** Those that were not larger: rows that are there again and again cost no more than a look. */
  private LongSet met = new LongSet();

  void add(long hash) {
    if (Long.compareUnsigned(hash, largest) > 0 || !met.add(hash)) {
      return;
    }
    if (size == hashes.length) {
      if (size < 2 * MOST) {
        hashes = Arrays.copyOf(hashes, Math.min(2 * MOST, 2 * size));
      } else {
        order();
      }
    }
    hashes[size++] = hash;
    ordered = false;
  }

  /** Leaves the smallest, ascending. */
  private void order() {
    if (ordered) {
      return;
    }
    // Unsigned order is that of the signed ones with the first bit turned.
    for (int i = 0; i < size; i++) {
      hashes[i] ^= Long.MIN_VALUE;
    }
    Arrays.sort(hashes, 0, size);
    size = Math.min(size, MOST);
    met = new LongSet();
    for (int i = 0; i < size; i++) {
      hashes[i] ^= Long.MIN_VALUE;
      met.add(hashes[i]);
    }
    largest = size == MOST ? hashes[size - 1] : -1L;
    ordered = true;
  }

  void add(DistinctRows other) {
    other.order();
    for (int i = 0; i < other.size; i++) {
      add(other.hashes[i]);
    }
  }

  public boolean isExact() {
    order();
    return size < MOST;
  }

  /** About how many different rows there are. */
  public long estimate() {
    if (isExact()) {
      return size;
    }
    double share = unsigned(hashes[size - 1]) / RANGE;
    return Math.round((MOST - 1) / share);
  }

  /**
   * How many of some different rows are among others.
   *
   * @param found of those that were looked for
   * @param looked how many were looked for: any as likely as another
   * @param all whether these are all
   */
  public record Overlap(long found, long looked, boolean all) {}

  /** How many of these rows are among others, as far as the hashes that are left tell it. */
  public Overlap in(DistinctRows others) {
    order();
    others.order();
    // Below it both have all hashes that there are.
    long bound = Long.compareUnsigned(largest, others.largest) < 0 ? largest : others.largest;
    long found = 0;
    int looked = 0;
    int at = 0;
    while (looked < size && Long.compareUnsigned(hashes[looked], bound) <= 0) {
      while (at < others.size && Long.compareUnsigned(others.hashes[at], hashes[looked]) < 0) {
        at++;
      }
      found += at < others.size && others.hashes[at] == hashes[looked] ? 1 : 0;
      looked++;
    }
    return new Overlap(found, looked, isExact() && others.isExact());
  }

  private static double unsigned(long value) {
    double half = (double) (value >>> 1);
    return half * 2 + (value & 1);
  }

  String toText() {
    order();
    ByteBuffer bytes = ByteBuffer.allocate(size * Long.BYTES);
    for (int i = 0; i < size; i++) {
      bytes.putLong(hashes[i]);
    }
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
