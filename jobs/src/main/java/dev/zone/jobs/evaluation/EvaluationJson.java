package dev.zone.jobs.evaluation;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.zone.conf.MetricName;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** {@code evaluation.json}: the package's page describes it. */
public final class EvaluationJson {
  /** Far above what 1,000 classes need; bounds what a broken file can make us read. */
  static final long LARGEST_BYTES = 256L << 20;

  private EvaluationJson() {}

  /** JSON text. Folds are written without their curves and examples. */
  public static String write(RunEvaluation evaluation) {
    JsonObject json = new JsonObject();
    json.addProperty("task", evaluation.task());
    JsonArray classes = new JsonArray();
    evaluation.classes().forEach(classes::add);
    json.add("classes", classes);
    evaluation.threshold().ifPresent(value -> json.addProperty("threshold", value));
    json.add("splits", splits(evaluation.splits()));
    if (!evaluation.folds().isEmpty()) {
      JsonArray folds = new JsonArray();
      for (RunEvaluation.Fold fold : evaluation.folds()) {
        JsonObject one = new JsonObject();
        one.addProperty("fold", folds.size() + 1);
        fold.threshold().ifPresent(value -> one.addProperty("threshold", value));
        Map<Split, Evaluation> small = new EnumMap<>(Split.class);
        fold.splits().forEach((split, all) -> small.put(split, all.numbersOnly()));
        one.add("splits", splits(small));
        folds.add(one);
      }
      json.add("folds", folds);
    }
    evaluation
        .crossValidation()
        .ifPresent(summary -> json.add("crossValidation", crossValidation(summary)));
    return JsonText.of(json);
  }

  /**
   * @throws ZoneException (environment) if the file cannot be read or is not what {@link #write}
   *     writes
   */
  public static RunEvaluation read(Path file) {
    String text;
    try {
      long size = Files.size(file);
      if (size > LARGEST_BYTES) {
        throw new IOException(size + " bytes (expected at most " + LARGEST_BYTES + ")");
      }
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read " + file + ": " + e.getMessage(), e);
    }
    try {
      return parse(text);
    } catch (JsonParseException
        | IllegalArgumentException
        | IllegalStateException
        | IndexOutOfBoundsException
        | UnsupportedOperationException
        | NullPointerException
        | ClassCastException e) {
      throw ZoneException.environment(
          "Cannot read %s: %s (expected an evaluation)".formatted(file, e.getMessage()), e);
    }
  }

  private static RunEvaluation parse(String text) {
    JsonObject json = JsonParser.parseString(text).getAsJsonObject();
    List<String> classes = list(json, "classes", JsonElement::getAsString);
    return new RunEvaluation(
        json.get("task").getAsString(),
        classes,
        number(json, "threshold"),
        splits(json.getAsJsonObject("splits"), classes),
        list(
            json,
            "folds",
            fold ->
                new RunEvaluation.Fold(
                    number(fold.getAsJsonObject(), "threshold"),
                    splits(fold.getAsJsonObject().getAsJsonObject("splits"), classes))));
  }

  private static JsonObject splits(Map<Split, Evaluation> splits) {
    JsonObject json = new JsonObject();
    splits.forEach((split, evaluation) -> json.add(fileName(split), evaluation(evaluation)));
    return json;
  }

  private static Map<Split, Evaluation> splits(JsonObject json, List<String> classes) {
    Map<Split, Evaluation> splits = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      if (json.has(fileName(split))) {
        splits.put(split, evaluation(json.getAsJsonObject(fileName(split)), classes));
      }
    }
    return splits;
  }

  private static JsonObject evaluation(Evaluation evaluation) {
    JsonObject json = new JsonObject();
    json.addProperty("examples", evaluation.examples());
    json.add("metrics", metrics(evaluation.metrics()));
    if (!evaluation.undefined().isEmpty()) {
      JsonObject undefined = new JsonObject();
      evaluation
          .undefined()
          .forEach((name, why) -> undefined.addProperty(Metrics.fileName(name), why));
      json.add("undefined", undefined);
    }
    add(json, "classes", evaluation.classes(), EvaluationJson::classResult);
    add(json, "confusion", evaluation.confusion(), EvaluationJson::longs);
    add(json, "roc", evaluation.roc(), EvaluationJson::curve);
    add(json, "precisionRecall", evaluation.precisionRecall(), EvaluationJson::curve);
    evaluation.scores().ifPresent(scores -> json.add("scores", histogram(scores)));
    evaluation.residuals().ifPresent(residuals -> json.add("residuals", histogram(residuals)));
    add(
        json,
        "sample",
        evaluation.sample(),
        point -> doubles(List.of(point.target(), point.predicted())));
    add(json, "worst", evaluation.worst(), EvaluationJson::worst);
    return json;
  }

  private static Evaluation evaluation(JsonObject json, List<String> classes) {
    Map<MetricName, Double> metrics = new EnumMap<>(MetricName.class);
    json.getAsJsonObject("metrics")
        .entrySet()
        .forEach(entry -> metrics.put(metric(entry.getKey()), entry.getValue().getAsDouble()));
    Map<MetricName, String> undefined = new EnumMap<>(MetricName.class);
    if (json.has("undefined")) {
      json.getAsJsonObject("undefined")
          .entrySet()
          .forEach(entry -> undefined.put(metric(entry.getKey()), entry.getValue().getAsString()));
    }
    return new Evaluation(
        json.get("examples").getAsInt(),
        metrics,
        undefined,
        list(json, "classes", one -> classResult(one.getAsJsonObject(), classes)),
        list(json, "confusion", row -> list(row, JsonElement::getAsLong)),
        list(json, "roc", EvaluationJson::curve),
        list(json, "precisionRecall", EvaluationJson::curve),
        optional(json, "scores").map(EvaluationJson::histogram),
        optional(json, "residuals").map(EvaluationJson::histogram),
        list(
            json,
            "sample",
            point ->
                new Evaluation.Point(
                    point.getAsJsonArray().get(0).getAsDouble(),
                    point.getAsJsonArray().get(1).getAsDouble())),
        list(json, "worst", EvaluationJson::worst));
  }

  private static JsonObject metrics(Map<MetricName, Double> metrics) {
    JsonObject json = new JsonObject();
    metrics.forEach((name, value) -> json.addProperty(Metrics.fileName(name), value));
    return json;
  }

  private static MetricName metric(String name) {
    return Metrics.byFileName(name)
        .orElseThrow(() -> new IllegalArgumentException("unknown metric '" + name + "'"));
  }

  private static JsonObject classResult(ClassResult result) {
    JsonObject json = new JsonObject();
    json.addProperty("class", result.index());
    json.addProperty("name", result.name());
    json.addProperty("support", result.support());
    json.addProperty("predicted", result.predicted());
    json.addProperty("truePositives", result.truePositives());
    result.precision().ifPresent(value -> json.addProperty("precision", value));
    result.recall().ifPresent(value -> json.addProperty("recall", value));
    result.f1().ifPresent(value -> json.addProperty("f1", value));
    result.auc().ifPresent(value -> json.addProperty("auc", value));
    result.averagePrecision().ifPresent(value -> json.addProperty("averagePrecision", value));
    return json;
  }

  private static ClassResult classResult(JsonObject json, List<String> classes) {
    int index = json.get("class").getAsInt();
    return new ClassResult(
        index,
        classes.get(index),
        json.get("support").getAsLong(),
        json.get("predicted").getAsLong(),
        json.get("truePositives").getAsLong(),
        number(json, "precision"),
        number(json, "recall"),
        number(json, "f1"),
        number(json, "auc"),
        number(json, "averagePrecision"));
  }

  private static JsonObject curve(Curve curve) {
    JsonObject json = new JsonObject();
    json.addProperty("class", curve.series());
    json.add("x", doubles(curve.x()));
    json.add("y", doubles(curve.y()));
    return json;
  }

  private static Curve curve(JsonElement element) {
    JsonObject json = element.getAsJsonObject();
    return new Curve(
        json.get("class").getAsInt(),
        list(json, "x", JsonElement::getAsDouble),
        list(json, "y", JsonElement::getAsDouble));
  }

  private static JsonObject histogram(Histogram histogram) {
    JsonObject json = new JsonObject();
    json.addProperty("low", histogram.low());
    json.addProperty("high", histogram.high());
    add(json, "counts", histogram.counts(), EvaluationJson::longs);
    return json;
  }

  private static Histogram histogram(JsonObject json) {
    return new Histogram(
        json.get("low").getAsDouble(),
        json.get("high").getAsDouble(),
        list(json, "counts", row -> list(row, JsonElement::getAsLong)));
  }

  private static JsonObject worst(WorstExample worst) {
    JsonObject json = new JsonObject();
    json.addProperty("example", worst.example());
    worst.origin().ifPresent(origin -> json.addProperty("origin", origin));
    json.addProperty("target", worst.target());
    json.addProperty("predicted", worst.predicted());
    worst.probability().ifPresent(value -> json.addProperty("probability", value));
    return json;
  }

  private static WorstExample worst(JsonElement element) {
    JsonObject json = element.getAsJsonObject();
    return new WorstExample(
        json.get("example").getAsInt(),
        Optional.ofNullable(json.get("origin")).map(JsonElement::getAsString),
        json.get("target").getAsDouble(),
        json.get("predicted").getAsDouble(),
        number(json, "probability"));
  }

  private static JsonObject crossValidation(CrossValidation summary) {
    JsonObject metrics = new JsonObject();
    summary
        .metrics()
        .forEach(
            (name, spread) -> {
              JsonObject one = new JsonObject();
              one.addProperty("mean", spread.mean());
              spread
                  .standardDeviation()
                  .ifPresent(value -> one.addProperty("standardDeviation", value));
              JsonArray folds = new JsonArray();
              spread.folds().forEach(folds::add);
              one.add("folds", folds);
              one.add("values", doubles(spread.values()));
              metrics.add(Metrics.fileName(name), one);
            });
    JsonObject json = new JsonObject();
    json.add("metrics", metrics);
    add(json, "confusion", summary.confusion(), EvaluationJson::longs);
    add(json, "classes", summary.classes(), EvaluationJson::classResult);
    return json;
  }

  private static String fileName(Split split) {
    return split.name().toLowerCase(Locale.ROOT);
  }

  /** Nothing is written for an empty list. */
  private static <T> void add(
      JsonObject json, String name, List<T> items, Function<T, JsonElement> toJson) {
    if (!items.isEmpty()) {
      JsonArray array = new JsonArray();
      items.forEach(item -> array.add(toJson.apply(item)));
      json.add(name, array);
    }
  }

  private static <T> List<T> list(JsonObject json, String name, Function<JsonElement, T> of) {
    return json.has(name) ? list(json.get(name), of) : List.of();
  }

  private static <T> List<T> list(JsonElement array, Function<JsonElement, T> of) {
    return StreamSupport.stream(array.getAsJsonArray().spliterator(), false).map(of).toList();
  }

  private static Optional<JsonObject> optional(JsonObject json, String name) {
    return Optional.ofNullable(json.getAsJsonObject(name));
  }

  private static OptionalDouble number(JsonObject json, String name) {
    return json.has(name)
        ? OptionalDouble.of(json.get(name).getAsDouble())
        : OptionalDouble.empty();
  }

  private static JsonArray longs(List<Long> values) {
    JsonArray array = new JsonArray();
    values.forEach(value -> array.add(new JsonPrimitive(value)));
    return array;
  }

  private static JsonArray doubles(List<Double> values) {
    JsonArray array = new JsonArray();
    for (double value : values) {
      // 3 rather than 3.0: files full of counts and rates shrink by a fifth.
      array.add(
          value == Math.rint(value) && Math.abs(value) < 1e15
              ? new JsonPrimitive((long) value)
              : new JsonPrimitive(value));
    }
    return array;
  }
}
