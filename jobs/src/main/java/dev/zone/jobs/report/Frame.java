package dev.zone.jobs.report;

import java.util.Locale;

/** What all charts share: the figure, the drawing with its title, axes with grid and labels. */
final class Frame {
  static final double WIDTH = 420;
  static final double TOP = 22;
  static final double BOTTOM = 38;
  static final double RIGHT = 14;

  private Frame() {}

  /** Opens a figure with its heading, and the drawing; {@link #end} closes both. */
  static void begin(Html html, String title, String summary, double width, double height) {
    html.open("figure").element("figcaption", title);
    drawing(html, title, summary, width, height);
  }

  static void drawing(Html html, String title, String summary, double width, double height) {
    html.open(
        "svg",
        "viewBox",
        "0 0 " + at(width) + " " + at(height),
        "role",
        "img",
        "aria-label",
        title + ". " + summary);
  }

  static void end(Html html) {
    html.close().close();
  }

  static void xAxis(Html html, Axis axis, String name, double left, double right, double bottom) {
    html.empty("path", "class", "axis", "d", "M" + at(left) + " " + at(bottom) + "H" + at(right));
    for (Axis.Tick tick : axis.ticks()) {
      html.empty("path", "class", "axis", "d", "M" + at(tick.at()) + " " + at(bottom) + "v4");
      html.element(
          "text",
          tick.label(),
          "x",
          at(tick.at()),
          "y",
          at(bottom + 16),
          "class",
          "tick",
          "text-anchor",
          "middle");
    }
    html.element(
        "text", name, "x", at(right), "y", at(bottom + 32), "class", "name", "text-anchor", "end");
  }

  static void yAxis(Html html, Axis axis, String name, double left, double right) {
    for (Axis.Tick tick : axis.ticks()) {
      html.empty(
          "path", "class", "grid", "d", "M" + at(left) + " " + at(tick.at()) + "H" + at(right));
      html.element(
          "text",
          tick.label(),
          "x",
          at(left - 6),
          "y",
          at(tick.at() + 3.8),
          "class",
          "tick",
          "text-anchor",
          "end");
    }
    html.element("text", name, "x", "2", "y", "11", "class", "name");
  }

  /** A vertical line with a label at its top, which stays inside. */
  static void marker(Html html, double x, String label, double top, double bottom, double right) {
    html.empty("path", "class", "marker", "d", "M" + at(x) + " " + at(top - 6) + "V" + at(bottom));
    boolean turn = x + label.length() * Axis.DIGIT > right;
    html.element(
        "text",
        label,
        "x",
        at(turn ? x - 5 : x + 5),
        "y",
        at(top + 2),
        "class",
        "mark",
        "text-anchor",
        turn ? "end" : "start");
  }

  /** Coordinates to a tenth: small files, sharp enough. */
  static String at(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
