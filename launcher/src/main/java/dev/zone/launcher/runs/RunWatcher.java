package dev.zone.launcher.runs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.zone.conf.RunState;
import dev.zone.datasets.record.StateLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Follows a run's folder while the application writes it. Not safe for several threads; looks only
 * when asked.
 */
public final class RunWatcher {
  private final RunFolder folder;
  private final Consumer<RunRecord> listener;
  private final JsonLines metrics = new JsonLines("metrics.jsonl");
  private final JsonLines events = new JsonLines("events.jsonl");
  private Optional<RunState> lastState = Optional.empty();

  public RunWatcher(RunFolder folder, Consumer<RunRecord> listener) {
    this.folder = folder;
    this.listener = listener;
  }

  /** Follows from here on: what the folder says already was told before. */
  public static RunWatcher fromNow(RunFolder folder, Consumer<RunRecord> listener) {
    RunWatcher watcher = new RunWatcher(folder, listener);
    watcher.metrics.skip(folder.current());
    watcher.events.skip(folder.current());
    watcher.lastState = folder.state();
    return watcher;
  }

  /** How the run's last training began, if one did. */
  public static Optional<RunRecord.Start> lastStart(RunFolder folder) {
    List<RunRecord.Start> starts = new ArrayList<>();
    RunWatcher watcher =
        new RunWatcher(
            folder,
            record -> {
              if (record instanceof RunRecord.Start start) {
                starts.add(start);
              }
            });
    watcher.metrics.poll(folder.current()).forEach(json -> watcher.tell(() -> metric(json)));
    return starts.isEmpty() ? Optional.empty() : Optional.of(starts.get(starts.size() - 1));
  }

  /** Tells the listener what is new. Records that are not understood are left out. */
  public void poll() {
    Path current = folder.current();
    Optional<StateLog.Entry> newest = folder.newest();
    Optional<RunState> state = newest.map(StateLog.Entry::state);
    // The state is read first and told last: what led to it was written before it.
    events.poll(current).forEach(json -> tell(() -> event(json)));
    metrics.poll(current).forEach(json -> tell(() -> metric(json)));
    if (state.isPresent() && !state.equals(lastState)) {
      lastState = state;
      listener.accept(new RunRecord.State(state.get(), newest.get().message()));
    }
  }

  private interface Reading {
    Optional<RunRecord> read();
  }

  private void tell(Reading reading) {
    Optional<RunRecord> record;
    try {
      record = reading.read();
    } catch (NumberFormatException
        | IllegalStateException
        | UnsupportedOperationException
        | ClassCastException e) {
      // A field of another type than agreed: the record is skipped, the run goes on.
      return;
    }
    record.ifPresent(listener);
  }

  private static Optional<RunRecord> event(JsonObject json) {
    return Optional.of(new RunRecord.Event(Json.text(json, "event"), Json.text(json, "message")));
  }

  private static Optional<RunRecord> metric(JsonObject json) {
    int fold = (int) number(json, "fold", 1);
    int epoch = (int) number(json, "epoch", 1);
    long step = (long) number(json, "step", 0);
    return switch (Json.text(json, "type")) {
      case "start" ->
          Optional.of(
              new RunRecord.Start(
                  (int) number(json, "epochs", 1),
                  (int) number(json, "stepsPerEpoch", 1),
                  (long) number(json, "examples", 0),
                  (long) number(json, "parameters", 0),
                  (int) number(json, "workers", 1),
                  (int) number(json, "folds", 1)));
      case "step" ->
          Optional.of(
              new RunRecord.Step(
                  fold,
                  epoch,
                  step,
                  number(json, "loss", Double.NaN),
                  number(json, "examplesPerSecond", Double.NaN),
                  number(json, "seconds", Double.NaN)));
      case "epoch" ->
          Optional.of(
              new RunRecord.Epoch(
                  fold,
                  epoch,
                  step,
                  number(json, "loss", Double.NaN),
                  number(json, "examplesPerSecond", Double.NaN),
                  number(json, "seconds", Double.NaN),
                  numbers(json, "validation"),
                  isBest(json)));
      case "validation" ->
          Optional.of(
              new RunRecord.Validation(
                  fold, epoch, step, numbers(json, "validation"), isBest(json)));
      case "resume" ->
          Optional.of(new RunRecord.Resume(fold, epoch, step, (int) number(json, "attempt", 2)));
      case "checkpoint" -> Optional.of(new RunRecord.Checkpoint(fold, epoch, step));
      default -> Optional.empty();
    };
  }

  private static boolean isBest(JsonObject json) {
    return json.has("best") && json.get("best").getAsBoolean();
  }

  private static double number(JsonObject json, String key, double otherwise) {
    JsonElement value = json.get(key);
    return value == null || value.isJsonNull() ? otherwise : value.getAsDouble();
  }

  /** The object's numbers, in its order. */
  static Map<String, Double> numbers(JsonObject json, String key) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    if (json.get(key) instanceof JsonObject object) {
      for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
        if (entry.getValue().isJsonPrimitive()
            && entry.getValue().getAsJsonPrimitive().isNumber()) {
          numbers.put(entry.getKey(), entry.getValue().getAsDouble());
        }
      }
    }
    return numbers;
  }
}
