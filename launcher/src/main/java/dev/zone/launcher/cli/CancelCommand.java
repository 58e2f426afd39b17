package dev.zone.launcher.cli;

import dev.zone.conf.RunState;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.cli.RunPlaces.Found;
import dev.zone.launcher.submit.Cancellation;
import dev.zone.launcher.submit.RunObserver.Observed;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stops a run. */
@Command(
    name = "cancel",
    description = {
      "Stops a run after the step at work, with a checkpoint, and waits until it did.",
      "One that does not stop by then is killed; its last checkpoint is kept."
    })
final class CancelCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      description = "How long it may take to stop before it is killed. Default: 60.")
  private long grace = 60;

  CancelCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (RunPlaces places = options.places(context)) {
      Found run = places.require(options.run());
      Observed before = places.observe(run);
      if (before.is(RunState.SUCCEEDED) || before.is(RunState.FAILED)) {
        throw ZoneException.user(
            "Cannot cancel %s: it %s (expected a run that goes on)"
                .formatted(run.id(), before.entry().orElseThrow().state()));
      }
      new Cancellation(places.clusters(), context.clock())
          .run(run.view(), run.centre(), Duration.ofSeconds(grace));
      Observed after = places.observe(run);
      RunStatus.say(context, run, after, options.isJson());
      return after.isAtRest() && !after.is(RunState.LOST) ? 0 : ErrorKind.ENVIRONMENT.exitCode();
    }
  }
}
