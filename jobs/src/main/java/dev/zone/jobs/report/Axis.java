package dev.zone.jobs.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A scale from values to the drawing's units, with ticks at round values. */
final class Axis {
  /** Width of a digit and height of a line at the drawings' font size of 11. */
  static final double DIGIT = 6.3;

  record Tick(double value, double at, String label) {}

  private final double low;
  private final double high;
  private final double from;
  private final double to;
  private final boolean log;
  private final List<Tick> ticks = new ArrayList<>();

  private Axis(double low, double high, double from, double to, boolean log) {
    this.low = low;
    this.high = high;
    this.from = from;
    this.to = to;
    this.log = log;
  }

  /**
   * Covers exactly low to high, ticks at multiples of 1, 2 or 5 times a power of ten.
   *
   * @param from where {@code low} is drawn, {@code to} where {@code high} is
   * @param most ticks wanted at most
   * @param whole ticks at whole numbers only
   */
  static Axis exact(double low, double high, double from, double to, int most, boolean whole) {
    double top = high > low ? high : low + 1;
    return stepped(low, top, from, to, step(top - low, most, whole));
  }

  /** As {@link #exact}, widened to the ticks around low and high. */
  static Axis round(double low, double high, double from, double to, int most) {
    double top = high > low ? high : low + Math.max(Math.abs(low), 1) * 0.1;
    double step = step(top - low, most, false);
    return stepped(
        Math.floor(low / step + 1e-9) * step, Math.ceil(top / step - 1e-9) * step, from, to, step);
  }

  private static Axis stepped(double low, double high, double from, double to, double step) {
    Axis axis = new Axis(low, high, from, to, false);
    double largest = Math.max(Math.abs(low), Math.abs(high));
    for (double i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
      axis.tick(i * step, label(i * step, step, largest));
    }
    double gap = Math.abs(axis.at(low + step) - axis.at(low));
    // Labels stand side by side on an axis that runs to the right.
    int every = from < to ? (int) Math.ceil((axis.labelWidth() + DIGIT) / gap) : 1;
    for (int i = axis.ticks.size() - 1; i >= 0; i--) {
      if (i % every != 0) {
        axis.ticks.remove(i);
      }
    }
    return axis;
  }

  /** Powers of ten around low and high (both above 0), with 2 and 5 between if few. */
  static Axis log(double low, double high, double from, double to) {
    double bottom = Math.log10(low);
    double top = Math.log10(Math.max(high, low * 1.01));
    Axis axis = new Axis(bottom, top, from, to, true);
    int[] between = top - bottom > 2.5 ? new int[] {1} : new int[] {1, 2, 5};
    int every = (int) Math.max(1, Math.ceil((top - bottom) / 6));
    for (int power = (int) Math.floor(bottom); power <= Math.ceil(top); power++) {
      for (int factor : between) {
        double value = factor * Math.pow(10, power);
        boolean inside = value >= low * 0.999 && value <= high * 1.001;
        if (inside && Math.floorMod(power, every) == 0) {
          axis.tick(value, logLabel(value, power));
        }
      }
    }
    return axis;
  }

  double at(double value) {
    double place = log ? Math.log10(value) : value;
    double share = (place - low) / (high - low);
    return from + Math.max(-0.02, Math.min(1.02, share)) * (to - from);
  }

  List<Tick> ticks() {
    return ticks;
  }

  /** Width of the longest label. */
  double labelWidth() {
    return ticks.stream().mapToInt(tick -> tick.label().length()).max().orElse(1) * DIGIT;
  }

  private void tick(double value, String label) {
    ticks.add(new Tick(value, at(value), label));
  }

  private static double step(double reach, int most, boolean whole) {
    double raw = reach / Math.max(1, most);
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double factor = raw / power;
    double nice =
        (factor <= 1 + 1e-9 ? 1 : factor <= 2 + 1e-9 ? 2 : factor <= 5 + 1e-9 ? 5 : 10) * power;
    return whole ? Math.max(1, nice) : nice;
  }

  /** All labels of an axis in the same unit, which its largest value decides. */
  private static String label(double value, double step, double largest) {
    if (Math.abs(value) < step * 1e-6) {
      return step >= 1 || step < 1e-4 ? "0" : trimmed(0, step);
    } else if (largest >= 1e9 || step < 1e-4) {
      return scientific(value, step);
    } else if (largest >= 1e6) {
      return trimmed(value / 1e6, step / 1e6) + "M";
    } else if (largest >= 1e4) {
      return trimmed(value / 1e3, step / 1e3) + "k";
    }
    return trimmed(value, step);
  }

  private static String scientific(double value, double step) {
    int digits =
        (int)
            (Math.floor(Math.log10(Math.abs(value)) + 1e-9) - Math.floor(Math.log10(step) + 1e-9));
    return String.format(Locale.ROOT, "%." + Math.max(0, digits) + "e", value)
        .replaceAll("e([-+])0", "e$1")
        .replace("e+", "e");
  }

  private static String trimmed(double value, double step) {
    int decimals = Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
  }

  private static String logLabel(double value, int power) {
    double unit = Math.pow(10, power);
    return power < -3 ? scientific(value, unit) : label(value, unit, value);
  }
}
