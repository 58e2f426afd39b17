package dev.zone.launcher.cli;

import dev.zone.conf.CpuFeatures;
import dev.zone.conf.RunState;
import dev.zone.conf.yaml.YamlWriter;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.plan.Machine;
import dev.zone.launcher.plan.Resumed;
import dev.zone.launcher.plan.Resumption;
import dev.zone.launcher.runs.RunFinder;
import dev.zone.launcher.runs.RunFolder;
import dev.zone.launcher.submit.Submission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Goes on with a run that failed or was stopped, from its newest checkpoint. */
@Command(
    name = "resume",
    description = {
      "Goes on with a run that failed or was stopped, from its newest checkpoint that is whole,"
          + " or from the start if there is none.",
      "With the same workers the model is the one of an undisturbed run, to the bit; with another"
          + " number of them it is not."
    })
final class ResumeCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(
      paramLabel = "RUN",
      description = "The run: its id, a beginning of the id, or the run's folder.")
  private String run = "";

  @Mixin private RunsOption runs = new RunsOption();

  @Option(
      names = "--data",
      paramLabel = "[NAME=]DIR",
      description =
          "Where the run's data lie now, if they moved: the folder of the dataset's files, or,"
              + " without a name, of all data (<domain>/<dataset> below). Default: where they were.")
  private List<String> data = new ArrayList<>();

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Workers, over the run's. Default: as many as it had.")
  private Optional<Integer> workers = Optional.empty();

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Where Spark runs it: local[N] or spark://host:port. Default: where it ran.")
  private Optional<String> master = Optional.empty();

  @Mixin private OutputOptions output = new OutputOptions();

  ResumeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    RunTimes times = new RunTimes(context.terminal().nanoTime());
    Distribution distribution = context.distribution().get();
    RunFolder folder = new RunFinder(runs.folder(), context.folder()).require(run);
    OptionalInt wanted = workers.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    Resumed resumed =
        new Resumption(
                distribution,
                context.folder(),
                context.environment(),
                Machine.ofThisProcess(),
                CpuFeatures.detect())
            .plan(folder, new Resumption.Request(wanted, master, data));
    resumed.notes().forEach(note -> context.terminal().err().println("zone: " + note));
    prepare(folder, resumed);
    Submission submission =
        Submission.of(
            Submission.Mode.RESUME,
            folder.published(),
            resumed.plan(),
            resumed.master(),
            distribution);
    times.planned();
    return new Attendant(context, folder, times, output.isJson()).attend(submission);
  }

  /** Takes away what would stop the application or be taken for its own words. */
  private void prepare(RunFolder folder, Resumed resumed) {
    if (resumed.isChanged()) {
      folder.supersede("plan.yaml", YamlWriter.write(resumed.plan()), i -> "plan." + i + ".yaml");
    }
    folder.writeState(RunState.STARTING, "going on", context.clock().instant());
    folder.remove("cancel");
    folder.remove("error.json");
  }
}
