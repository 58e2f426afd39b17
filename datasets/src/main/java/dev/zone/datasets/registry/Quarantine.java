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
import java.util.List;
import java.util.function.Consumer;

/** Rows that feeds set aside. */
public final class Quarantine {
  private static final String ID = "[A-Za-z0-9-]{1,100}";

  private final Storage dataset;

  public Quarantine(RegisteredDataset dataset) {
    this.dataset = dataset.folder();
  }

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

  private boolean hasRejected(String id) {
    try {
      return dataset.exists(FeedWriter.FEEDS + "/" + id + "/" + FeedWriter.REJECTED);
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
    String name = FeedWriter.FEEDS + "/" + id + "/" + FeedWriter.REJECTED;
    if (!id.matches(ID)) {
      throw unknown(id);
    }
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
