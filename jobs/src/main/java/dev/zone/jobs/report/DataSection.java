package dev.zone.jobs.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the model was trained on: inputs, examples by split, balance of the classes. */
final class DataSection {
  private static final int NAMES_SHOWN = 24;
  private static final List<String> SPLITS = List.of("train", "validation", "test");

  private DataSection() {}

  static void render(Html html, RunFiles run) {
    Facts data = run.data();
    if (data.isEmpty()) {
      return;
    }
    Tables.section(html, "data", "The data");
    Map<String, Facts> counts = bySplit(data.fields("counts"));
    Map<String, Facts> targets = bySplit(data.fields("targetCounts"));
    Map<String, Facts> classCounts = bySplit(data.fields("classCounts"));
    List<String> classes =
        data.items("classes").stream().map(Facts::text).flatMap(Optional::stream).toList();
    inputs(html, data.items("inputs"));
    List<String> splits = SPLITS.stream().filter(split -> counts.containsKey(split)).toList();
    if (!splits.isEmpty()) {
      boolean each = data.number("targetSteps").orElse(1) > 1;
      balance(
          html,
          splits,
          each ? targets : counts,
          classCounts,
          classes,
          each ? "Targets" : "Examples");
    }
    citation(html, run.planned());
    html.close();
  }

  private static Map<String, Facts> bySplit(Map<String, Facts> fields) {
    Map<String, Facts> lower = new TreeMap<>();
    fields.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    return lower;
  }

  private static void inputs(Html html, List<Facts> inputs) {
    if (inputs.isEmpty()) {
      return;
    }
    html.element("h3", "Inputs");
    Tables.open(html, "Inputs");
    Tables.head(html, "Input", "Shape of one example", "Numbers in one example");
    html.open("tbody");
    for (Facts input : inputs) {
      List<Double> shape = new ArrayList<>();
      input.items("shape").forEach(size -> size.number().ifPresent(shape::add));
      html.open("tr").open("th", "scope", "row").text(input.text("name").orElse("input")).text(" ");
      List<String> names =
          input.items("names").stream().map(Facts::text).flatMap(Optional::stream).toList();
      if (!names.isEmpty()) {
        String more =
            names.size() > NAMES_SHOWN ? " and " + (names.size() - NAMES_SHOWN) + " more" : "";
        html.element(
            "span",
            names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", ")) + more,
            "class",
            "names");
      }
      html.close();
      Tables.cell(html, shape.stream().map(Words::number).collect(Collectors.joining(" × ")));
      Tables.cell(html, Words.number(shape.stream().reduce(1.0, (a, b) -> a * b)));
      html.close();
    }
    html.close();
    Tables.close(html);
  }

  private static void balance(
      Html html,
      List<String> splits,
      Map<String, Facts> counts,
      Map<String, Facts> classCounts,
      List<String> classes,
      String what) {
    boolean byClass =
        splits.stream()
            .anyMatch(split -> !classCounts.getOrDefault(split, Facts.NONE).items().isEmpty());
    html.element("h3", what + (byClass ? " by class and split" : " by split"));
    Tables.open(html, what + " by class and split");
    List<String> names = new ArrayList<>(List.of(byClass ? "Class" : "Split"));
    names.addAll(splits);
    Tables.head(html, names.toArray(String[]::new));
    html.open("tbody");
    if (byClass) {
      double largest = 0;
      for (String split : splits) {
        for (int i = 0; i < classes.size(); i++) {
          largest = Math.max(largest, share(counts, classCounts, split, i));
        }
      }
      for (int i = 0; i < classes.size(); i++) {
        html.open("tr").element("th", classes.get(i), "scope", "row");
        for (String split : splits) {
          html.open("td", "class", "number barred");
          double share = share(counts, classCounts, split, i);
          Tables.bar(html, largest == 0 ? 0 : share / largest);
          OptionalDouble count = count(classCounts, split, i);
          html.text(count.isPresent() ? Words.number(count.getAsDouble()) : "–").text(" ");
          html.element("span", Words.percent(share), "class", "share").close();
        }
        html.close();
      }
    }
    html.open("tr", "class", "total")
        .element("th", "All " + what.toLowerCase(Locale.ROOT), "scope", "row");
    for (String split : splits) {
      OptionalDouble count = counts.get(split).number();
      Tables.cell(html, count.isPresent() ? Words.number(count.getAsDouble()) : "–");
    }
    html.close();
    html.close();
    Tables.close(html);
  }

  private static OptionalDouble count(Map<String, Facts> classCounts, String split, int index) {
    List<Facts> counts = classCounts.getOrDefault(split, Facts.NONE).items();
    return index < counts.size() ? counts.get(index).number() : OptionalDouble.empty();
  }

  private static double share(
      Map<String, Facts> counts, Map<String, Facts> classCounts, String split, int index) {
    double all = counts.get(split).number().orElse(0);
    return all == 0 ? 0 : count(classCounts, split, index).orElse(0) / all;
  }

  private static void citation(Html html, Facts plan) {
    Optional<String> licence = plan.text("dataset", "licence");
    Optional<String> citation = plan.text("dataset", "citation");
    if (licence.isPresent() || citation.isPresent()) {
      html.element(
          "p",
          citation.orElse("") + licence.map(text -> " Licence: " + text + ".").orElse(""),
          "class",
          "note");
    }
  }
}
