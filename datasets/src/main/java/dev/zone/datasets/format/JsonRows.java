package dev.zone.datasets.format;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts objects of JSON into the table's columns. */
final class JsonRows {
  private final TableBuilder table;
  private final Map<String, String> constants;
  private final Set<String> names = new LinkedHashSet<>();
  private final Map<String, ColumnBuilder> builders = new LinkedHashMap<>();

  /**
   * @param keys of the first row
   * @param constants columns that are the same for all rows
   */
  JsonRows(TableBuilder table, List<String> keys, Map<String, String> constants) {
    this.table = table;
    this.constants = constants;
    names.addAll(table.expectedNames());
    names.addAll(keys);
    names.addAll(constants.keySet());
  }

  /** As the standard has it, and no deeper than anybody writes. */
  static JsonReader reader(Reader text) {
    JsonReader json = new JsonReader(text);
    json.setStrictness(Strictness.STRICT);
    json.setNestingLimit(16);
    return json;
  }

  /** Whether the descriptor's columns can be there; tells if not. */
  boolean isUsable(String file) {
    if (!table.checkComplete(file, names)) {
      return false;
    }
    for (String name : names) {
      table.builder(name).ifPresent(builder -> builders.put(name, builder));
    }
    return true;
  }

  /** Adds a row. */
  void row(int line, String text) {
    table.at(line);
    Set<String> given = new LinkedHashSet<>();
    try (JsonReader json = reader(new StringReader(text))) {
      json.beginObject();
      while (json.hasNext()) {
        String name = json.nextName();
        ColumnBuilder builder = constants.containsKey(name) ? null : builders.get(name);
        if (builder == null) {
          json.skipValue();
        } else if (!given.add(name)) {
          fault("Cannot use column '%s': it is there twice (expected once)".formatted(name));
          json.skipValue();
        } else {
          value(json, builder);
        }
      }
      json.endObject();
      if (json.peek() != JsonToken.END_DOCUMENT) {
        fault("Cannot read row: more after its object (expected an object a line)");
      }
    } catch (IOException | IllegalStateException e) {
      fault("Cannot read row: '%s' (expected an object of JSON)".formatted(Texts.shown(text)));
      for (ColumnBuilder builder : builders.values()) {
        if (builder.size() == table.rows()) {
          builder.skip();
        }
      }
      end(text);
      return;
    }
    builders.forEach(
        (name, builder) -> {
          if (constants.containsKey(name)) {
            builder.text(constants.get(name));
          } else if (!given.contains(name)) {
            builder.missing();
          }
        });
    end(text);
  }

  private void end(String text) {
    table
        .faults()
        .rejections()
        .filter(rejections -> rejections.has(table.rows()))
        .ifPresent(rejections -> rejections.text(table.rows(), text));
    table.endRow();
  }

  private void fault(String message) {
    table.faults().add(table.rows(), "not as JSON has it", table::where, () -> message);
  }

  private static void value(JsonReader json, ColumnBuilder builder) throws IOException {
    switch (json.peek()) {
      case NULL -> {
        json.nextNull();
        builder.missing();
      }
      case NUMBER, STRING -> builder.text(json.nextString());
      case BOOLEAN -> {
        boolean value = json.nextBoolean();
        builder.text(builder instanceof NumberBuilder ? (value ? "1" : "0") : "" + value);
      }
      case BEGIN_ARRAY -> array(json, builder);
      default -> {
        json.skipValue();
        builder.fault(
            "not a value",
            "Cannot read column '%s': an object (expected a value)".formatted(builder.name()));
        builder.skip();
      }
    }
  }

  private static void array(JsonReader json, ColumnBuilder builder) throws IOException {
    List<Float> values = new ArrayList<>();
    int depth = 0;
    boolean numbers = true;
    do {
      switch (json.peek()) {
        case BEGIN_ARRAY -> {
          json.beginArray();
          depth++;
        }
        case END_ARRAY -> {
          json.endArray();
          depth--;
        }
        case NUMBER -> values.add((float) json.nextDouble());
        default -> {
          json.skipValue();
          numbers = false;
        }
      }
    } while (depth > 0);
    if (builder instanceof TensorBuilder tensor && numbers && values.size() == tensor.elements()) {
      float[] row = new float[values.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = values.get(i);
      }
      tensor.row(row, 0);
      return;
    }
    builder.fault(
        "not an array of its shape",
        builder instanceof TensorBuilder tensor
            ? "Cannot use column '%s': %d numbers (expected %d)"
                .formatted(builder.name(), values.size(), tensor.elements())
            : "Cannot read column '%s': a list (expected a value)".formatted(builder.name()));
    builder.skip();
  }
}
