package dev.zone.datasets.transform;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.zone.conf.error.Names;
import dev.zone.conf.error.ZoneException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Values to JSON and back. Doubles are written as {@link Double#toString} has them, which reads
 * back to the same bits. Nothing that is read is trusted: kinds, counts and ranges are checked.
 */
final class Json {
  /** Pixels along a side: the largest of a resize in a job file. */
  static final int SIDE_LIMIT = 4096;

  private Json() {}

  static ZoneException wrong(String what, String expected) {
    return ZoneException.user("Cannot read transforms: " + what + " (expected " + expected + ")");
  }

  static JsonArray numbers(double[] values) {
    JsonArray array = new JsonArray(values.length);
    for (double value : values) {
      array.add(Double.isInfinite(value) ? JsonNull.INSTANCE : new JsonPrimitive(value));
    }
    return array;
  }

  static JsonArray numbers(float[] values) {
    JsonArray array = new JsonArray(values.length);
    for (float value : values) {
      array.add((double) value);
    }
    return array;
  }

  static JsonArray integers(int[] values) {
    JsonArray array = new JsonArray(values.length);
    for (int value : values) {
      array.add(value);
    }
    return array;
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static JsonElement required(JsonObject json, String key) {
    JsonElement value = json.get(key);
    if (value == null) {
      throw wrong("no '" + key + "'", "one");
    }
    return value;
  }

  /** Of any length if {@code size} is negative. */
  static JsonArray array(JsonObject json, String key, int size) {
    JsonElement value = required(json, key);
    if (!value.isJsonArray()) {
      throw wrong("'" + key + "'", "an array");
    }
    JsonArray array = value.getAsJsonArray();
    if (size >= 0 && array.size() != size) {
      throw wrong(array.size() + " values in '" + key + "'", Integer.toString(size));
    }
    return array;
  }

  static JsonObject object(JsonElement value, String what) {
    if (!value.isJsonObject()) {
      throw wrong(what, "an object");
    }
    return value.getAsJsonObject();
  }

  static String text(JsonElement value, String what) {
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
      throw wrong(what, "a text");
    }
    return value.getAsString();
  }

  static double[] numbers(JsonObject json, String key, int size) {
    JsonArray array = array(json, key, size);
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = number(array.get(i));
    }
    return values;
  }

  /** Null stands for no bound. */
  static double[] bounds(JsonObject json, String key, int size, double none) {
    JsonArray array = array(json, key, size);
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = array.get(i).isJsonNull() ? none : number(array.get(i));
    }
    return values;
  }

  static float[] floats(JsonElement element) {
    if (!element.isJsonArray()) {
      throw wrong("values", "an array");
    }
    float[] values = new float[element.getAsJsonArray().size()];
    for (int i = 0; i < values.length; i++) {
      double value = number(element.getAsJsonArray().get(i));
      values[i] = (float) value;
      if (values[i] != value || (i > 0 && values[i] <= values[i - 1])) {
        throw wrong("value " + value, "single-precision numbers in ascending order");
      }
    }
    return values;
  }

  static int[] positions(JsonObject json, String key, int limit) {
    JsonArray array = array(json, key, -1);
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = integer(array.get(i), 0, limit - 1);
      if (i > 0 && values[i] <= values[i - 1]) {
        throw wrong("column " + values[i], "ascending columns");
      }
    }
    return values;
  }

  static int integer(JsonObject json, String key, int low, int high) {
    return integer(required(json, key), low, high);
  }

  static int integer(JsonElement element, int low, int high) {
    double value = number(element);
    if (value != (int) value || value < low || value > high) {
      throw wrong("number " + element, "a whole one from " + low + " to " + high);
    }
    return (int) value;
  }

  private static double number(JsonElement element) {
    if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isNumber()) {
      throw wrong("value " + element, "a number");
    }
    double value = element.getAsDouble();
    if (!Double.isFinite(value)) {
      throw wrong("value " + element, "a finite number");
    }
    return value;
  }

  static <E extends Enum<E>> E word(JsonObject json, String key, E[] constants) {
    String word = text(required(json, key), "'" + key + "'");
    List<String> names = Arrays.stream(constants).map(Json::word).toList();
    int position = names.indexOf(word);
    if (position < 0) {
      throw wrong(
          key + " '" + word + "'",
          "one of " + String.join(", ", names) + Names.suggestion(word, names));
    }
    return constants[position];
  }
}
