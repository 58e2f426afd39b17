package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.WorkerFlags;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/** Says to people what a check found. */
final class CheckText {
  private final PrintStream out;

  CheckText(PrintStream out) {
    this.out = out;
  }

  /**
   * @param check {@code parameters}, {@code layers} (objects with name, type, parameters, output),
   *     {@code memoryPerWorker} (bytes), {@code stepsPerEpoch}, {@code examples} by split, {@code
   *     notes}, {@code findings}; what is absent is not said
   */
  void print(JsonObject check, PlanSpec plan) {
    out.println(plan.job().name() + ": nothing wrong was found");
    line(
        "dataset",
        plan.dataset().name() + (plan.dataset().isGenerated() ? " (generated data)" : ""));
    if (check.get("examples") instanceof JsonObject examples) {
      StringBuilder bySplit = new StringBuilder();
      for (Map.Entry<String, JsonElement> entry : examples.entrySet()) {
        bySplit
            .append(bySplit.isEmpty() ? "" : ", ")
            .append(entry.getKey())
            .append(' ')
            .append(Amounts.count(entry.getValue().getAsLong()));
      }
      line("examples", bySplit.toString());
    }
    number(check, "parameters", "parameters");
    number(check, "stepsPerEpoch", "steps per epoch");
    line("workers", Integer.toString(plan.workers()));
    line("computing", WorkerFlags.words(plan.backend()));
    if (check.get("engine") instanceof JsonPrimitive engine) {
      line("engine", engine.getAsString());
    }
    if (check.get("memoryPerWorker") instanceof JsonPrimitive memory) {
      line(
          "memory per worker",
          String.format(
              Locale.ROOT,
              "about %s for arrays (%s leaves %s)",
              Amounts.bytes(memory.getAsLong()),
              plan.job().resources().perWorker().memory(),
              Amounts.bytes(plan.backend().nativeMemory().bytes())));
    }
    layers(check);
    if (check.get("notes") instanceof JsonArray notes && !notes.isEmpty()) {
      out.println();
      notes.forEach(note -> out.println("note: " + note.getAsString()));
    }
    if (check.get("findings") instanceof JsonArray findings && !findings.isEmpty()) {
      out.println();
      Findings.lines(findings).forEach(out::println);
    }
  }

  /**
   * @param check {@code engine}, and {@code graph} if there is one
   */
  void explain(JsonObject check) {
    out.println();
    out.println(
        check.get("graph") instanceof JsonPrimitive graph
            ? graph.getAsString()
            : "no graph is compiled: " + text(check, "engine"));
  }

  private void layers(JsonObject check) {
    if (!(check.get("layers") instanceof JsonArray layers) || layers.isEmpty()) {
      return;
    }
    out.println();
    out.printf(Locale.ROOT, "%-24s %-24s %-20s %12s%n", "layer", "type", "output", "parameters");
    for (JsonElement element : layers) {
      JsonObject layer = element.getAsJsonObject();
      out.printf(
          Locale.ROOT,
          "%-24s %-24s %-20s %12s%n",
          text(layer, "name"),
          text(layer, "type"),
          text(layer, "output"),
          layer.has("parameters") ? Amounts.count(layer.get("parameters").getAsLong()) : "");
    }
  }

  private static String text(JsonObject object, String key) {
    JsonElement value = object.get(key);
    return value == null
        ? ""
        : value.isJsonPrimitive() ? value.getAsString() : value.toString().replace(",", " x ");
  }

  private void number(JsonObject check, String key, String words) {
    if (check.get(key) instanceof JsonPrimitive value) {
      line(words, Amounts.count(value.getAsLong()));
    }
  }

  private void line(String name, String value) {
    out.printf(Locale.ROOT, "  %-18s %s%n", name, value);
  }
}
