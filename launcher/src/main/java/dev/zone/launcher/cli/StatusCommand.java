package dev.zone.launcher.cli;

import dev.zone.launcher.cli.RunPlaces.Found;
import dev.zone.launcher.submit.RunObserver.Observed;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says where a run stands. */
@Command(name = "status", description = "Says where a run stands.")
final class StatusCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private RunOptions options = new RunOptions();

  StatusCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (RunPlaces places = options.places(context)) {
      Found run = places.require(options.run());
      Observed observed = places.observe(run);
      RunStatus.say(context, run, observed, options.isJson());
      return 0;
    }
  }
}
