package dev.zone.launcher.cli;

import java.util.Locale;

/** Numbers as people read them. */
final class Amounts {
  private Amounts() {}

  /** {@code 1,234,567}. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Four significant digits: {@code 0.4123}, {@code 14.21}, {@code 2,481}. */
  static String figure(double number) {
    double size = Math.abs(number);
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return String.valueOf(number);
    }
    if (size >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", number);
    }
    if (size != 0 && size < 0.001) {
      return String.format(Locale.ROOT, "%.2e", number);
    }
    int decimals = size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
    return String.format(Locale.ROOT, "%." + decimals + "f", number);
  }

  /** {@code 8 s}, {@code 2 min 5 s}, {@code 3 h 10 min}. */
  static String duration(double seconds) {
    long whole = Math.max(0, Math.round(seconds));
    if (whole < 60) {
      return whole + " s";
    }
    if (whole < 3600) {
      return whole / 60 + " min " + whole % 60 + " s";
    }
    return whole / 3600 + " h " + whole / 60 % 60 + " min";
  }

  /** {@code 512 MB}, {@code 2.0 GB}; powers of 1024. */
  static String bytes(long bytes) {
    if (bytes < 1L << 20) {
      return (bytes + 1023 >> 10) + " KB";
    }
    if (bytes < 1L << 30) {
      return (bytes + (1 << 19) >> 20) + " MB";
    }
    return String.format(Locale.ROOT, "%.1f GB", bytes / (double) (1L << 30));
  }
}
