package dev.zone.launcher.plan;

import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.conf.yaml.YamlWriter;
import dev.zone.launcher.runs.RunFolder;
import dev.zone.launcher.runs.RunView;
import dev.zone.launcher.zones.Centre;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the launcher puts into a run's folder before the application starts. */
public final class RunFiles {
  /** The time of a plan that is of no run yet. */
  public static final String NO_TIME = "1970-01-01T00:00:00.000Z";

  private static final int MOST_PLAN_BYTES = 64 << 20;

  private RunFiles() {}

  /**
   * Makes the run's folder with the plan, the model's file and the model to start from.
   *
   * @throws dev.zone.conf.error.ZoneException of the environment if it cannot be written; nothing
   *     is left then
   */
  public static RunFolder write(Planned planned, Path runs) {
    RunFolder folder = RunFolder.create(runs, planned.plan().run());
    try {
      writeInto(folder.starting(), planned);
      return folder;
    } catch (RuntimeException e) {
      folder.discard();
      throw e;
    }
  }

  /**
   * Writes the plan, the model's file and the model to start from.
   *
   * @param folder that is there
   * @throws ZoneException of the environment if it cannot be written
   */
  public static void writeInto(Path folder, Planned planned) {
    Path plan = folder.resolve("plan.yaml");
    try {
      Files.writeString(plan, YamlWriter.write(planned.plan()), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw RunFolder.cannotWrite("write", plan, e);
    }
    Path files = folder.resolve("model-files");
    planned
        .modelFile()
        .ifPresent(file -> copy(file, files.resolve(planned.plan().modelFile().orElseThrow())));
    planned
        .start()
        .ifPresent(
            start -> {
              String name = start.spec().file();
              copy(start.model(), files.resolve(name));
              start
                  .transforms()
                  .ifPresent(file -> copy(file, files.resolve(name + ".transforms.json")));
            });
  }

  /**
   * The plan in a run's folder.
   *
   * @throws ZoneException (internal) if it is none: a user never writes plans
   */
  public static PlanSpec readPlan(Path folder) {
    Problems problems = new Problems();
    Path file = folder.resolve("plan.yaml");
    return bound(YamlBinder.read(file, PlanSpec.class, List.of(), problems), problems);
  }

  /**
   * The plan of a run, wherever its record is.
   *
   * @throws ZoneException (internal) if there is none: a user never writes plans
   */
  public static PlanSpec readPlan(RunView run) {
    Problems problems = new Problems();
    String yaml = run.read("plan.yaml", 0, MOST_PLAN_BYTES).text();
    return bound(
        YamlBinder.parse(yaml, "plan.yaml", PlanSpec.class, List.of(), problems), problems);
  }

  private static PlanSpec bound(Optional<Bound<PlanSpec>> plan, Problems problems) {
    return plan.orElseThrow(
            () -> new ZoneException(ErrorKind.INTERNAL, "Cannot read the plan: " + problems.list()))
        .value();
  }

  /** What was planned for a run at a centre, from the run's folder. */
  public static Planned again(Path folder, Centre centre) {
    PlanSpec plan = readPlan(folder);
    Path files = folder.resolve("model-files");
    return new Planned(
        plan,
        plan.modelFile().map(files::resolve),
        plan.from()
            .map(
                from ->
                    new StartFile(
                        from,
                        files.resolve(from.file()),
                        Optional.of(files.resolve(from.file() + ".transforms.json"))
                            .filter(Files::isRegularFile))),
        master(plan),
        Optional.of(centre));
  }

  /** The master that a plan is for. */
  public static Master master(PlanSpec plan) {
    String url = plan.master().orElse("");
    return url.isEmpty() || url.startsWith("local")
        ? Master.local(plan.workers())
        : new Master(url, 0);
  }

  private static void copy(Path file, Path copy) {
    try {
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy);
    } catch (IOException e) {
      throw RunFolder.cannotWrite("copy the model's file to", copy, e);
    }
  }
}
