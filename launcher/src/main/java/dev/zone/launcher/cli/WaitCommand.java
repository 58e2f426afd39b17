package dev.zone.launcher.cli;

import com.google.gson.JsonObject;
import dev.zone.conf.RunState;
import dev.zone.conf.error.ErrorKind;
import dev.zone.launcher.cli.RunPlaces.Found;
import dev.zone.launcher.submit.RunObserver.Observed;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Waits for a run's end, which the exit code tells. */
@Command(
    name = "wait",
    description = "Waits until a run ends.",
    footer = {
      "",
      "Exit codes: 0 SUCCEEDED, 130 CANCELLED, 4 LOST for half a minute, 124 still going on after"
          + " --timeout; of a run that FAILED the one that says why: 2 wrong input, 3 resources, 4"
          + " the environment, 70 a fault of Zone."
    })
final class WaitCommand implements Callable<Integer> {
  /** As the command {@code timeout} has it. */
  private static final int STILL_GOING_ON = 124;

  /** What is lost may turn up again. */
  private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Context context;
  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "The longest to wait, in seconds. Default: as long as it takes.")
  private Optional<Long> timeout = Optional.empty();

  WaitCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (RunPlaces places = options.places(context)) {
      Found run = places.require(options.run());
      long began = System.nanoTime();
      long lostAt = 0;
      while (true) {
        Observed observed = places.observe(run);
        long now = System.nanoTime();
        lostAt = observed.is(RunState.LOST) ? (lostAt == 0 ? now : lostAt) : 0;
        boolean lost = lostAt != 0 && now - lostAt > LOST_NANOS;
        boolean late = timeout.isPresent() && now - began > TimeUnit.SECONDS.toNanos(timeout.get());
        if (observed.isAtRest() && (lostAt == 0 || lost) || late) {
          RunStatus.say(context, run, observed, options.isJson());
          return observed.isAtRest() ? exitCode(run, observed) : STILL_GOING_ON;
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  /** What a run's end means to scripts. */
  static int exitCode(Found run, Observed observed) {
    if (observed.is(RunState.SUCCEEDED)) {
      return 0;
    }
    if (observed.is(RunState.CANCELLED)) {
      return ErrorKind.CANCELLED.exitCode();
    }
    return observed.is(RunState.FAILED)
        ? RunStatus.error(run.view())
            .map(error -> kind(error).exitCode())
            .orElse(ErrorKind.ENVIRONMENT.exitCode())
        : ErrorKind.ENVIRONMENT.exitCode();
  }

  private static ErrorKind kind(JsonObject error) {
    try {
      return ErrorKind.valueOf(error.get("kind").getAsString());
    } catch (IllegalArgumentException | NullPointerException e) {
      return ErrorKind.INTERNAL;
    }
  }
}
