package dev.zone.jobs.report;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The layers of the network. */
final class ModelSection {
  private ModelSection() {}

  static void render(Html html, RunFiles run) {
    // Either the list of layers itself, or an object that has it.
    List<Facts> layers = run.model().items();
    if (layers.isEmpty()) {
      layers = run.model().items("layers");
    }
    if (layers.isEmpty()) {
      return;
    }
    double all = layers.stream().mapToDouble(layer -> layer.number("parameters").orElse(0)).sum();
    double largest =
        layers.stream().mapToDouble(layer -> layer.number("parameters").orElse(0)).max().orElse(0);
    Tables.section(html, "model", "The model");
    Tables.open(html, "Layers");
    Tables.head(html, "Layer", "|Type", "Output of one example", "Parameters");
    html.open("tbody");
    for (Facts layer : layers) {
      html.open("tr").element("th", layer.text("name").orElse(""), "scope", "row");
      html.element("td", layer.text("type").orElse(""));
      Tables.cell(
          html,
          layer.items("outputShape").stream()
              .map(Facts::number)
              .flatMapToDouble(OptionalDouble::stream)
              .mapToObj(Words::number)
              .collect(Collectors.joining(" × ")));
      html.open("td", "class", "number barred");
      double own = layer.number("parameters").orElse(0);
      Tables.bar(html, largest == 0 ? 0 : own / largest);
      html.text(Words.number(own)).close().close();
    }
    html.open("tr", "class", "total");
    html.element("th", "All", "scope", "row", "colspan", "3");
    Tables.cell(html, Words.number(run.model().number("parameters").orElse(all)));
    html.close();
    html.close();
    Tables.close(html);
    html.close();
  }
}
