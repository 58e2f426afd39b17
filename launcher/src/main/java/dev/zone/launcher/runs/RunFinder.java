package dev.zone.launcher.runs;

import dev.zone.conf.error.Names;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the run that somebody named: by its id, by a beginning of one that no other has, or by its
 * folder.
 */
public final class RunFinder {
  private static final int MOST_NAMED = 5;

  private final Path runs;
  private final Path folder;

  /**
   * @param runs folder of all runs
   * @param folder that relative paths start from
   */
  public RunFinder(Path runs, Path folder) {
    this.runs = folder.resolve(runs).toAbsolutePath().normalize();
    this.folder = folder;
  }

  /**
   * The run.
   *
   * @throws ZoneException of the user's if there is none of that name, or several
   */
  public RunFolder require(String named) {
    return find(named)
        .orElseThrow(
            () ->
                ZoneException.user(
                    "Cannot find the run: "
                        + named
                        + Names.suggestion(named, ids())
                        + " (expected the id of a run in "
                        + runs
                        + ", the beginning of one, or a run's folder)"));
  }

  /**
   * The run, if there is one of that name.
   *
   * @throws ZoneException of the user's if several runs' ids begin so
   */
  public Optional<RunFolder> find(String named) {
    Optional<Path> path = path(named);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    boolean isName = path.get().getNameCount() == 1 && runs.equals(below(path.get()).getParent());
    if (isName) {
      String id = path.get().toString();
      for (String name : List.of(id, RunFolder.HIDDEN + id)) {
        if (Files.isDirectory(runs.resolve(name))) {
          return Optional.of(new RunFolder(runs, name));
        }
      }
    }
    Path there = folder.resolve(path.get()).toAbsolutePath().normalize();
    if (there.getFileName() != null && Files.exists(there.resolve("plan.yaml"))) {
      return Optional.of(new RunFolder(there.getParent(), there.getFileName().toString()));
    }
    return isName ? beginning(path.get().toString()) : Optional.empty();
  }

  private Path below(Path name) {
    return runs.resolve(name).normalize();
  }

  private Optional<RunFolder> beginning(String named) {
    List<String> all = ids().stream().filter(id -> id.startsWith(named)).toList();
    if (all.size() > 1) {
      throw ZoneException.user(
          "Cannot tell which run is meant: "
              + named
              + " (expected a longer beginning: "
              + String.join(", ", all.subList(0, Math.min(MOST_NAMED, all.size())))
              + (all.size() > MOST_NAMED ? " or " + (all.size() - MOST_NAMED) + " others" : "")
              + ")");
    }
    return all.stream().findFirst().map(id -> new RunFolder(runs, id));
  }

  /** Ids of all runs, the oldest first. */
  public List<String> ids() {
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(runs)) {
      return files
          .filter(Files::isDirectory)
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot list the runs in " + runs + ": " + e.getMessage() + " (expected a folder)", e);
    }
  }

  private static Optional<Path> path(String named) {
    try {
      return named.isBlank() ? Optional.empty() : Optional.of(Path.of(named));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
