package dev.zone.launcher.zones;

import com.google.gson.JsonObject;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.record.RecordFiles;
import dev.zone.datasets.storage.Storage;
import dev.zone.launcher.runs.RunView;
import java.util.List;
import java.util.Optional;

/** The runs on a centre's storage: {@code runs/<id>/}, and {@code keys/} that name some of them. */
public final class CentreRuns {
  /** The folder of all runs. */
  public static final String RUNS = "runs";

  private static final String KEYS = "keys";

  private final Storage storage;
  private final RecordFiles files;

  /**
   * @param storage the centre's
   */
  public CentreRuns(Storage storage) {
    this.storage = storage;
    this.files = new RecordFiles(storage);
  }

  /** Ids of all runs, the oldest first. */
  public List<String> ids() {
    return files.list(RUNS);
  }

  /** A run's record, which need not be there. */
  public RunView run(String id) {
    return new RunView(id, storage.below(RUNS + "/" + id));
  }

  /**
   * Gives a run a key that no other run has.
   *
   * @param key of any characters
   * @return false if a run has it
   */
  public boolean give(String key, JsonObject run) {
    return files.create(file(key), run);
  }

  /** The run that has a key. */
  public Optional<JsonObject> having(String key) {
    return files.read(file(key));
  }

  private static String file(String key) {
    return KEYS + "/" + Digests.ofText(key) + ".json";
  }
}
