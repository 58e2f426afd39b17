package dev.zone.datasets.registry;

import com.google.gson.JsonObject;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.record.RecordFiles;
import java.time.Instant;
import java.util.Optional;

/**
 * Files of which feeds took nothing since too many rows were wrong: by their content, so that
 * whoever watches a folder does not read them again and again.
 */
final class Refusals {
  private static final String FOLDER = "refused";

  private final RecordFiles records;

  Refusals(RecordFiles records) {
    this.records = records;
  }

  /**
   * A refusal.
   *
   * @param file as it was read
   * @param feed id of the feed whose folder has its rows
   */
  record Refusal(FedFile file, String feed) {}

  private static String record(String sha256) {
    return FOLDER + "/" + sha256 + ".json";
  }

  /**
   * Writes one down; the first of a content stays.
   *
   * @throws ZoneException of the environment if it cannot be written
   */
  void note(Refusal refusal, String by, Instant now) {
    JsonObject json = refusal.file().toJson();
    json.addProperty("feed", refusal.feed());
    json.addProperty("by", by);
    json.addProperty("time", now.toString());
    boolean unused = records.create(record(refusal.file().sha256()), json);
  }

  /**
   * That of some content, if there was one.
   *
   * @throws ZoneException of the environment if that cannot be told
   */
  Optional<Refusal> of(String sha256) {
    Optional<JsonObject> json = records.read(record(sha256));
    try {
      return json.map(one -> new Refusal(FedFile.of(one), Fields.text(one, "feed")))
          .filter(one -> one.file().sha256().equals(sha256));
    } catch (IllegalArgumentException e) {
      // Whoever may write there may also damage it; the file is read once more then.
      return Optional.empty();
    }
  }
}
