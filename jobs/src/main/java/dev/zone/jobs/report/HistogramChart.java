package dev.zone.jobs.report;

import dev.zone.jobs.evaluation.Histogram;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Bars over bins of equal width. One series stands on the floor; of two, the second stands on the
 * middle line and the first hangs from it.
 */
final class HistogramChart {
  private static final double HEIGHT = 260;

  private final String title;
  private final String xName;
  private final List<String> names;
  private final Histogram histogram;
  private OptionalDouble mark = OptionalDouble.empty();
  private String markLabel = "";

  HistogramChart(String title, String xName, List<String> names, Histogram histogram) {
    this.title = title;
    this.xName = xName;
    this.names = names;
    this.histogram = histogram;
  }

  HistogramChart mark(double x, String label) {
    mark = OptionalDouble.of(x);
    markLabel = label;
    return this;
  }

  void render(Html html) {
    boolean two = histogram.counts().size() == 2;
    long largest =
        histogram.counts().stream()
            .flatMap(List::stream)
            .mapToLong(Long::longValue)
            .max()
            .orElse(1);
    double left = 46;
    double right = Frame.WIDTH - Frame.RIGHT;
    double bottom = HEIGHT - Frame.BOTTOM;
    double floor = two ? (Frame.TOP + bottom) / 2 : bottom;
    Axis x = Axis.exact(histogram.low(), histogram.high(), left, right, 7, false);
    Axis up = counts(largest, floor, Frame.TOP, two);
    Frame.begin(html, title, "Counts of examples by " + xName + ".", Frame.WIDTH, HEIGHT);
    Frame.yAxis(html, up, two ? "examples, logarithmic" : "examples", left, right);
    if (two) {
      Axis down = counts(largest, floor, bottom, true);
      Frame.yAxis(html, down, "", left, right);
      bars(html, 0, x, down, floor);
      bars(html, 1, x, up, floor);
      html.empty("path", "class", "axis", "d", "M" + left + " " + floor + "H" + right);
    } else {
      bars(html, 0, x, up, floor);
    }
    Frame.xAxis(html, x, xName, left, right, bottom);
    mark.ifPresent(value -> Frame.marker(html, x.at(value), markLabel, Frame.TOP, bottom, right));
    html.close();
    if (two) {
      legend(html);
    }
    html.close();
  }

  /** Logarithmic for two series, so that a rare class beside a frequent one is seen. */
  private static Axis counts(long largest, double from, double to, boolean log) {
    return log
        ? Axis.log(0.5, Math.max(10, largest * 1.2), from, to)
        : Axis.round(0, largest, from, to, 5);
  }

  private void bars(Html html, int series, Axis x, Axis y, double floor) {
    List<Long> counts = histogram.counts().get(series);
    double width = (histogram.high() - histogram.low()) / counts.size();
    html.open("g", "class", "bars s" + series);
    for (int bin = 0; bin < counts.size(); bin++) {
      long count = counts.get(bin);
      if (count > 0) {
        double low = histogram.low() + bin * width;
        double from = x.at(low);
        double height = y.at(count);
        html.open(
            "rect",
            "x",
            Frame.at(from + 0.4),
            "y",
            Frame.at(Math.min(height, floor)),
            "width",
            Frame.at(Math.max(0.6, x.at(low + width) - from - 0.8)),
            "height",
            Frame.at(Math.abs(floor - height)));
        String where = Words.number(low) + " to " + Words.number(low + width);
        String who = names.isEmpty() ? "" : names.get(series) + ", ";
        html.element("title", who + where + ": " + Words.count(count)).close();
      }
    }
    html.close();
  }

  /** The bars' directions and colours by name. */
  private void legend(Html html) {
    html.open("ul", "class", "legend");
    html.open("li").element("b", "↑", "class", "s1", "aria-hidden", "true");
    html.text(names.get(1) + ", upwards").close();
    html.open("li").element("b", "↓", "class", "s0", "aria-hidden", "true");
    html.text(names.get(0) + ", downwards").close();
    html.close();
  }
}
