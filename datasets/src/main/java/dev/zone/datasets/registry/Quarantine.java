package dev.zone.datasets.registry;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.zone.conf.error.Names;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Rows that feeds set aside. */
public final class Quarantine {
  private static final String ID = "[A-Za-z0-9-]{1,100}";

  /** Of the id that feeds have that began in the same second. */
  private static final int SECOND_CHARACTERS = "yyyyMMdd-HHmmss".length();

  private final RegisteredDataset registered;
  private final Storage dataset;

  public Quarantine(RegisteredDataset dataset) {
    this.registered = dataset;
    this.dataset = dataset.folder();
  }

  /** What became of the other rows of a feed that set rows aside. */
  public enum State {
    /** A version has them. */
    COMMITTED,
    /** Nothing was taken: too many rows were wrong. */
    REFUSED,
    /** Nothing was taken: it is under way, or died. */
    UNFINISHED
  }

  /**
   * A feed that set rows aside.
   *
   * @param version that it made; empty if it made none
   */
  public record SetAside(String feed, State state, OptionalInt version) {}

  /** Ids of the feeds that set rows aside, those of which nothing was taken too; oldest first. */
  public List<String> feeds() {
    try {
      return dataset.list(FeedWriter.FEEDS).stream()
          .filter(id -> id.matches(ID))
          .filter(this::hasRejected)
          .toList();
    } catch (IOException e) {
      throw cannot("list", FeedWriter.FEEDS, e);
    }
  }

  /** The id of the last feed that set rows aside; empty if none did. */
  public Optional<String> newest() {
    List<String> feeds = feeds();
    if (feeds.isEmpty()) {
      return Optional.empty();
    }
    String second = second(feeds.get(feeds.size() - 1));
    return feeds.stream()
        .filter(id -> second(id).equals(second))
        .max(Comparator.comparing(this::ended));
  }

  private static String second(String id) {
    return id.substring(0, Math.min(SECOND_CHARACTERS, id.length()));
  }

  private Instant ended(String id) {
    try {
      return dataset.modified(rejected(id));
    } catch (NoSuchFileException e) {
      return Instant.MIN;
    } catch (IOException e) {
      throw cannot("look into", FeedWriter.FEEDS + "/" + id, e);
    }
  }

  private static String rejected(String id) {
    return FeedWriter.FEEDS + "/" + id + "/" + FeedWriter.REJECTED;
  }

  /**
   * What became of feeds.
   *
   * @throws ZoneException of the user's if there is no such feed, or one set nothing aside
   */
  public List<SetAside> states(List<String> ids) {
    Map<String, Integer> versions =
        registered.newest().map(Version::feeds).orElse(List.of()).stream()
            .collect(Collectors.toMap(Feed::id, Feed::version, (one, other) -> one));
    return ids.stream().map(id -> state(id, Optional.ofNullable(versions.get(id)))).toList();
  }

  private SetAside state(String id, Optional<Integer> version) {
    if (!id.matches(ID) || !hasRejected(id)) {
      throw unknown(id);
    }
    if (version.isPresent()) {
      return new SetAside(id, State.COMMITTED, OptionalInt.of(version.get()));
    }
    try {
      // Whoever refuses removes the rows that were right.
      boolean data = dataset.isFolder(FeedWriter.FEEDS + "/" + id + "/data");
      return new SetAside(id, data ? State.UNFINISHED : State.REFUSED, OptionalInt.empty());
    } catch (IOException e) {
      throw cannot("look into", FeedWriter.FEEDS + "/" + id, e);
    }
  }

  private boolean hasRejected(String id) {
    try {
      return dataset.exists(rejected(id));
    } catch (IOException e) {
      throw cannot("look into", FeedWriter.FEEDS + "/" + id, e);
    }
  }

  /**
   * Gives a feed's lines: of each file its {@code header}, if it has one, and then its rows with
   * {@code where}, {@code reasons} and, of text, {@code text}.
   *
   * @throws ZoneException of the user's if there is no such feed, or it set nothing aside
   */
  public void read(String id, Consumer<JsonObject> lines) {
    if (!id.matches(ID)) {
      throw unknown(id);
    }
    String name = rejected(id);
    try (Storage.StoredFile file = dataset.open(name);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(file.bytes(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (JsonParser.parseString(line) instanceof JsonObject json) {
          lines.accept(json);
        }
      }
    } catch (NoSuchFileException e) {
      throw unknown(id);
    } catch (IOException | JsonParseException e) {
      throw cannot("read", name, e);
    }
  }

  private ZoneException unknown(String id) {
    List<String> feeds = feeds();
    return ZoneException.user(
        "Cannot find rows that the feed %s set aside%s (expected %s)"
            .formatted(
                id,
                Names.suggestion(id, feeds),
                feeds.isEmpty()
                    ? "a feed that did; none has"
                    : "one of " + String.join(", ", feeds)));
  }

  private ZoneException cannot(String verb, String name, Exception e) {
    return ZoneException.environment(
        "Cannot %s %s (%s)".formatted(verb, dataset.place(name), e.getMessage()), e);
  }
}
