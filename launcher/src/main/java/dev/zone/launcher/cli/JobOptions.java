package dev.zone.launcher.cli;

import dev.zone.launcher.plan.PlanRequest;
import dev.zone.launcher.plan.Planner;
import dev.zone.launcher.plan.RegistryPlace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What commands on a job have in common. */
final class JobOptions {
  @Parameters(paramLabel = "JOB", description = "The job file.")
  private Path job = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "[NAME=]DIR",
      description =
          "Folder of a dataset's files, or, without a name, of all data (<domain>/<dataset> below)."
              + " Default: $ZONE_DATA.")
  private List<String> data = new ArrayList<>();

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Workers, over the job's resources.workers.")
  private Optional<Integer> workers = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "path=value",
      description = "A value over the job file's: training.epochs=3.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "RUN|MODEL",
      description =
          "Starts from trained parameters: a run's, or those of a model.zip of Zone or of"
              + " Deeplearning4j.")
  private Optional<String> from = Optional.empty();

  @Mixin private RunsOption runs = new RunsOption();

  @Mixin private RegistryOption registry = new RegistryOption();

  @Mixin private OutputOptions output = new OutputOptions();

  /**
   * What is to be planned.
   *
   * @param master over the default
   */
  PlanRequest request(Optional<String> master) {
    OptionalInt n = workers.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    return new PlanRequest(
        job,
        settings,
        data,
        n,
        master,
        from.map(named -> new PlanRequest.From(named, runs.folder())));
  }

  /** The registry that is meant. */
  RegistryPlace registry(Context context) {
    return registry.place(context);
  }

  /** Plans jobs, with the registry that is meant. */
  Planner planner(Context context) {
    return context.planner(registry.over(context.environment()));
  }

  /** As the user names it. */
  Path job() {
    return job;
  }

  /** Folder of the runs' records, as the user names it. */
  Path runs() {
    return runs.folder();
  }

  boolean isJson() {
    return output.isJson();
  }
}
