package dev.zone.datasets.record;

import com.google.gson.JsonObject;
import dev.zone.datasets.storage.Storage;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * How often a run was handed to a cluster, and who works on it: {@code launches/<n>/}. A launch is
 * begun by the launcher, handed over to a cluster, which gives it a handle, and claimed by the one
 * application that then works on it. However often a cluster starts a launch, one start has the
 * claim and the others end without a word; and who sees a later launch ends too.
 */
public final class Launches {
  private static final String FOLDER = "launches";

  private final RecordFiles files;

  /**
   * @param run whose root is the run's folder
   */
  public Launches(Storage run) {
    this.files = new RecordFiles(run);
  }

  /** The newest launch's number; 0 if there was none. */
  public int newest() {
    return files.list(FOLDER).stream()
        .filter(name -> name.matches("[1-9][0-9]{0,5}"))
        .mapToInt(Integer::parseInt)
        .max()
        .orElse(0);
  }

  /**
   * Begins a launch.
   *
   * @return false if somebody else began it
   */
  public boolean begin(int launch, JsonObject what) {
    return files.create(file(launch, "launch"), what);
  }

  /**
   * Keeps what the cluster calls it.
   *
   * @return false if it has a handle already: what was handed over now is one too many
   */
  public boolean handedOver(int launch, JsonObject handle) {
    return files.create(file(launch, "handle"), handle);
  }

  /** What the cluster calls it; empty if it was not handed over, or that was not kept. */
  public Optional<JsonObject> handle(int launch) {
    return files.read(file(launch, "handle"));
  }

  /**
   * Claims the launch for an application.
   *
   * @return false if another has it
   */
  public boolean claim(int launch, JsonObject who) {
    return files.create(file(launch, "claim"), who);
  }

  /** Who works on it, or worked. */
  public Optional<JsonObject> claim(int launch) {
    return files.read(file(launch, "claim"));
  }

  /** Says that whoever has the claim is alive. */
  public void beat(int launch, JsonObject sign) {
    files.replace(file(launch, "alive"), sign);
  }

  /** The last sign of life. */
  public Optional<JsonObject> alive(int launch) {
    return files.read(file(launch, "alive"));
  }

  /** This machine's name, as handles and claims have it. */
  public static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  private static String file(int launch, String what) {
    return FOLDER + "/" + launch + "/" + what + ".json";
  }
}
