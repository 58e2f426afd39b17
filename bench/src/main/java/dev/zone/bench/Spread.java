package dev.zone.bench;

import java.util.List;
import java.util.Locale;

/** The median of several measurements, and how far they lie apart. */
record Spread(double least, double median, double most) {
  static Spread of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Spread(sorted.get(0), median, sorted.get(sorted.size() - 1));
  }

  /**
   * {@code median (least..most)}.
   *
   * @param format of one number, as {@link String#format} has it
   */
  String text(String format) {
    return number(format, median)
        + " ("
        + number(format, least)
        + ".."
        + number(format, most)
        + ")";
  }

  static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
