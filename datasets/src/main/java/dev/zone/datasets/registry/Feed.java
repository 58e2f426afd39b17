package dev.zone.datasets.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * A feed that a version holds.
 *
 * @param id of the feed's folder
 * @param version that it made
 * @param by whose feed it was
 * @param time when it was committed, as {@link java.time.Instant} writes it
 * @param files what was fed
 * @param tenant whose feed it was; empty if none's, or if that was not written
 */
public record Feed(
    String id, int version, String by, String time, List<FedFile> files, Optional<String> tenant) {
  public Feed {
    files = List.copyOf(files);
  }

  /** Rows that it added. */
  public long rows() {
    return files.stream().mapToLong(FedFile::rows).sum();
  }

  /** Rows that were set aside. */
  public long rejected() {
    return files.stream().mapToLong(FedFile::rejected).sum();
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("id", id);
    json.addProperty("version", version);
    json.addProperty("by", by);
    json.addProperty("time", time);
    json.addProperty("rows", rows());
    json.addProperty("rejected", rejected());
    JsonArray list = new JsonArray();
    files.forEach(file -> list.add(file.toJson()));
    json.add("files", list);
    tenant.ifPresent(whose -> json.addProperty(DatasetLog.TENANT, whose));
    return json;
  }

  /**
   * @throws IllegalArgumentException if it is not what {@link #toJson} makes
   */
  static Feed of(JsonObject json) {
    return new Feed(
        Fields.text(json, "id"),
        Math.toIntExact(Fields.count(json, "version")),
        Fields.text(json, "by"),
        Fields.text(json, "time"),
        Fields.objects(json, "files").stream().map(FedFile::of).toList(),
        json.has(DatasetLog.TENANT)
            ? Optional.of(Fields.text(json, DatasetLog.TENANT))
            : Optional.empty());
  }
}
