package dev.zone.jobs.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.StreamSupport;

/** A tree from a file of the run. What is not there, or is something else, is empty. */
record Facts(JsonElement tree) {
  static final Facts NONE = new Facts(JsonNull.INSTANCE);

  boolean isEmpty() {
    return tree.isJsonNull();
  }

  Facts at(String... path) {
    JsonElement here = tree;
    for (String name : path) {
      if (!(here instanceof JsonObject object) || !object.has(name)) {
        return NONE;
      }
      here = object.get(name);
    }
    return new Facts(here);
  }

  /** A text, number or truth value, as a text. */
  Optional<String> text(String... path) {
    return at(path).tree instanceof JsonPrimitive primitive
        ? Optional.of(primitive.getAsString())
        : Optional.empty();
  }

  OptionalDouble number(String... path) {
    return at(path).tree instanceof JsonPrimitive primitive
            && primitive.isNumber()
            && Double.isFinite(primitive.getAsDouble())
        ? OptionalDouble.of(primitive.getAsDouble())
        : OptionalDouble.empty();
  }

  boolean isTrue(String... path) {
    return text(path).map("true"::equals).orElse(false);
  }

  List<Facts> items(String... path) {
    JsonElement here = at(path).tree;
    return here.isJsonArray()
        ? StreamSupport.stream(here.getAsJsonArray().spliterator(), false).map(Facts::new).toList()
        : List.of();
  }

  Map<String, Facts> fields(String... path) {
    Map<String, Facts> fields = new LinkedHashMap<>();
    if (at(path).tree instanceof JsonObject object) {
      object.entrySet().forEach(entry -> fields.put(entry.getKey(), new Facts(entry.getValue())));
    }
    return fields;
  }
}
