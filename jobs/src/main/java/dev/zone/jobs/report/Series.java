package dev.zone.jobs.report;

import java.util.List;

/**
 * A line of a chart.
 *
 * @param name for the legend
 * @param style number of its colour and dashes; -1 for the quiet one of the many
 * @param points by x
 */
record Series(String name, int style, List<Point> points) {
  /** Styles that the style sheet tells apart. */
  static final int STYLES = 8;

  static final int QUIET = -1;

  Series {
    points = List.copyOf(points);
  }

  /**
   * @param title what a pointer on it shows
   */
  record Point(double x, double y, String title) {}

  String cssClass() {
    return style < 0 ? "quiet" : "s" + style % STYLES;
  }
}
