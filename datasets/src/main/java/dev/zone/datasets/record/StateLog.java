package dev.zone.datasets.record;

import com.google.gson.JsonObject;
import dev.zone.conf.RunState;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The states of a run, one file each in {@code states/}, numbered; {@code state.json} is a copy of
 * the newest for people and programs. A move makes the file of the next number: of two that move a
 * run from the same state one succeeds, and the other looks again.
 */
public final class StateLog {
  private static final String FOLDER = "states";
  private static final String COPY = "state.json";

  /** Only another writer's move makes one fail; so many in a row do not happen. */
  private static final int MOST_TRIES = 100;

  /**
   * A state.
   *
   * @param number from 1
   * @param since when it began, as its writer's clock said
   */
  public record Entry(int number, RunState state, String since, String message) {}

  /** Nobody may move a run so. */
  public static final class IllegalMoveException extends ZoneException {
    private static final long serialVersionUID = 1L;

    private IllegalMoveException(Optional<Entry> from, RunState to) {
      super(
          ErrorKind.INTERNAL,
          "Cannot move the run to "
              + to
              + ": it is "
              + from.map(entry -> entry.state().name()).orElse("not begun"));
    }
  }

  private final RecordFiles files;

  /**
   * @param run whose root is the run's folder
   */
  public StateLog(Storage run) {
    this.files = new RecordFiles(run);
  }

  /** The newest state; empty of a run that has none yet. */
  public Optional<Entry> newest() {
    OptionalInt number = last(files.list(FOLDER));
    return number.isPresent()
        ? files.read(file(number.getAsInt())).flatMap(json -> entry(number.getAsInt(), json))
        : files.read(COPY).flatMap(json -> entry(0, json));
  }

  /**
   * Moves the run if it is where it was seen.
   *
   * @param seen what {@link #newest} said
   * @return false if somebody else moved it meanwhile
   * @throws IllegalMoveException if no run may be moved so
   */
  public boolean move(Optional<Entry> seen, RunState to, String message, Instant now) {
    boolean legal = seen.map(entry -> entry.state().next().contains(to)).orElse(to.isFirst());
    if (!legal) {
      throw new IllegalMoveException(seen, to);
    }
    JsonObject json = new JsonObject();
    json.addProperty("state", to.name());
    json.addProperty("since", now.toString());
    json.addProperty("message", message);
    int number = seen.map(Entry::number).orElse(0) + 1;
    if (!files.create(file(number), json)) {
      return false;
    }
    files.replace(COPY, json);
    return true;
  }

  /**
   * Moves the run from wherever it is.
   *
   * @throws IllegalMoveException if it may not be moved so from there
   */
  public void advance(RunState to, String message, Instant now) {
    for (int i = 0; i < MOST_TRIES; i++) {
      if (move(newest(), to, message, now)) {
        return;
      }
    }
    throw new ZoneException(
        ErrorKind.ENVIRONMENT, "Cannot move the run to " + to + ": others move it all the time");
  }

  private static OptionalInt last(List<String> names) {
    return names.stream()
        .filter(name -> name.matches("[0-9]{6}\\.json"))
        .mapToInt(name -> Integer.parseInt(name.substring(0, 6)))
        .max();
  }

  private static String file(int number) {
    return FOLDER + "/" + String.format("%06d.json", number);
  }

  private static Optional<Entry> entry(int number, JsonObject json) {
    try {
      return Optional.of(
          new Entry(
              number,
              RunState.valueOf(json.get("state").getAsString()),
              json.has("since") ? json.get("since").getAsString() : "",
              json.has("message") ? json.get("message").getAsString() : ""));
    } catch (IllegalArgumentException
        | NullPointerException
        | UnsupportedOperationException
        | IllegalStateException e) {
      return Optional.empty();
    }
  }
}
