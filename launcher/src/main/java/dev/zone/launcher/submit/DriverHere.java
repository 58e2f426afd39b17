package dev.zone.launcher.submit;

import com.google.gson.JsonObject;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.bundle.Distribution;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;

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
        Submission.of(
                launch.mode(),
                Path.of(launch.folder()),
                launch.plan(),
                launch.master(),
                distribution)
            .launched(launch.centre(), launch.number());
    ApplicationCommand.Invocation invocation = command.of(submission);
    File log = Path.of(launch.folder(), "logs/driver.log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(invocation.command())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    builder.environment().putAll(invocation.environment());
    builder.environment().remove("ZONE_LAUNCHER");
    builder.environment().put("ZONE_CACHE", launch.cache());
    try {
      return Processes.handle(builder.start());
    } catch (IOException e) {
      throw ZoneException.environment("Cannot start the application: " + e.getMessage(), e);
    }
  }

  @Override
  public Standing standing(JsonObject handle) {
    if (!Processes.isHere(handle)) {
      return new Standing(
          Phase.UNKNOWN, "its driver was started on " + Processes.host(handle) + ", not here");
    }
    return Processes.find(handle).isPresent()
        ? new Standing(Phase.RUNNING, "its driver is process " + handle.get("pid").getAsLong())
        : new Standing(Phase.ENDED, "its driver's process is gone");
  }

  @Override
  public void kill(JsonObject handle) {
    Processes.find(handle).ifPresent(Processes::end);
  }
}
