package dev.zone.jobs.evaluation;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Iterator;
import java.util.Map;

/** JSON that people can read: a line a field, but arrays of numbers on one line. */
final class JsonText {
  private final StringBuilder out = new StringBuilder();

  private JsonText() {}

  static String of(JsonElement element) {
    JsonText text = new JsonText();
    text.write(element, 0);
    return text.out.append('\n').toString();
  }

  private void write(JsonElement element, int depth) {
    if (element instanceof JsonObject object && !isShort(object)) {
      out.append("{");
      Iterator<Map.Entry<String, JsonElement>> fields = object.entrySet().iterator();
      while (fields.hasNext()) {
        Map.Entry<String, JsonElement> field = fields.next();
        line(depth + 1);
        out.append(new JsonPrimitive(field.getKey())).append(": ");
        write(field.getValue(), depth + 1);
        out.append(fields.hasNext() ? "," : "");
      }
      line(depth);
      out.append("}");
    } else if (element instanceof JsonArray array
        && !array.isEmpty()
        && !array.get(0).isJsonPrimitive()) {
      out.append("[");
      Iterator<JsonElement> items = array.iterator();
      while (items.hasNext()) {
        line(depth + 1);
        write(items.next(), depth + 1);
        out.append(items.hasNext() ? "," : "");
      }
      line(depth);
      out.append("]");
    } else {
      out.append(element);
    }
  }

  /** Plain values only: a class's row, a metric's spread. */
  private static boolean isShort(JsonObject object) {
    return object.has("class")
        || object.has("example")
        || object.size() == 0
        || object.has("x") && object.has("y");
  }

  private void line(int depth) {
    out.append('\n').append("  ".repeat(depth));
  }
}
