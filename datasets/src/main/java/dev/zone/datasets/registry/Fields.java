package dev.zone.datasets.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.zone.datasets.PreparedManifest.Finding;
import java.util.ArrayList;
import java.util.List;

/** Keys of objects that anybody with access to the storage may have written. */
final class Fields {
  private Fields() {}

  /**
   * @throws IllegalArgumentException if there is no text of that key
   */
  static String text(JsonObject json, String key) {
    if (json.get(key) instanceof JsonPrimitive value && value.isString()) {
      return value.getAsString();
    }
    throw new IllegalArgumentException("expected a text '" + key + "'");
  }

  /**
   * @throws IllegalArgumentException if there is no SHA-256 of that key, hexadecimal
   */
  static String sha256(JsonObject json, String key) {
    String text = text(json, key);
    if (!text.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("expected a SHA-256 '" + key + "'");
    }
    return text;
  }

  /**
   * @throws IllegalArgumentException if there is no whole number of that key, 0 or more
   */
  static long count(JsonObject json, String key) {
    if (json.get(key) instanceof JsonPrimitive value
        && value.isNumber()
        && value.getAsString().matches("[0-9]{1,18}")) {
      return value.getAsLong();
    }
    throw new IllegalArgumentException("expected a number '" + key + "', 0 or more");
  }

  /**
   * @throws IllegalArgumentException if there is no list of objects of that key
   */
  static List<JsonObject> objects(JsonObject json, String key) {
    if (json.get(key) instanceof JsonArray array) {
      List<JsonObject> objects = new ArrayList<>();
      for (JsonElement element : array) {
        if (!(element instanceof JsonObject object)) {
          throw new IllegalArgumentException("expected objects in '" + key + "'");
        }
        objects.add(object);
      }
      return objects;
    }
    throw new IllegalArgumentException("expected a list '" + key + "'");
  }

  static Finding finding(JsonObject json) {
    return new Finding(
        text(json, "check"),
        Finding.Severity.valueOf(text(json, "severity")),
        text(json, "message"));
  }
}
