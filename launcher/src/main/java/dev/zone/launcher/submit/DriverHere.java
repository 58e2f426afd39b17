package dev.zone.launcher.submit;

import com.google.gson.JsonObject;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.record.Launches;
import dev.zone.launcher.bundle.Distribution;
import java.io.File;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Drivers that run on the machine that submits, in processes that outlive the command: of local
 * masters, and of clusters in client deploy mode.
 */
final class DriverHere implements Cluster {
  private final ApplicationCommand command;
  private final Distribution distribution;

  DriverHere(ApplicationCommand command, Distribution distribution) {
    this.command = command;
    this.distribution = distribution;
  }

  @Override
  public JsonObject submit(Launch launch) {
    Submission submission =
        Submission.of(launch.mode(), launch.folder(), launch.plan(), launch.master(), distribution)
            .launched(launch.centre(), launch.number());
    ApplicationCommand.Invocation invocation = command.of(submission);
    File log = launch.folder().resolve("logs/driver.log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(invocation.command())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    builder.environment().putAll(invocation.environment());
    builder.environment().remove("ZONE_LAUNCHER");
    builder.environment().put("ZONE_CACHE", launch.cache().toString());
    try {
      Process process = builder.start();
      JsonObject handle = new JsonObject();
      handle.addProperty("host", Launches.host());
      handle.addProperty("pid", process.pid());
      process
          .info()
          .startInstant()
          .ifPresent(start -> handle.addProperty("started", start.toString()));
      return handle;
    } catch (IOException e) {
      throw ZoneException.environment("Cannot start the application: " + e.getMessage(), e);
    }
  }

  @Override
  public Standing standing(JsonObject handle) {
    String host = handle.has("host") ? handle.get("host").getAsString() : "";
    if (!host.equals(Launches.host())) {
      return new Standing(Phase.UNKNOWN, "its driver was started on " + host + ", not here");
    }
    return process(handle).isPresent()
        ? new Standing(Phase.RUNNING, "its driver is process " + handle.get("pid").getAsLong())
        : new Standing(Phase.ENDED, "its driver's process is gone");
  }

  @Override
  public void kill(JsonObject handle) {
    process(handle)
        .ifPresent(
            process -> {
              process.descendants().forEach(ProcessHandle::destroyForcibly);
              process.destroyForcibly();
              process
                  .onExit()
                  .orTimeout(10, TimeUnit.SECONDS)
                  .exceptionally(late -> process)
                  .join();
            });
  }

  /**
   * The process, if it is still that one: numbers of processes are used again, and whoever writes
   * the storage must not have others killed by guessing one.
   */
  private static Optional<ProcessHandle> process(JsonObject handle) {
    if (!handle.has("pid")
        || !handle.has("started")
        || !handle.get("host").getAsString().equals(Launches.host())) {
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
}
