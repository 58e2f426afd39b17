package dev.zone.jobs.report;

import dev.zone.conf.MetricName;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Numbers, times and names as people read them. The same on every machine. */
final class Words {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private Words() {}

  /** Four significant places of what a metric is: 0.9312, 14.73, 1,204. */
  static String metric(double value) {
    double size = Math.abs(value);
    if (size != 0 && size < 1e-4 || size >= 1e9) {
      return String.format(Locale.ROOT, "%.3e", value);
    } else if (size < 10) {
      return String.format(Locale.ROOT, "%.4f", value);
    } else if (size < 1000) {
      return String.format(Locale.ROOT, "%.2f", value);
    }
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  /** A number of unknown meaning, such as a learning rate: up to five significant places. */
  static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return count((long) value);
    }
    double size = Math.abs(value);
    if (size < 1e-3 || size >= 1e7) {
      return String.format(Locale.ROOT, "%.4g", value);
    }
    String text =
        String.format(Locale.ROOT, size < 1 ? "%.5f" : size < 100 ? "%.4f" : "%.2f", value);
    return text.replaceAll("0+$", "").replaceAll("\\.$", "");
  }

  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  static String percent(double share) {
    return String.format(
        Locale.ROOT, share > 0 && share < 0.1 ? "%.1f %%" : "%.0f %%", 100 * share);
  }

  /** 8.4 s, 2 min 5 s, 3 h 20 min. */
  static String duration(double seconds) {
    long whole = Math.round(seconds);
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    } else if (whole < 3600) {
      return whole / 60 + " min " + whole % 60 + " s";
    }
    return whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }

  /** As given if it is no instant. */
  static String time(String instant) {
    try {
      return TIME.format(Instant.parse(instant));
    } catch (DateTimeParseException e) {
      return instant;
    }
  }

  static String title(MetricName name) {
    return switch (name) {
      case LOSS -> "Loss";
      case ACCURACY -> "Accuracy";
      case BALANCED_ACCURACY -> "Balanced accuracy";
      case BALANCED_ERROR -> "Balanced error";
      case MACRO_F1 -> "Macro-F1";
      case F1 -> "F1";
      case PRECISION -> "Precision";
      case RECALL -> "Recall";
      case AUC -> "AUC";
      case AVERAGE_PRECISION -> "Average precision";
      case RMSE -> "RMSE";
      case MAE -> "MAE";
      case R2 -> "R²";
      case PHM08 -> "PHM08 score";
    };
  }

  /** At most so many characters, the last one then an ellipsis. */
  static String cut(String text, int longest) {
    return text.codePointCount(0, text.length()) <= longest
        ? text
        : text.substring(0, text.offsetByCodePoints(0, longest - 1)) + "…";
  }
}
