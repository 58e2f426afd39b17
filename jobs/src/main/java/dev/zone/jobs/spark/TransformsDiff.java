package dev.zone.jobs.spark;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Where the transforms of two runs differ, as places in their {@code transforms.json}. */
final class TransformsDiff {
  private static final int MOST_TOLD = 5;
  private static final int LONGEST_VALUE = 40;

  private final List<String> places = new ArrayList<>();

  private TransformsDiff() {}

  /**
   * The places, the first few by name, with both values where they are short; empty if there is no
   * difference. The dataset's name is none.
   */
  static List<String> of(JsonObject given, JsonObject fitted) {
    TransformsDiff diff = new TransformsDiff();
    JsonObject one = given.deepCopy();
    JsonObject other = fitted.deepCopy();
    one.remove("dataset");
    other.remove("dataset");
    diff.compare("", one, other);
    int more = diff.places.size() - MOST_TOLD;
    List<String> told =
        new ArrayList<>(diff.places.subList(0, diff.places.size() - Math.max(0, more)));
    if (more > 0) {
      told.add(more + " more");
    }
    return told;
  }

  private void compare(String place, JsonElement given, JsonElement fitted) {
    if (given.equals(fitted)) {
      return;
    }
    if (given instanceof JsonObject one && fitted instanceof JsonObject other) {
      Set<String> names = new LinkedHashSet<>(one.keySet());
      names.addAll(other.keySet());
      for (String name : names) {
        String below = place.isEmpty() ? name : place + "." + name;
        if (one.has(name) && other.has(name)) {
          compare(below, one.get(name), other.get(name));
        } else {
          places.add(below + (one.has(name) ? " (only there)" : " (only here)"));
        }
      }
    } else if (given instanceof JsonArray one
        && fitted instanceof JsonArray other
        && one.size() == other.size()
        && !isFlat(one)) {
      for (int i = 0; i < one.size(); i++) {
        compare(place + "." + label(one.get(i), i), one.get(i), other.get(i));
      }
    } else {
      places.add(place + values(given, fitted));
    }
  }

  private static boolean isFlat(JsonArray array) {
    return array.asList().stream().allMatch(JsonPrimitive.class::isInstance);
  }

  /** What people call an element: an input's name, a step's kind. */
  private static String label(JsonElement element, int index) {
    if (element instanceof JsonObject object) {
      for (String key : List.of("name", "step")) {
        if (object.get(key) instanceof JsonPrimitive name) {
          return name.getAsString();
        }
      }
    }
    return Integer.toString(index + 1);
  }

  private static String values(JsonElement given, JsonElement fitted) {
    String there = given.toString();
    String here = fitted.toString();
    return there.length() > LONGEST_VALUE || here.length() > LONGEST_VALUE
        ? ""
        : " (" + there + " there, " + here + " here)";
  }
}
