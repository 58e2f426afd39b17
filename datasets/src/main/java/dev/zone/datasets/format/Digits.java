package dev.zone.datasets.format;

/** Eight bytes of text at a time, of which some are digits; the first in the lowest eight bits. */
final class Digits {
  private static final long ZEROS = 0x3030303030303030L;
  private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;

  /** With it a byte has its high bit if it is 10 or more. */
  private static final long TO_HIGH = 0x7676767676767676L;

  private static final long[] POWERS = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
  };

  private Digits() {}

  /** Digits as 0 to 9, other bytes as anything else. */
  static long of(long text) {
    return text ^ ZEROS;
  }

  /** The high bit of each byte that is no digit. */
  static long others(long word) {
    return (((word & LOW_BITS) + TO_HIGH) | word) & ~LOW_BITS;
  }

  /** The number of eight digits: neighbours are joined to pairs, those to fours, those to it. */
  static long number(long word) {
    long pairs = (word * 10 + (word >>> 8)) & 0x00FF00FF00FF00FFL;
    long fours = (pairs * 100 + (pairs >>> 16)) & 0x0000FFFF0000FFFFL;
    return (fours * 10_000 + (fours >>> 32)) & 0xFFFFFFFFL;
  }

  /** Ten to the power of 0 to 8. */
  static long power(int exponent) {
    return POWERS[exponent];
  }
}
