package dev.zone.datasets.format;

/** Decimal numerals in a buffer of characters, without garbage for the usual ones. */
final class Numerals {
  private static final double[] TENS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };
  private static final long EXACT = 1L << 53;

  /** With a point: so that no number is too large to be gathered. */
  static final int MOST_DIGITS = 18;

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
    if (end - at > MOST_DIGITS) {
      return slow(text, from, length, decimal);
    }
    long digits = 0;
    int first = at;
    for (; at < end; at++) {
      int digit = text[at] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      digits = digits * 10 + digit;
    }
    int whole = at - first;
    int decimals = 0;
    if (at < end && text[at] == decimal) {
      first = ++at;
      for (; at < end; at++) {
        int digit = text[at] - '0';
        if (digit < 0 || digit > 9) {
          break;
        }
        digits = digits * 10 + digit;
      }
      decimals = at - first;
    }
    if (whole + decimals == 0) {
      return Double.NaN;
    }
    if (at < end || digits > EXACT) {
      return slow(text, from, length, decimal);
    }
    return scaled(digits, decimals, negative);
  }

  /**
   * The number of so many digits, some of them decimals.
   *
   * @return NaN if they are too many for one division
   */
  static double scaled(long digits, int decimals, boolean negative) {
    if (digits > EXACT) {
      return Double.NaN;
    }
    // Both are exact, so the one division rounds correctly (Clinger, PLDI 1990).
    double value = decimals == 0 ? digits : digits / TENS[decimals];
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
