package dev.zone.datasets.registry;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.record.RecordFiles;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Who made, fed and read a dataset, and who may. Feeds are as its versions tell them; of the others
 * each is a file of its own, made once, so that any number of machines may write at once.
 */
public final class DatasetLog {
  private static final String FOLDER = "log";
  private static final int RANDOM_CHARACTERS = 8;

  /** Also of {@code created.json}. */
  static final String TENANT = "tenant";

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

  private final RegisteredDataset dataset;
  private final RecordFiles records;

  DatasetLog(RegisteredDataset dataset, RecordFiles records) {
    this.dataset = dataset;
    this.records = records;
  }

  /** What somebody did. */
  public enum Action {
    CREATED,
    FED,
    TRAINED,
    EXPORTED,
    GRANTED,
    REVOKED
  }

  /**
   * @param time as {@link Instant} writes it
   * @param version that it was done to or that it made; empty of the dataset as a whole
   * @param what more, in words; may be empty
   * @param tenant that it was done for; empty if for none, or if that was not written
   */
  public record Entry(
      String time,
      String by,
      Action action,
      Optional<Integer> version,
      String what,
      Optional<String> tenant) {
    /** Of a time that is none, before all. */
    private Instant instant() {
      try {
        return Instant.parse(time);
      } catch (DateTimeException e) {
        return Instant.MIN;
      }
    }
  }

  /**
   * Writes down what was done.
   *
   * @throws ZoneException of the environment if it cannot be written
   */
  public void add(Entry entry) {
    JsonObject json = new JsonObject();
    json.addProperty("time", entry.time());
    json.addProperty("by", entry.by());
    json.addProperty("action", entry.action().name());
    entry.version().ifPresent(number -> json.addProperty("version", number));
    json.addProperty("what", entry.what());
    entry.tenant().ifPresent(tenant -> json.addProperty(TENANT, tenant));
    String random = UUID.randomUUID().toString().substring(0, RANDOM_CHARACTERS);
    records.create(FOLDER + "/" + STAMP.format(entry.instant()) + "-" + random + ".json", json);
  }

  /** All entries, the oldest first; files that are none are left out. */
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    dataset
        .created()
        .ifPresent(
            json ->
                entry(json, Action.CREATED, text(json, "by") + " made it").ifPresent(entries::add));
    dataset.newest().stream()
        .flatMap(version -> version.feeds().stream())
        .map(
            feed ->
                new Entry(
                    feed.time(),
                    feed.by(),
                    Action.FED,
                    Optional.of(feed.version()),
                    "%,d rows, %,d set aside (%s)"
                        .formatted(feed.rows(), feed.rejected(), feed.id()),
                    feed.tenant()))
        .forEach(entries::add);
    for (String file : records.list(FOLDER)) {
      records.read(FOLDER + "/" + file).flatMap(DatasetLog::entry).ifPresent(entries::add);
    }
    // As texts "10:00:00Z" would come after "10:00:00.5Z".
    entries.sort(Comparator.comparing(Entry::instant));
    return entries;
  }

  /** The version that a model was trained on last, if one was. */
  public Optional<Integer> trained() {
    // Names begin with the time.
    List<String> files = records.list(FOLDER);
    for (int i = files.size() - 1; i >= 0; i--) {
      Optional<Entry> entry = records.read(FOLDER + "/" + files.get(i)).flatMap(DatasetLog::entry);
      if (entry.filter(one -> one.action() == Action.TRAINED).isPresent()) {
        return entry.get().version();
      }
    }
    return Optional.empty();
  }

  private static Optional<Entry> entry(JsonObject json) {
    try {
      return entry(json, Action.valueOf(text(json, "action")), text(json, "what"));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Entry> entry(JsonObject json, Action action, String what) {
    Optional<Integer> version =
        json.get("version") instanceof JsonPrimitive number
                && number.getAsString().matches("[1-9][0-9]{0,8}")
            ? Optional.of(number.getAsInt())
            : Optional.empty();
    return Optional.of(
        new Entry(
            text(json, "time"),
            text(json, "by"),
            action,
            version,
            what,
            Optional.of(text(json, TENANT)).filter(tenant -> !tenant.isEmpty())));
  }

  private static String text(JsonObject json, String key) {
    return json.get(key) instanceof JsonPrimitive value ? value.getAsString() : "";
  }
}
