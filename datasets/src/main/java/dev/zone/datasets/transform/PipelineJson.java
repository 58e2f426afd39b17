package dev.zone.datasets.transform;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.zone.conf.error.Names;
import java.util.ArrayList;
import java.util.List;

/** The file {@code transforms.json} beside a model, and back. */
final class PipelineJson {
  private static final String FORMAT = "zone-transforms";
  private static final int VERSION = 1;
  private static final int STEP_LIMIT = 1000;

  /** Values of one example: 1 GiB of floats. */
  private static final int ELEMENT_LIMIT = 1 << 28;

  private static final List<String> NAMES =
      List.of(
          "scale",
          "standardise",
          "minMax",
          "impute",
          "missingIndicator",
          "clip",
          "log",
          "oneHot",
          "select",
          "dropConstant",
          "resize",
          "normaliseEach",
          "piecewiseLinear");

  private PipelineJson() {}

  static JsonObject write(Shape in, List<Step> steps) {
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    json.addProperty("version", VERSION);
    json.add("input", write(in));
    JsonArray array = new JsonArray(steps.size());
    for (Step step : steps) {
      JsonObject object = new JsonObject();
      object.addProperty("step", step.name());
      step.write(object);
      array.add(object);
    }
    json.add("steps", array);
    return json;
  }

  private static JsonObject write(Shape shape) {
    JsonObject json = new JsonObject();
    json.add("shape", Json.integers(shape.dims().stream().mapToInt(Integer::intValue).toArray()));
    JsonArray fields = new JsonArray(shape.fields().size());
    for (Field field : shape.fields()) {
      JsonObject object = new JsonObject();
      object.addProperty("name", field.name());
      if (field.isCategory()) {
        JsonArray categories = new JsonArray(field.categories().size());
        field.categories().forEach(categories::add);
        object.add("categories", categories);
      }
      fields.add(object);
    }
    json.add("fields", fields);
    return json;
  }

  static Pipeline read(JsonObject json) {
    String format = Json.text(Json.required(json, "format"), "'format'");
    if (!format.equals(FORMAT)) {
      throw Json.wrong("format '" + format + "'", FORMAT);
    }
    Json.integer(json, "version", VERSION, VERSION);
    Shape in = readShape(Json.object(Json.required(json, "input"), "'input'"));
    JsonArray array = Json.array(json, "steps", -1);
    if (array.size() > STEP_LIMIT) {
      throw Json.wrong(array.size() + " steps", "at most " + STEP_LIMIT);
    }
    List<Step> steps = new ArrayList<>();
    Shape shape = in;
    for (JsonElement element : array) {
      Step step = readStep(shape, Json.object(element, "a step"));
      shape = bounded(step.out());
      steps.add(step);
    }
    return new Pipeline(in, steps);
  }

  private static Shape readShape(JsonObject json) {
    JsonArray sizes = Json.array(json, "shape", -1);
    JsonArray entries = Json.array(json, "fields", -1);
    List<Field> fields = new ArrayList<>();
    for (JsonElement entry : entries) {
      JsonObject object = Json.object(entry, "a field");
      List<String> categories = new ArrayList<>();
      if (object.has("categories")) {
        Json.array(object, "categories", -1)
            .forEach(category -> categories.add(Json.text(category, "a category")));
      }
      fields.add(new Field(Json.text(Json.required(object, "name"), "'name'"), categories));
    }
    if (sizes.isEmpty() || sizes.size() > 3) {
      throw Json.wrong(sizes.size() + " dimensions", "1 to 3");
    }
    List<Integer> dims = new ArrayList<>();
    for (JsonElement size : sizes) {
      dims.add(Json.integer(size, 1, ELEMENT_LIMIT));
    }
    if (dims.get(0) != fields.size()) {
      throw Json.wrong(fields.size() + " fields", "" + dims.get(0));
    }
    return bounded(new Shape(dims, fields));
  }

  private static Shape bounded(Shape shape) {
    long elements = 1;
    for (int size : shape.dims()) {
      elements = Math.min(elements * size, Integer.MAX_VALUE);
    }
    if (elements > ELEMENT_LIMIT || elements < 1) {
      throw Json.wrong("shape " + shape.dims(), "1 to " + ELEMENT_LIMIT + " values");
    }
    return shape;
  }

  private static Step readStep(Shape in, JsonObject json) {
    String name = Json.text(Json.required(json, "step"), "'step'");
    return switch (name) {
      case "scale", "standardise", "minMax" -> Affine.read(name, in, json);
      case "impute" -> Fill.read(in, json);
      case "missingIndicator" -> Indicate.read(in, json);
      case "clip" -> Clamp.read(in, json);
      case "log" -> new Logarithm(in);
      case "oneHot" -> Encode.read(in, json);
      case "select", "dropConstant" -> Keep.read(name, in, json);
      case "resize" -> Resample.read(in, json);
      case "piecewiseLinear" -> Hinges.read(in, json);
      case "normaliseEach" -> new NormaliseEach(in);
      default ->
          throw Json.wrong(
              "step '" + name + "'",
              "one of " + String.join(", ", NAMES) + Names.suggestion(name, NAMES));
    };
  }
}
