package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.zone.launcher.runs.RunFolder;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Says what came out of a run: metrics, findings, where things are, how to use the model. */
final class ResultText {
  private final PrintStream out;

  ResultText(PrintStream out) {
    this.out = out;
  }

  /**
   * @param named metrics to be shown first
   */
  void print(JsonObject result, RunFolder folder, List<String> named) {
    out.println();
    out.println(headline(result));
    out.println();
    metrics(result, named);
    findings(folder);
    Path dir = folder.published();
    Path shown = shown(dir);
    out.println("run     " + shown);
    if (dir.resolve("report.html").toFile().isFile()) {
      out.println("report  " + shown.resolve("report.html"));
    }
    out.println(
        "model   "
            + shown.resolve("model").resolve("model.zip")
            + (result.has("modelDigest")
                ? "  sha256 " + result.get("modelDigest").getAsString()
                : ""));
    out.println();
    ModelUse.lines(dir, shown).forEach(out::println);
  }

  private static String headline(JsonObject result) {
    List<String> parts = new ArrayList<>();
    if (result.get("epochs") instanceof JsonPrimitive epochs) {
      parts.add(Amounts.count(epochs.getAsLong()) + " epochs");
    }
    if (result.get("steps") instanceof JsonPrimitive steps) {
      parts.add(Amounts.count(steps.getAsLong()) + " steps");
    }
    if (result.get("workers") instanceof JsonPrimitive workers) {
      parts.add(workers.getAsLong() + " workers");
    }
    if (result.get("attempts") instanceof JsonPrimitive attempts && attempts.getAsLong() > 1) {
      parts.add(attempts.getAsLong() + " attempts");
    }
    if (result.get("examplesPerSecond") instanceof JsonPrimitive rate) {
      parts.add(Amounts.figure(rate.getAsDouble()) + " examples/s");
    }
    if (result.get("seconds") instanceof JsonObject seconds) {
      double total =
          seconds.entrySet().stream().mapToDouble(entry -> entry.getValue().getAsDouble()).sum();
      parts.add(Amounts.duration(total));
    }
    String state = result.has("state") ? result.get("state").getAsString() : "SUCCEEDED";
    String data = "";
    if (result.get("dataset") instanceof JsonObject dataset && dataset.has("name")) {
      boolean generated = dataset.has("generated") && dataset.get("generated").getAsBoolean();
      data = " on " + dataset.get("name").getAsString() + (generated ? " (generated data)" : "");
    }
    return state + data + ": " + String.join(", ", parts);
  }

  /** One column a split, test first: it is what counts. */
  private void metrics(JsonObject result, List<String> named) {
    if (!(result.get("metrics") instanceof JsonObject bySplit)) {
      return;
    }
    List<String> splits =
        Stream.of("test", "validation", "train")
            .filter(split -> bySplit.get(split) instanceof JsonObject)
            .toList();
    Set<String> there = new LinkedHashSet<>();
    splits.forEach(split -> there.addAll(bySplit.getAsJsonObject(split).keySet()));
    Set<String> names = new LinkedHashSet<>(named);
    names.retainAll(there);
    names.addAll(there);
    if (names.isEmpty()) {
      return;
    }
    int width = names.stream().mapToInt(String::length).max().orElse(0) + 2;
    StringBuilder head = new StringBuilder(" ".repeat(width));
    splits.forEach(split -> head.append(String.format(Locale.ROOT, "%12s", split)));
    out.println(head);
    for (String name : names) {
      StringBuilder line = new StringBuilder(name).append(" ".repeat(width - name.length()));
      for (String split : splits) {
        line.append(String.format(Locale.ROOT, "%12s", cell(bySplit, split, name)));
      }
      out.println(line);
    }
    out.println();
  }

  private static String cell(JsonObject bySplit, String split, String name) {
    JsonElement value = bySplit.getAsJsonObject(split).get(name);
    return value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()
        ? Amounts.figure(value.getAsDouble())
        : "-";
  }

  private void findings(RunFolder folder) {
    JsonObject data = folder.json("data.json").orElseGet(JsonObject::new);
    if (data.get("findings") instanceof JsonArray findings && !findings.isEmpty()) {
      for (String line : Findings.lines(findings)) {
        out.println(line);
      }
      out.println();
    }
  }

  /** Relative to the working folder if it lies below. */
  static Path shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.startsWith(here) ? here.relativize(path) : path;
  }
}
