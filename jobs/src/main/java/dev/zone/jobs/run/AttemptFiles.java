package dev.zone.jobs.run;

import com.google.gson.JsonObject;
import dev.zone.conf.error.ErrorKind;
import dev.zone.datasets.record.RecordFiles;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the run's folder says of its attempts: {@code attempts.jsonl} with a line for each that
 * ended, and {@code attempts/<n>/} with when it began and what its ranks had to say.
 */
public final class AttemptFiles {
  private final RunFolder folder;

  public AttemptFiles(RunFolder folder) {
    this.folder = folder;
  }

  /**
   * Begins the next attempt. An earlier one whose driver died before it could say how it ended is
   * ended here.
   *
   * @param fromStep optimizer steps done by those before it that it goes on from
   * @return its number, from 1
   */
  public int begin(int workers, int fromStep) {
    int before = last();
    if (before > 0 && !isEnded(before)) {
      end(before, "LOST", -1);
    }
    int attempt = before + 1;
    JsonObject json = new JsonObject();
    json.addProperty("started", Instant.now().toString());
    json.addProperty("workers", workers);
    json.addProperty("fromStep", fromStep);
    folder.replace(name(attempt, "started.json"), json);
    return attempt;
  }

  /** How many attempts began. */
  public int last() {
    return record().list("attempts").stream()
        .filter(name -> name.matches("[0-9]{1,6}"))
        .mapToInt(Integer::parseInt)
        .max()
        .orElse(0);
  }

  private RecordFiles record() {
    return new RecordFiles(folder.storage());
  }

  /**
   * Ends an attempt.
   *
   * @param outcome SUCCEEDED, CANCELLED, or LOST if its driver died
   * @param step done at the end; -1 if not known
   */
  public void end(int attempt, String outcome, int step) {
    JsonObject json = line(attempt, outcome);
    addStep(json, step);
    write(attempt, json);
  }

  /**
   * Ends an attempt that failed.
   *
   * @param step done when it failed; -1 if not known
   */
  public void failed(int attempt, ErrorKind kind, String cause, String message, int step) {
    JsonObject json = line(attempt, kind == ErrorKind.CANCELLED ? "CANCELLED" : "FAILED");
    json.addProperty("kind", kind.name());
    json.addProperty("cause", cause);
    json.addProperty("message", message);
    addStep(json, step);
    write(attempt, json);
  }

  private JsonObject line(int attempt, String outcome) {
    JsonObject json = new JsonObject();
    json.addProperty("attempt", attempt);
    read(name(attempt, "started.json"))
        .ifPresent(
            started -> {
              json.add("started", started.get("started"));
              json.add("workers", started.get("workers"));
              json.add("fromStep", started.get("fromStep"));
            });
    json.addProperty("ended", Instant.now().toString());
    json.addProperty("outcome", outcome);
    return json;
  }

  private static void addStep(JsonObject json, int step) {
    if (step >= 0) {
      json.addProperty("step", step);
    }
  }

  private void write(int attempt, JsonObject json) {
    folder.replace(name(attempt, "ended.json"), json);
    folder.append("attempts.jsonl", json);
  }

  private boolean isEnded(int attempt) {
    return record().read(name(attempt, "ended.json")).isPresent();
  }

  /** Says where a rank runs: host, executor, process and what it computes on. */
  public void writePlace(int attempt, int rank, String host, String executor, String device) {
    JsonObject json = new JsonObject();
    json.addProperty("host", host);
    json.addProperty("executor", executor);
    json.addProperty("pid", ProcessHandle.current().pid());
    json.addProperty("device", device);
    folder.replace(name(attempt, "rank-" + rank + "-place.json"), json);
  }

  /** What each rank of an attempt computed on, as far as it said so. */
  public List<String> devices(int attempt, int workers) {
    List<String> devices = new ArrayList<>();
    for (int rank = 0; rank < workers; rank++) {
      read(name(attempt, "rank-" + rank + "-place.json"))
          .filter(place -> place.has("device"))
          .ifPresent(place -> devices.add(place.get("device").getAsString()));
    }
    return devices;
  }

  /** Keeps what a rank that failed has to say. */
  public void writeRank(int attempt, int rank, JsonObject failure) {
    folder.replace(name(attempt, "rank-" + rank + ".json"), failure);
  }

  public Optional<JsonObject> readRank(int attempt, int rank) {
    return read(name(attempt, "rank-" + rank + ".json"));
  }

  private Optional<JsonObject> read(String name) {
    return record().read(name);
  }

  private static String name(int attempt, String file) {
    return "attempts/" + attempt + "/" + file;
  }
}
