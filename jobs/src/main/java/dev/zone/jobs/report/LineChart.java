package dev.zone.jobs.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** Lines over a common x axis. */
final class LineChart {
  private static final double HEIGHT = 260;

  /** More points than this are a curve, whose points are not drawn one by one. */
  private static final int DOTS = 60;

  /** Of a range wider than this the small values would all lie on the floor. */
  private static final double LOG_RANGE = 40;

  private final String title;
  private final String xName;
  private final String yName;
  private final List<Series> lines = new ArrayList<>();
  private final List<Marker> markers = new ArrayList<>();
  private boolean unit;
  private boolean whole;
  private boolean square;
  private boolean fromZero;
  private boolean mayBeLog;
  private boolean diagonal;

  private Optional<Series.Point> spot = Optional.empty();

  private record Marker(double x, String label) {}

  LineChart(String title, String xName, String yName) {
    this.title = title;
    this.xName = xName;
    this.yName = yName;
  }

  LineChart add(Series line) {
    if (!line.points().isEmpty()) {
      lines.add(line);
    }
    return this;
  }

  LineChart marker(double x, String label) {
    markers.add(new Marker(x, label));
    return this;
  }

  /** Both axes from 0 to 1, of the same length. */
  LineChart unitSquare() {
    unit = true;
    square = true;
    return this;
  }

  LineChart wholeX() {
    whole = true;
    return this;
  }

  LineChart fromZero() {
    fromZero = true;
    return this;
  }

  /** Logarithmic if the values are all above 0 and span much. */
  LineChart logIfWide() {
    mayBeLog = true;
    return this;
  }

  /** The line of a ranking by chance. */
  LineChart diagonal() {
    diagonal = true;
    return this;
  }

  /** A point that matters, named by its title. */
  LineChart spot(Series.Point point) {
    spot = Optional.of(point);
    return this;
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  void render(Html html) {
    double height = square ? 380 : HEIGHT;
    double bottom = height - Frame.BOTTOM;
    double right = Frame.WIDTH - Frame.RIGHT;
    Axis y = yAxis(bottom);
    double left = square ? 40 : y.labelWidth() + 12;
    double lowX = unit ? 0 : stream(Series.Point::x).min().orElse(0);
    double highX = unit ? 1 : stream(Series.Point::x).max().orElse(1);
    int most = (int) Math.max(2, Math.min(8, (right - left) / 44));
    Axis x = Axis.exact(lowX, highX, left + (unit ? 0 : 6), right - (unit ? 0 : 6), most, whole);

    Frame.begin(html, title, summary(), Frame.WIDTH, height);
    Frame.yAxis(html, y, yName, left, right);
    Frame.xAxis(html, x, xName, left, right, bottom);
    if (diagonal) {
      html.empty(
          "path",
          "class",
          "diagonal",
          "d",
          "M"
              + Frame.at(x.at(0))
              + " "
              + Frame.at(y.at(0))
              + "L"
              + Frame.at(x.at(1))
              + " "
              + Frame.at(y.at(1)));
    }
    for (Marker marker : markers) {
      Frame.marker(html, x.at(marker.x()), marker.label(), Frame.TOP, bottom, right);
    }
    for (Series line : lines) {
      line(html, line, x, y);
    }
    spot.ifPresent(point -> spot(html, point, x, y));
    html.close();
    legend(html, lines);
    html.close();
  }

  private Axis yAxis(double bottom) {
    if (unit) {
      return Axis.exact(0, 1, bottom, Frame.TOP, 5, false);
    }
    double low = stream(Series.Point::y).min().orElse(0);
    double high = stream(Series.Point::y).max().orElse(1);
    if (mayBeLog && low > 0 && high / low > LOG_RANGE) {
      return Axis.log(low * 0.9, high * 1.1, bottom, Frame.TOP);
    }
    return Axis.round(fromZero ? 0 : low, high, bottom, Frame.TOP, 6);
  }

  private DoubleStream stream(ToDoubleFunction<Series.Point> of) {
    return lines.stream().flatMap(line -> line.points().stream()).mapToDouble(of);
  }

  private void line(Html html, Series line, Axis x, Axis y) {
    StringBuilder path = new StringBuilder();
    for (Series.Point point : line.points()) {
      path.append(path.isEmpty() ? "M" : "L")
          .append(Frame.at(x.at(point.x())))
          .append(' ')
          .append(Frame.at(y.at(point.y())));
    }
    html.open("g", "class", line.cssClass() + (lines.size() == 1 ? " alone" : ""));
    html.open("path", "class", "line", "d", path.toString());
    html.element("title", line.name()).close();
    if (!unit && line.points().size() <= DOTS && line.style() != Series.QUIET) {
      for (Series.Point point : line.points()) {
        html.open(
            "circle", "cx", Frame.at(x.at(point.x())), "cy", Frame.at(y.at(point.y())), "r", "2.4");
        html.element("title", point.title()).close();
      }
    }
    html.close();
  }

  private static void spot(Html html, Series.Point point, Axis x, Axis y) {
    boolean turn = x.at(point.x()) > Frame.WIDTH / 2;
    html.empty(
        "circle",
        "class",
        "spot",
        "cx",
        Frame.at(x.at(point.x())),
        "cy",
        Frame.at(y.at(point.y())),
        "r",
        "5");
    html.element(
        "text",
        point.title(),
        "x",
        Frame.at(x.at(point.x()) + (turn ? -9 : 9)),
        "y",
        Frame.at(y.at(point.y()) + 16),
        "class",
        "mark",
        "text-anchor",
        turn ? "end" : "start");
  }

  private String summary() {
    StringBuilder text = new StringBuilder(xName + " against " + yName + ":");
    for (Series line : lines) {
      if (line.style() != Series.QUIET) {
        Series.Point last = line.points().get(line.points().size() - 1);
        text.append(' ').append(line.name());
        if (!unit) {
          text.append(" ends at ").append(Words.number(last.y()));
        }
        text.append(';');
      }
    }
    return text.substring(0, text.length() - 1) + ".";
  }

  /** Names with a piece of their line: told apart by dashes as well as by colour. */
  static void legend(Html html, List<Series> lines) {
    List<Series> named = lines.stream().filter(line -> line.style() != Series.QUIET).toList();
    if (named.size() < 2 && named.size() == lines.size()) {
      return;
    }
    html.open("ul", "class", "legend");
    for (Series line : named) {
      html.open("li");
      html.open(
          "svg",
          "viewBox",
          "0 0 28 10",
          "class",
          "swatch " + line.cssClass(),
          "aria-hidden",
          "true");
      html.empty("path", "class", "line", "d", "M1 5H27").close();
      html.text(line.name()).close();
    }
    if (named.size() < lines.size()) {
      html.open("li");
      html.open("svg", "viewBox", "0 0 28 10", "class", "swatch quiet", "aria-hidden", "true");
      html.empty("path", "class", "line", "d", "M1 5H27").close();
      String who = named.isEmpty() ? "each of " : "the other ";
      html.text(who + (lines.size() - named.size()) + (named.isEmpty() ? " lines" : "")).close();
    }
    html.close();
  }
}
