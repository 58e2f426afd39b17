package dev.zone.datasets.format;

import java.util.Locale;

/** How values stand in messages. */
public final class Texts {
  private static final int SHOWN = 60;

  private Texts() {}

  /** At most a line of it, control characters as {@code ?}. */
  static String shown(char[] text, int from, int length) {
    return shown(new String(text, from, Math.min(length, SHOWN + 1)));
  }

  /** At most a line of it, control characters as {@code ?}. */
  public static String shown(String text) {
    String clean =
        text.codePoints()
            .map(c -> Character.isISOControl(c) ? '?' : c)
            .limit(SHOWN)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return text.length() > SHOWN ? clean + "…" : clean;
  }

  /** Whole numbers without a point. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.format(Locale.ROOT, "%.0f", value)
        : Double.toString(value);
  }
}
