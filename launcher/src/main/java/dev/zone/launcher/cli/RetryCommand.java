package dev.zone.launcher.cli;

import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.cli.RunPlaces.Found;
import dev.zone.launcher.plan.Planned;
import dev.zone.launcher.submit.Submitter.Submitted;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Submits the plan of a run again, as a new run from the start. */
@Command(
    name = "retry",
    description = {
      "Submits a run's plan again, as a new run from the start, at the same centre.",
      "Where it may go on from its last checkpoint, zone resume does so."
    })
final class RetryCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private RunOptions options = new RunOptions();

  RetryCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (RunPlaces places = options.places(context)) {
      Found run = places.require(options.run());
      if (run.centre().isEmpty()) {
        throw ZoneException.user(
            "Cannot retry "
                + run.id()
                + ": no zone has it (expected a run that was submitted; zone run JOB runs a job here)");
      }
      try (RecordCopy copy = RecordCopy.of(run)) {
        Planned planned = context.planner().again(copy.folder(), run.centre().get());
        Submitted submitted = context.submitter().submit(planned, Optional.empty());
        SubmitCommand.say(context, submitted, run.centre().get(), options.zone(), options.isJson());
        return 0;
      }
    }
  }
}
