package dev.zone.datasets.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why rows are set aside, as often as each reason was a row's first. Reasons that differ only in
 * the value, which stands behind the colon, are one: the first of them stands for all.
 */
final class Reasons {
  private static final int MOST = 1000;

  /** Of a file, which may come in parts: more than columns that files may have. */
  private static final int MOST_OF_A_FILE = 1 << 17;

  private static final String OTHERS = "other reasons";

  private final int most;

  /** By the part before the colon. */
  private final Map<String, Kind> kinds = new LinkedHashMap<>();

  Reasons() {
    this(MOST);
  }

  private Reasons(int most) {
    this.most = most;
  }

  /** Of a file or a part of one, to be added to the feed's: in whatever parts, the same. */
  static Reasons ofFile() {
    return new Reasons(MOST_OF_A_FILE);
  }

  private static final class Kind {
    private final String first;
    private boolean differ;
    private int count;

    Kind(String first) {
      this.first = first;
    }
  }

  void add(String reason) {
    int colon = reason.indexOf(": ");
    String kind = colon < 0 ? reason : reason.substring(0, colon);
    add(kind, reason, false, 1);
  }

  private void add(String kind, String reason, boolean differ, int count) {
    boolean room = kinds.size() < most || kinds.containsKey(kind);
    Kind of = kinds.computeIfAbsent(room ? kind : OTHERS, none -> new Kind(room ? reason : OTHERS));
    of.differ |= differ || !of.first.equals(reason);
    of.count = (int) Math.min(Integer.MAX_VALUE, (long) of.count + count);
  }

  void add(Reasons others) {
    others.kinds.forEach((kind, its) -> add(kind, its.first, its.differ, its.count));
  }

  JsonArray toJson() {
    JsonArray all = new JsonArray();
    kinds.forEach(
        (kind, its) -> {
          JsonObject json = new JsonObject();
          json.addProperty("kind", kind);
          json.addProperty("first", its.first);
          json.addProperty("differ", its.differ);
          json.addProperty("count", its.count);
          all.add(json);
        });
    return all;
  }

  /**
   * @throws RuntimeException if it is not what {@link #toJson} makes
   */
  static Reasons of(JsonArray all) {
    Reasons reasons = ofFile();
    for (JsonElement each : all) {
      JsonObject json = each.getAsJsonObject();
      reasons.add(
          json.get("kind").getAsString(),
          json.get("first").getAsString(),
          json.get("differ").getAsBoolean(),
          json.get("count").getAsInt());
    }
    return reasons;
  }

  /** In words, with how often each was. */
  Map<String, Integer> toMap() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    kinds
        .values()
        .forEach(
            kind -> counts.put(kind.first + (kind.differ ? ", and the like" : ""), kind.count));
    return counts;
  }
}
