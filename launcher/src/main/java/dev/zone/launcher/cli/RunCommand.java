package dev.zone.launcher.cli;

import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.plan.Planned;
import dev.zone.launcher.plan.RunFiles;
import dev.zone.launcher.runs.RunFolder;
import dev.zone.launcher.submit.Submission;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Plans a job, runs it as a Spark application, shows how it goes and what came out. */
@Command(name = "run", description = "Trains and evaluates what a job file says.")
final class RunCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private JobOptions options = new JobOptions();
  @Mixin private MasterOption master = new MasterOption();

  RunCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    RunTimes times = new RunTimes(context.terminal().nanoTime());
    Distribution distribution = context.distribution().get();
    Planned planned = options.planner(context).plan(options.request(master.url()));
    RunFolder folder = RunFiles.write(planned, context.folder().resolve(options.runs()));
    try {
      Submission submission =
          Submission.of(
              Submission.Mode.RUN,
              folder.starting(),
              planned.plan(),
              planned.master(),
              distribution);
      times.planned();
      int exit = new Attendant(context, folder, times, options.isJson()).attend(submission);
      if (exit == 0) {
        new RegistryUser(context)
            .logTraining(planned.plan(), options.registry(context), folder.id());
      }
      return exit;
    } finally {
      folder.discard();
    }
  }
}
