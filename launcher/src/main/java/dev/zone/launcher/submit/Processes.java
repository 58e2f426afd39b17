package dev.zone.launcher.submit;

import com.google.gson.JsonObject;
import dev.zone.datasets.record.Launches;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Processes of this machine, by what handles say of them. */
final class Processes {
  private Processes() {}

  /** What finds a process again. */
  static JsonObject handle(Process process) {
    JsonObject handle = new JsonObject();
    handle.addProperty("host", Launches.host());
    handle.addProperty("pid", process.pid());
    process
        .info()
        .startInstant()
        .ifPresent(start -> handle.addProperty("started", start.toString()));
    return handle;
  }

  /** Whether the process is, or was, one of this machine. */
  static boolean isHere(JsonObject handle) {
    return host(handle).equals(Launches.host());
  }

  /** The machine's name; empty if the handle has none. */
  static String host(JsonObject handle) {
    return handle.has("host") ? handle.get("host").getAsString() : "";
  }

  /**
   * The process, if it is still that one: numbers of processes are used again, and whoever writes
   * the storage must not have others killed by guessing one.
   */
  static Optional<ProcessHandle> find(JsonObject handle) {
    if (!handle.has("pid") || !handle.has("started") || !isHere(handle)) {
      return Optional.empty();
    }
    String started = handle.get("started").getAsString();
    return ProcessHandle.of(handle.get("pid").getAsLong())
        .filter(ProcessHandle::isAlive)
        .filter(
            process ->
                process
                    .info()
                    .startInstant()
                    .map(start -> start.toString().equals(started))
                    .orElse(false));
  }

  /** Ends it and what it started, and waits for that. */
  static void end(ProcessHandle process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).exceptionally(late -> process).join();
  }
}
