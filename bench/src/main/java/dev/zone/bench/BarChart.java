package dev.zone.bench;

import java.util.ArrayList;
import java.util.List;

/** Bars to the right, each with the range of its measurements, as SVG. */
final class BarChart {
  private static final int WIDTH = 760;
  private static final int LEFT = 230;
  private static final int RIGHT = 110;
  private static final int TOP = 40;
  private static final int BAR = 26;

  private final String title;
  private final List<Bar> bars = new ArrayList<>();

  private record Bar(String name, Spread value) {}

  BarChart(String title) {
    this.title = title;
  }

  BarChart bar(String name, Spread value) {
    bars.add(new Bar(name, value));
    return this;
  }

  String svg() {
    double most = bars.stream().mapToDouble(bar -> bar.value().most()).max().orElse(1);
    double scale = (WIDTH - LEFT - RIGHT) / most;
    StringBuilder svg = new StringBuilder();
    svg.append(
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                + " font-size=\"12\">%n")
            .formatted(WIDTH, TOP + BAR * bars.size() + 10));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    text(svg, 10, 22, "start", title);
    for (int i = 0; i < bars.size(); i++) {
      draw(svg, bars.get(i), TOP + BAR * i, scale);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void draw(StringBuilder svg, Bar bar, int y, double scale) {
    Spread value = bar.value();
    text(svg, LEFT - 8, y + 16, "end", bar.name());
    svg.append(
        Spread.number(
                "<rect x=\"" + LEFT + "\" y=\"" + (y + 4) + "\" width=\"%.1f\"",
                value.median() * scale)
            + " height=\"16\" fill=\""
            + (bar.name().startsWith("zone") ? "#1f77b4" : "#999999")
            + "\"/>\n");
    double from = LEFT + value.least() * scale;
    double to = LEFT + value.most() * scale;
    svg.append(
        Spread.number("<path d=\"M%.1f ", from)
            + (y + 12)
            + Spread.number("H%.1f\" stroke=\"black\"/>%n", to));
    text(
        svg, (int) Math.max(to, from) + 6, y + 16, "start", Spread.number("%,.0f", value.median()));
  }

  private static void text(StringBuilder svg, int x, int y, String anchor, String words) {
    svg.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>%n"
            .formatted(x, y, anchor, words.replace("&", "&amp;").replace("<", "&lt;")));
  }
}
