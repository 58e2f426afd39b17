package dev.zone.launcher.runs;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

/** What others wrote, read without trust. */
public final class Json {
  private Json() {}

  /** A key's text, number or truth as text; empty if the key has none. */
  public static String text(JsonObject json, String key) {
    return json.get(key) instanceof JsonPrimitive value ? value.getAsString() : "";
  }

  /** Whether a key says true. */
  public static boolean isTrue(JsonObject json, String key) {
    return json.get(key) instanceof JsonPrimitive value && value.getAsBoolean();
  }
}
