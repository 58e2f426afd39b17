package dev.zone.jobs.report;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.evaluation.EvaluationJson;
import dev.zone.jobs.evaluation.RunEvaluation;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The files of a run's folder that the report is made from. Each may be missing: a run that failed
 * early has few.
 *
 * @param plan {@code plan.yaml} as text; empty if missing
 * @param planned the same as a tree
 * @param data {@code data.json}: the manifest of the prepared data
 * @param model {@code model/summary.json}
 * @param attempts the lines of {@code attempts.jsonl}
 */
record RunFiles(
    String plan,
    Facts planned,
    Facts state,
    Facts error,
    Facts data,
    Facts model,
    Facts provenance,
    Progress progress,
    List<Facts> attempts,
    Optional<RunEvaluation> evaluation) {
  private static final long LARGEST_BYTES = 16L << 20;
  private static final int MOST_LINES = 2_000_000;

  /**
   * @throws ZoneException (environment) if a file that is there cannot be read
   */
  static RunFiles read(Path folder) {
    String plan = text(folder.resolve("plan.yaml"));
    Path evaluation = folder.resolve("evaluation.json");
    return new RunFiles(
        plan,
        yaml(plan),
        json(folder.resolve("state.json")),
        json(folder.resolve("error.json")),
        json(folder.resolve("data.json")),
        json(folder.resolve("model").resolve("summary.json")),
        json(folder.resolve("provenance.json")),
        Progress.of(lines(folder.resolve("metrics.jsonl"))),
        lines(folder.resolve("attempts.jsonl")),
        Files.exists(evaluation) ? Optional.of(EvaluationJson.read(evaluation)) : Optional.empty());
  }

  private static String text(Path file) {
    if (!Files.exists(file)) {
      return "";
    }
    try {
      long size = Files.size(file);
      if (size > LARGEST_BYTES) {
        throw new IOException(size + " bytes (expected at most " + LARGEST_BYTES + ")");
      }
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static Facts json(Path file) {
    String text = text(file);
    try {
      return text.isBlank() ? Facts.NONE : new Facts(JsonParser.parseString(text));
    } catch (JsonParseException e) {
      throw ZoneException.environment(
          "Cannot read %s: %s (expected JSON)".formatted(file, e.getMessage()), e);
    }
  }

  /** Lines that are no JSON are left out: a run that was killed may end within one. */
  private static List<Facts> lines(Path file) {
    List<Facts> lines = new ArrayList<>();
    if (!Files.exists(file)) {
      return lines;
    }
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      String line = reader.readLine();
      while (line != null && lines.size() < MOST_LINES) {
        try {
          lines.add(new Facts(JsonParser.parseString(line)));
        } catch (JsonParseException e) {
          lines.add(Facts.NONE);
        }
        line = reader.readLine();
      }
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read " + file + ": " + e.getMessage(), e);
    }
    return lines;
  }

  /** Plain maps, lists and values; nothing if the text is no YAML: it is shown as it is anyway. */
  private static Facts yaml(String text) {
    if (text.isBlank()) {
      return Facts.NONE;
    }
    try {
      LoadSettings settings = LoadSettings.builder().setMaxAliasesForCollections(0).build();
      JsonElement tree = new Gson().toJsonTree(new Load(settings).loadFromString(text));
      return new Facts(tree == null ? JsonNull.INSTANCE : tree);
    } catch (YamlEngineException | IllegalArgumentException | JsonParseException e) {
      return Facts.NONE;
    }
  }
}
