package dev.zone.launcher.cli;

import dev.zone.conf.CpuFeatures;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.ZoneException;
import dev.zone.conf.yaml.YamlWriter;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.plan.Machine;
import dev.zone.launcher.plan.Resumed;
import dev.zone.launcher.plan.Resumption;
import dev.zone.launcher.runs.RunFinder;
import dev.zone.launcher.runs.RunFolder;
import dev.zone.launcher.submit.Submission;
import dev.zone.launcher.submit.Submitter;
import dev.zone.launcher.submit.Supplies;
import dev.zone.launcher.zones.Centre;
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

  @Mixin private ZoneOptions zone = new ZoneOptions();
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
    Optional<RunFolder> here =
        zone.isGiven()
            ? Optional.empty()
            : new RunFinder(runs.folder(), context.folder()).find(run);
    if (here.isEmpty()) {
      return resumeAtCentre();
    }
    Distribution distribution = context.distribution().get();
    RunFolder folder = here.get();
    Resumed resumed = resumed(distribution, CpuFeatures.detect(), folder);
    if (resumed.isChanged()) {
      keep(folder, resumed.plan());
    }
    folder.restart(context.clock().instant());
    folder.remove("cancel");
    folder.remove("error.json");
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

  private Resumed resumed(Distribution distribution, CpuFeatures cpu, RunFolder folder) {
    OptionalInt wanted = workers.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    Resumed resumed =
        new Resumption(
                distribution, context.folder(), context.environment(), Machine.ofThisProcess(), cpu)
            .plan(folder, new Resumption.Request(wanted, master, data));
    resumed.notes().forEach(note -> context.terminal().err().println("zone: " + note));
    return resumed;
  }

  private static void keep(RunFolder folder, PlanSpec plan) {
    folder.supersede("plan.yaml", YamlWriter.write(plan), i -> "plan." + i + ".yaml");
  }

  /** A run that was submitted goes on by itself, as before. */
  private int resumeAtCentre() {
    Distribution distribution = context.distribution().get();
    try (RunPlaces places = new RunPlaces(context, zone, runs)) {
      RunPlaces.Found found = places.require(run);
      Centre centre =
          found
              .centre()
              .orElseThrow(() -> ZoneException.user("Cannot resume " + found.id() + " from here"));
      Submitter submitter = context.submitter();
      submitter.requireAtRest(found.view(), centre, places.observe(found));
      CpuFeatures cpu =
          centre.spec().isLocal()
              ? CpuFeatures.detect()
              : CpuFeatures.of(centre.spec().instructions());
      try (RecordCopy copy = RecordCopy.of(found)) {
        RunFolder folder = new RunFolder(copy.folder().getParent(), found.id());
        Resumed resumed = resumed(distribution, cpu, folder);
        PlanSpec placed =
            new Supplies(distribution, context.environment()).placed(resumed.plan(), centre);
        if (resumed.isChanged() || !placed.equals(resumed.plan())) {
          keep(folder, placed);
          copy.bringBackPlans();
        }
        found.view().remove("cancel");
        found.view().remove("error.json");
        Submitter.Submitted submitted = submitter.resume(found.view(), centre, placed);
        SubmitCommand.say(context, submitted, centre, zone, output.isJson());
        return 0;
      }
    }
  }
}
