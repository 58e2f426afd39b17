package dev.zone.datasets.profile;

/** A set of numbers of 64 bits, by open addressing: 16 bytes a number at most half of the time. */
public final class LongSet {
  private long[] places = new long[1 << 12];
  private int size;

  /** Zero marks a free place, so that it has a place of its own. */
  private boolean hasZero;

  /**
   * @return whether it was not there
   */
  public boolean add(long value) {
    if (value == 0) {
      boolean added = !hasZero;
      hasZero = true;
      return added;
    }
    int at = place(value);
    if (places[at] == value) {
      return false;
    }
    places[at] = value;
    if (4L * ++size > 3L * places.length) {
      grow();
    }
    return true;
  }

  public boolean contains(long value) {
    return value == 0 ? hasZero : places[place(value)] == value;
  }

  private int place(long value) {
    int mask = places.length - 1;
    long mixed = value * 0x9E3779B97F4A7C15L;
    int at = (int) (mixed ^ (mixed >>> 32)) & mask;
    while (places[at] != 0 && places[at] != value) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    long[] old = places;
    places = new long[old.length * 2];
    for (long value : old) {
      if (value != 0) {
        places[place(value)] = value;
      }
    }
  }

  public int size() {
    return size + (hasZero ? 1 : 0);
  }
}
