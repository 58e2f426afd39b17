package dev.zone.jobs.report;

import com.google.gson.JsonPrimitive;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Where the model comes from: all that provenance says, and the plan word for word. */
final class ProvenanceSection {
  private static final int DEPTH = 6;

  private ProvenanceSection() {}

  static void render(Html html, RunFiles run) {
    Map<String, String> rows = new LinkedHashMap<>();
    if (run.provenance().isEmpty()) {
      flatten(run.planned().at("versions"), "versions", 0, rows);
      flatten(run.planned().at("datasetDigest"), "datasetDigest", 0, rows);
      flatten(run.planned().at("classpathDigest"), "classpathDigest", 0, rows);
      flatten(run.planned().at("backend"), "backend", 0, rows);
    } else {
      flatten(run.provenance(), "", 0, rows);
    }
    if (rows.isEmpty() && run.plan().isBlank()) {
      return;
    }
    Tables.section(html, "provenance", "Provenance");
    if (!rows.isEmpty()) {
      html.open("dl", "class", "provenance");
      rows.forEach(
          (name, value) -> html.open("div").element("dt", name).element("dd", value).close());
      html.close();
    }
    if (!run.plan().isBlank()) {
      html.open("details").element("summary", "The plan, plan.yaml");
      html.element("pre", run.plan()).close();
    }
    html.close();
  }

  /** Names of nested fields joined by dots. */
  private static void flatten(Facts facts, String name, int depth, Map<String, String> rows) {
    Map<String, Facts> fields = facts.fields();
    List<Facts> items = facts.items();
    if (!fields.isEmpty() && depth < DEPTH) {
      fields.forEach(
          (key, value) -> flatten(value, name.isEmpty() ? key : name + "." + key, depth + 1, rows));
    } else if (!items.isEmpty() && items.stream().allMatch(item -> item.text().isPresent())) {
      rows.put(
          name,
          items.stream().map(item -> item.text().orElse("")).collect(Collectors.joining(" ")));
    } else if (!items.isEmpty() && depth < DEPTH) {
      for (int i = 0; i < items.size(); i++) {
        flatten(items.get(i), name + "[" + i + "]", depth + 1, rows);
      }
    } else if (facts.tree() instanceof JsonPrimitive primitive) {
      rows.put(name, primitive.getAsString());
    }
  }
}
