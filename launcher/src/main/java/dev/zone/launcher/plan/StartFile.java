package dev.zone.launcher.plan;

import dev.zone.conf.PlanSpec.StartSpec;
import dev.zone.conf.error.Names;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
import dev.zone.launcher.runs.RunFinder;
import dev.zone.launcher.runs.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The model that a training starts from, found and pinned.
 *
 * @param spec as the plan has it
 * @param model the archive, to be copied into the run's folder as {@link StartSpec#file()}
 * @param transforms what its own run did to raw values, to be copied beside it
 */
public record StartFile(StartSpec spec, Path model, Optional<Path> transforms) {
  /** The most parameters that a vector in Java holds, and Adam's two numbers for each. */
  private static final long MAX_BYTES = 7L << 30;

  /** No file of a job's own model ends so. */
  private static final String FILE = "from.zip";

  private static final String WHERE = "--from";

  /**
   * Finds it.
   *
   * @param wish what the user named
   * @param folder that relative paths start from
   */
  static Optional<StartFile> find(PlanRequest.From wish, Path folder, Problems problems) {
    RunFinder finder = new RunFinder(wish.runs(), folder);
    try {
      Optional<Path> file = file(wish.named(), folder);
      if (file.isPresent()) {
        return pinned(wish.named(), file.get(), problems);
      }
      Optional<RunFolder> run = finder.find(wish.named());
      if (run.isPresent()) {
        return ofRun(run.get(), problems);
      }
      problems.add(WHERE, missing(wish, folder, finder));
    } catch (ZoneException e) {
      problems.add(WHERE, e.getMessage());
    }
    return Optional.empty();
  }

  private static Optional<Path> file(String named, Path folder) {
    try {
      return Optional.of(folder.resolve(named).toAbsolutePath().normalize())
          .filter(Files::isRegularFile);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<StartFile> ofRun(RunFolder run, Problems problems) {
    Path model = run.published().resolve("model").resolve("model.zip");
    if (Files.isRegularFile(model)) {
      return pinned(run.id(), model, problems);
    }
    problems.add(
        WHERE,
        "Cannot start from "
            + run.id()
            + ": it has no model/model.zip"
            + run.state().map(state -> ", it is " + state).orElse("")
            + " (expected a run that SUCCEEDED)");
    return Optional.empty();
  }

  private static Optional<StartFile> pinned(String source, Path model, Problems problems) {
    try {
      long size = Files.size(model);
      if (size > MAX_BYTES) {
        problems.add(
            WHERE,
            "Cannot start from %s: %d bytes (expected at most %d)"
                .formatted(source, size, MAX_BYTES));
        return Optional.empty();
      }
      Path transforms = model.resolveSibling("transforms.json");
      return Optional.of(
          new StartFile(
              new StartSpec(source, FILE, Digests.ofFile(model)),
              model,
              Optional.of(transforms).filter(Files::isRegularFile)));
    } catch (IOException e) {
      problems.add(
          WHERE,
          "Cannot read the model to start from: "
              + source
              + ": "
              + e.getMessage()
              + " (expected a readable file)");
      return Optional.empty();
    }
  }

  private static String missing(PlanRequest.From wish, Path folder, RunFinder finder) {
    List<String> known = new ArrayList<>(finder.ids());
    try {
      known.addAll(ModelFiles.namesBeside(folder.resolve(wish.named())));
    } catch (InvalidPathException e) {
      // Such a name is no file's.
    }
    return "Cannot find the model to start from: "
        + wish.named()
        + Names.suggestion(wish.named(), known)
        + " (expected a run, by its id, a beginning of the id or its folder, or a model's file)";
  }
}
