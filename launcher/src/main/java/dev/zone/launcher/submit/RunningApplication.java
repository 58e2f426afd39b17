package dev.zone.launcher.submit;

import com.google.gson.JsonObject;
import dev.zone.conf.RunState;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.runs.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An application's process and its run folder. The pipe to its standard input stays open as long as
 * this JVM lives: its end tells the application that nobody waits any more.
 */
public final class RunningApplication implements AutoCloseable {
  private static final long LOOK_EVERY_MS = 100;
  private static final String LOG = "logs/driver.log";

  private final Process process;
  private final RunFolder folder;
  private final long logFrom;
  private final AtomicInteger cancels = new AtomicInteger();

  private RunningApplication(Process process, RunFolder folder, long logFrom) {
    this.process = process;
    this.folder = folder;
    this.logFrom = logFrom;
  }

  /**
   * Starts it. Its log goes behind what an earlier application of the run wrote.
   *
   * @throws ZoneException of the environment if it cannot be started
   */
  public static RunningApplication start(
      ApplicationCommand.Invocation invocation, RunFolder folder) {
    Path log = folder.current().resolve(LOG);
    ProcessBuilder builder =
        new ProcessBuilder(invocation.command())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(invocation.environment());
    try {
      Files.createDirectories(log.getParent());
      long logFrom = Files.exists(log) ? Files.size(log) : 0;
      return new RunningApplication(builder.start(), folder, logFrom);
    } catch (IOException e) {
      throw ZoneException.environment("Cannot start the application: " + e.getMessage(), e);
    }
  }

  /**
   * Waits for the end.
   *
   * @param tick called about ten times a second, and once after the end
   * @return the application's exit code
   */
  public int await(Runnable tick) {
    try {
      while (!process.waitFor(LOOK_EVERY_MS, TimeUnit.MILLISECONDS)) {
        tick.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new ZoneException(ErrorKind.CANCELLED, "Interrupted while the run went on", e);
    }
    tick.run();
    return process.exitValue();
  }

  /**
   * Asks for a clean stop; asked again, kills.
   *
   * @return whether it was the first time
   */
  public boolean cancel() {
    if (cancels.incrementAndGet() == 1) {
      folder.requestCancel();
      return true;
    }
    process.destroyForcibly();
    return false;
  }

  public boolean isCancelAsked() {
    return cancels.get() > 0;
  }

  /**
   * Brings the folder to rest after the end and says how it went: a start that failed leaves
   * nothing, a training that failed is FAILED or CANCELLED even if the application could not say so
   * any more.
   *
   * @return what the application wrote as its result
   * @throws ApplicationFailure if it has none
   */
  public JsonObject settle(int exitCode, Instant now) {
    if (exitCode == 0 && folder.isPublished()) {
      JsonObject result = folder.json("result.json").orElse(null);
      if (result != null) {
        return result;
      }
    }
    if (folder.isPublished() && isAnotherAtWork()) {
      // Ours was too late, because another works on the run: what the folder says is that one's.
      throw new ApplicationFailure(
          ErrorKind.USER,
          "Cannot work on "
              + folder.id()
              + ": another application does (expected a run that ended)",
          "",
          Optional.empty());
    }
    ApplicationFailure failure = failure(exitCode);
    if (folder.isPublished()) {
      RunState state = failure.kind() == ErrorKind.CANCELLED ? RunState.CANCELLED : RunState.FAILED;
      folder.endUnlessEnded(state, failure.getMessage(), now);
    } else {
      folder.discard();
    }
    throw failure;
  }

  private boolean isAnotherAtWork() {
    try {
      return folder.isAtWork();
    } catch (ZoneException cannotTell) {
      // What ended the application, a disk that cannot be written say, is what matters now.
      return false;
    }
  }

  /**
   * What a check found.
   *
   * @throws ApplicationFailure if it could not tell, or found the input wrong
   */
  public JsonObject checked(int exitCode) {
    return answer(exitCode, "check.json");
  }

  /**
   * What an application that is no run came to.
   *
   * @param file that it leaves
   * @throws ApplicationFailure if it failed
   */
  JsonObject answer(int exitCode, String file) {
    return Optional.of(exitCode)
        .filter(code -> code == 0)
        .flatMap(code -> folder.json(file))
        .orElseThrow(() -> failure(exitCode));
  }

  private Optional<Path> kept() {
    return folder.isPublished() ? Optional.of(folder.published()) : Optional.empty();
  }

  private ApplicationFailure failure(int exitCode) {
    Optional<ApplicationFailure> said = ApplicationFailure.said(folder, kept());
    if (said.isPresent()) {
      return said.get();
    }
    String end = LogTail.of(folder.current().resolve(LOG), logFrom);
    if (isCancelAsked() || folder.state().equals(Optional.of(RunState.CANCELLED))) {
      return new ApplicationFailure(ErrorKind.CANCELLED, "The run was stopped", end, kept());
    }
    return new ApplicationFailure(
        ErrorKind.ENVIRONMENT,
        "The application died: " + DeathCause.of(exitCode) + (end.isEmpty() ? "" : "\n" + end),
        "",
        kept());
  }

  /** Kills the application if it still runs. */
  @Override
  public void close() {
    if (process.isAlive()) {
      process.destroyForcibly();
    }
  }
}
