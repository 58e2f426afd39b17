package dev.zone.datasets.registry;

import com.google.gson.JsonObject;

/**
 * A feed that a version holds.
 *
 * @param id of the feed's folder
 * @param key digest of what was fed: the same content is fed once
 * @param version that it made
 * @param by whose feed it was
 * @param time when it was committed, as {@link java.time.Instant} writes it
 * @param rows that it added
 * @param rejected rows that were set aside
 */
public record Feed(
    String id, String key, int version, String by, String time, long rows, long rejected) {
  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("id", id);
    json.addProperty("key", key);
    json.addProperty("version", version);
    json.addProperty("by", by);
    json.addProperty("time", time);
    json.addProperty("rows", rows);
    json.addProperty("rejected", rejected);
    return json;
  }

  /**
   * @throws IllegalArgumentException if it is not what {@link #toJson} makes
   */
  static Feed of(JsonObject json) {
    return new Feed(
        Fields.text(json, "id"),
        Fields.text(json, "key"),
        Math.toIntExact(Fields.count(json, "version")),
        Fields.text(json, "by"),
        Fields.text(json, "time"),
        Fields.count(json, "rows"),
        Fields.count(json, "rejected"));
  }
}
