package dev.zone.launcher.cli;

import dev.zone.launcher.plan.PlanRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
      names = "--master",
      paramLabel = "URL",
      description = "Where Spark runs it: local[N] (default, N the workers) or spark://host:port.")
  private Optional<String> master = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json",
      description = "For people, or one JSON object.")
  private OutputForm output = OutputForm.TEXT;

  @Option(names = "--debug", description = "Shows traces of failures.")
  private boolean debug;

  enum OutputForm {
    TEXT,
    JSON
  }

  PlanRequest request() {
    OptionalInt n = workers.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    return new PlanRequest(job, settings, data, n, master);
  }

  boolean isJson() {
    return output == OutputForm.JSON;
  }

  boolean isDebug() {
    return debug;
  }
}
