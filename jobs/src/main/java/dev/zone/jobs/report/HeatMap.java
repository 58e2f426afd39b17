package dev.zone.jobs.report;

import java.util.List;
import java.util.Locale;

/**
 * A confusion matrix: a row a true class, a column a predicted one. A cell's shade is its share of
 * the row; hits and misses have hues of their own.
 */
final class HeatMap {
  private static final int LONGEST_NAME = 22;

  private final String title;
  private final List<String> names;
  private final List<List<Long>> counts;
  private final double cell;
  private final double digit;

  HeatMap(String title, List<String> names, List<List<Long>> counts) {
    this.title = title;
    this.names = names.stream().map(name -> Words.cut(name, LONGEST_NAME)).toList();
    this.counts = counts;
    int classes = counts.size();
    this.cell =
        classes <= 3 ? 84 : classes <= 6 ? 64 : classes <= 12 ? 48 : classes <= 24 ? 34 : 24;
    long largest = counts.stream().flatMap(List::stream).mapToLong(Long::longValue).max().orElse(0);
    int digits = Words.count(largest).length();
    // Digits are 0.58 of the font size wide.
    this.digit = Math.max(6, Math.min(classes <= 6 ? 15 : 12, (cell - 3) / (0.58 * digits)));
  }

  void render(Html html) {
    int classes = counts.size();
    double longest = names.stream().mapToInt(String::length).max().orElse(1) * 6.4;
    boolean upright = longest > cell - 6;
    double left = 24 + longest + 8;
    double top = 24 + (upright ? longest + 8 : 18);
    double width = left + classes * cell + 4;
    double height = top + classes * cell + 4;
    html.open("figure", "class", "matrix").element("figcaption", title);
    html.open("div", "class", "scroll", "tabindex", "0", "role", "group", "aria-label", title);
    html.open(
        "svg",
        "viewBox",
        "0 0 " + Frame.at(width) + " " + Frame.at(height),
        "role",
        "img",
        "aria-label",
        title + ". Rows are true classes, columns predicted ones.",
        "style",
        "min-width:"
            + Frame.at(Math.min(width, classes <= 3 ? 300 : width * 0.8))
            + "px;max-width:"
            + Frame.at(width)
            + "px");
    labels(html, left, top, upright);
    for (int truth = 0; truth < classes; truth++) {
      row(html, truth, left, top + truth * cell);
    }
    html.close().close();
    html.element(
        "p",
        "A cell's shade is its share of the true class's row: blue hits on the diagonal, orange misses beside it.",
        "class",
        "note");
    html.close();
  }

  private void labels(Html html, double left, double top, boolean upright) {
    double span = counts.size() * cell;
    html.element(
        "text",
        "predicted",
        "x",
        Frame.at(left + span / 2),
        "y",
        "13",
        "class",
        "name",
        "text-anchor",
        "middle");
    html.element(
        "text",
        "true",
        "class",
        "name",
        "text-anchor",
        "middle",
        "transform",
        "translate(13 " + Frame.at(top + span / 2) + ") rotate(-90)");
    for (int i = 0; i < names.size(); i++) {
      double middle = (i + 0.5) * cell;
      html.element(
          "text",
          names.get(i),
          "x",
          Frame.at(left - 7),
          "y",
          Frame.at(top + middle + 4),
          "class",
          "tick",
          "text-anchor",
          "end");
      html.element(
          "text",
          names.get(i),
          "class",
          "tick",
          "text-anchor",
          upright ? "start" : "middle",
          "transform",
          "translate("
              + Frame.at(left + middle + (upright ? 4 : 0))
              + " "
              + Frame.at(top - 7)
              + ")"
              + (upright ? " rotate(-90)" : ""));
    }
  }

  private void row(Html html, int truth, double left, double y) {
    List<Long> row = counts.get(truth);
    long all = row.stream().mapToLong(Long::longValue).sum();
    for (int said = 0; said < row.size(); said++) {
      long count = row.get(said);
      boolean hit = truth == said;
      if (count == 0 && !hit) {
        continue;
      }
      double share = all == 0 ? 0 : (double) count / all;
      double shade = count == 0 ? 0 : 0.1 + 0.9 * share;
      double x = left + said * cell;
      html.open("g", "class", (hit ? "hit" : "miss") + (shade > 0.55 ? " full" : ""));
      html.element(
          "title",
          "true %s, predicted %s: %s of %s (%s)"
              .formatted(
                  names.get(truth),
                  names.get(said),
                  Words.count(count),
                  Words.count(all),
                  Words.percent(share)));
      html.empty(
          "rect",
          "x",
          Frame.at(x),
          "y",
          Frame.at(y),
          "width",
          Frame.at(cell),
          "height",
          Frame.at(cell),
          "fill-opacity",
          fraction(shade));
      boolean both = cell >= 48;
      number(html, Words.count(count), x, y + cell / 2 + digit * (both ? 0.1 : 0.36), digit);
      if (both) {
        number(html, Words.percent(share), x, y + cell / 2 + digit * 0.1 + 15, 10.5);
      }
      html.close();
    }
    html.empty(
        "path",
        "class",
        "grid",
        "d",
        "M" + Frame.at(left) + " " + Frame.at(y) + "h" + Frame.at(row.size() * cell));
  }

  private void number(Html html, String text, double x, double y, double size) {
    html.element(
        "text",
        text,
        "x",
        Frame.at(x + cell / 2),
        "y",
        Frame.at(y),
        "style",
        "font-size:" + Frame.at(size) + "px",
        "text-anchor",
        "middle");
  }

  private static String fraction(double shade) {
    return String.format(Locale.ROOT, "%.2f", shade);
  }
}
