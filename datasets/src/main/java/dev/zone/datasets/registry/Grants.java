package dev.zone.datasets.registry;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.record.RecordFiles;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who may read a dataset and who may feed it. As long as nobody was granted anything all may do
 * both. What Zone refuses is a matter of order among tenants: whoever the storage lets in can go
 * around it, so that the storage's own permissions are to say the same.
 */
public final class Grants {
  private static final String FOLDER = "grants";

  private final RegisteredDataset dataset;
  private final RecordFiles records;

  Grants(RegisteredDataset dataset, RecordFiles records) {
    this.dataset = dataset;
    this.records = records;
  }

  /** What may be granted. */
  public enum Right {
    READ,
    /** And read. */
    FEED
  }

  /** Grants by tenant; none if all may do all. */
  public SortedMap<String, Right> all() {
    return all(newest());
  }

  private int newest() {
    return records.list(FOLDER).stream()
        .filter(file -> file.matches("[1-9][0-9]{0,8}\\.json"))
        .mapToInt(file -> Integer.parseInt(file.substring(0, file.indexOf('.'))))
        .max()
        .orElse(0);
  }

  private SortedMap<String, Right> all(int number) {
    SortedMap<String, Right> grants = new TreeMap<>();
    if (number == 0) {
      return grants;
    }
    JsonObject json =
        records
            .read(FOLDER + "/" + number + ".json")
            .filter(read -> read.get("grants") instanceof JsonObject)
            .orElseThrow(() -> damaged(number));
    for (Map.Entry<String, JsonElement> each : json.getAsJsonObject("grants").entrySet()) {
      try {
        grants.put(each.getKey(), Right.valueOf(((JsonPrimitive) each.getValue()).getAsString()));
      } catch (IllegalArgumentException | ClassCastException e) {
        throw damaged(number);
      }
    }
    return grants;
  }

  private ZoneException damaged(int number) {
    return ZoneException.environment(
        "Cannot tell who may use %s: %s is damaged"
            .formatted(dataset.name(), dataset.folder().place(FOLDER + "/" + number + ".json")),
        null);
  }

  /**
   * Changes what a tenant may do. Of several at once each is made on top of the others.
   *
   * @param right empty: nothing any more
   * @param actingFor the tenant of whoever changes it
   * @return whether that is a change
   */
  public boolean change(
      String tenant, Optional<Right> right, String by, Optional<String> actingFor, Instant now) {
    while (true) {
      int number = newest();
      SortedMap<String, Right> grants = all(number);
      Right before = grants.get(tenant);
      if (right.equals(Optional.ofNullable(before))) {
        return false;
      }
      right.ifPresentOrElse(given -> grants.put(tenant, given), () -> grants.remove(tenant));
      JsonObject json = new JsonObject();
      json.addProperty("by", by);
      json.addProperty("time", now.toString());
      JsonObject each = new JsonObject();
      grants.forEach((who, given) -> each.addProperty(who, given.name()));
      json.add("grants", each);
      if (records.create(FOLDER + "/" + (number + 1) + ".json", json)) {
        dataset
            .log()
            .add(
                new DatasetLog.Entry(
                    now.toString(),
                    by,
                    right.isPresent() ? DatasetLog.Action.GRANTED : DatasetLog.Action.REVOKED,
                    Optional.empty(),
                    tenant + " " + word(right.orElse(before)),
                    actingFor));
        return true;
      }
    }
  }

  private static String word(Right right) {
    return right.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Refuses whoever may not.
   *
   * @param who the user and the tenants that ask; the owner may do all
   * @throws ZoneException of the user's if none of them may
   */
  public void require(Right right, List<String> who) {
    SortedMap<String, Right> grants = all();
    boolean owner = dataset.owner().filter(who::contains).isPresent();
    boolean granted =
        who.stream().map(grants::get).anyMatch(has -> has != null && has.compareTo(right) >= 0);
    if (!grants.isEmpty() && !owner && !granted) {
      throw ZoneException.user(
          "Cannot %s %s as %s (expected %s, or a tenant that may: %s)"
              .formatted(
                  word(right),
                  dataset.name(),
                  String.join(" of ", who),
                  dataset.owner().orElse("its owner"),
                  grants.entrySet().stream()
                      .filter(each -> each.getValue().compareTo(right) >= 0)
                      .map(Map.Entry::getKey)
                      .toList()));
    }
  }
}
