package dev.zone.datasets.format;

/** Decimal numerals in a buffer of characters, without garbage for the usual ones. */
final class Numerals {
  private static final double[] TENS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };
  private static final long EXACT = 1L << 53;

  private Numerals() {}

  /**
   * The correctly rounded double of a numeral such as {@code -12}, {@code 1.5e-3}, {@code .5}.
   *
   * @return NaN if the text is not a finite decimal number
   */
  static double parse(char[] text, int from, int length) {
    return parse(text, from, length, '.');
  }

  /**
   * @param decimal what stands before the decimals: a point or a comma
   * @return NaN if the text is not a finite decimal number
   */
  static double parse(char[] text, int from, int length, char decimal) {
    int end = from + length;
    int at = from;
    boolean negative = false;
    if (at < end && (text[at] == '-' || text[at] == '+')) {
      negative = text[at] == '-';
      at++;
    }
    long digits = 0;
    int count = 0;
    int scale = 0;
    boolean point = false;
    boolean any = false;
    for (; at < end; at++) {
      char c = text[at];
      if (c >= '0' && c <= '9') {
        any = true;
        if (count < 18) {
          digits = digits * 10 + (c - '0');
          count += digits == 0 ? 0 : 1;
          scale -= point ? 1 : 0;
        } else {
          return slow(text, from, length, decimal);
        }
      } else if (c == decimal && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (!any) {
      return Double.NaN;
    }
    if (at < end || digits > EXACT || scale < -22) {
      return slow(text, from, length, decimal);
    }
    // Both are exact, so the one division rounds correctly (Clinger, PLDI 1990).
    double value = scale == 0 ? digits : digits / TENS[-scale];
    return negative ? -value : value;
  }

  private static double slow(char[] text, int from, int length, char decimal) {
    for (int i = from; i < from + length; i++) {
      char c = text[i];
      // Java would also take 1d, 0x1p3 and Infinity.
      if ((c < '0' || c > '9') && c != '-' && c != '+' && c != decimal && c != 'e' && c != 'E') {
        return Double.NaN;
      }
    }
    try {
      double value = Double.parseDouble(new String(text, from, length).replace(decimal, '.'));
      return Double.isInfinite(value) ? Double.NaN : value;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
