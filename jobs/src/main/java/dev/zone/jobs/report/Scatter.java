package dev.zone.jobs.report;

import dev.zone.jobs.evaluation.Evaluation;
import java.util.List;
import java.util.stream.DoubleStream;

/** Predicted against true, with the diagonal on which a perfect model's points lie. */
final class Scatter {
  private static final double HEIGHT = 400;

  private final String title;
  private final String unit;
  private final List<Evaluation.Point> points;

  Scatter(String title, String unit, List<Evaluation.Point> points) {
    this.title = title;
    this.unit = unit;
    this.points = points;
  }

  void render(Html html) {
    double low = values().min().orElse(0);
    double high = values().max().orElse(1);
    double bottom = HEIGHT - Frame.BOTTOM;
    double right = Frame.WIDTH - Frame.RIGHT;
    Axis y = Axis.round(low, high, bottom, Frame.TOP, 7);
    double left = y.labelWidth() + 12;
    Axis x = Axis.round(low, high, left, right, 7);
    Frame.begin(
        html,
        title,
        "Each of %d points is an example; on the diagonal both are equal.".formatted(points.size()),
        Frame.WIDTH,
        HEIGHT);
    Frame.yAxis(html, y, "predicted " + unit, left, right);
    Frame.xAxis(html, x, "true " + unit, left, right, bottom);
    Axis.Tick first = y.ticks().get(0);
    Axis.Tick last = y.ticks().get(y.ticks().size() - 1);
    html.empty(
        "path",
        "class",
        "diagonal",
        "d",
        "M"
            + Frame.at(x.at(first.value()))
            + " "
            + Frame.at(first.at())
            + "L"
            + Frame.at(x.at(last.value()))
            + " "
            + Frame.at(last.at()));
    html.open("g", "class", "points");
    for (Evaluation.Point point : points) {
      html.open(
          "circle",
          "cx",
          Frame.at(x.at(point.target())),
          "cy",
          Frame.at(y.at(point.predicted())),
          "r",
          "2.6");
      html.element(
          "title",
          "true "
              + Words.number(point.target())
              + ", predicted "
              + Words.number(point.predicted()));
      html.close();
    }
    html.close();
    Frame.end(html);
  }

  private DoubleStream values() {
    return points.stream()
        .flatMapToDouble(point -> DoubleStream.of(point.target(), point.predicted()));
  }
}
