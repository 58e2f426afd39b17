package dev.zone.launcher.cli;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.InvalidInputException;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.registry.WatchedFolder;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Feeds the files of a folder as they come, one by one, until it is stopped: whatever is wrong with
 * one of them, or with the folder for a while, the others are fed.
 */
final class FolderWatch {
  private final WatchedFolder watched;
  private final Consumer<Path> feed;
  private final PrintStream err;
  private final List<String> names;

  /** What was said last of a file that is tried again and again. */
  private final Map<Path, String> said = new HashMap<>();

  /** What was said of the folder; empty while it is there. */
  private String away = "";

  /**
   * @param feed feeds a file
   * @param names of files that can be fed, as the descriptor has them
   */
  FolderWatch(WatchedFolder watched, Consumer<Path> feed, PrintStream err, List<String> names) {
    this.watched = watched;
    this.feed = feed;
    this.err = err;
    this.names = names;
  }

  /**
   * Watches.
   *
   * @param begun said once the folder was found
   * @return the exit code of what was stopped
   * @throws ZoneException of the environment if the folder is not there at first
   */
  int run(String begun, Duration pause) {
    List<Path> files = watched.look();
    err.println(begun);
    while (true) {
      for (Path other : watched.others()) {
        err.printf(
            "zone: %s stays where it is (expected a name such as %s)%n",
            other.getFileName(), String.join(", ", names));
      }
      for (Path file : files) {
        if (!isFed(file)) {
          return ErrorKind.CANCELLED.exitCode();
        }
      }
      try {
        Thread.sleep(pause.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return ErrorKind.CANCELLED.exitCode();
      }
      files = look();
    }
  }

  private List<Path> look() {
    try {
      List<Path> files = watched.look();
      if (!away.isEmpty()) {
        err.println("zone: " + watched.folder() + " is there again");
        away = "";
      }
      return files;
    } catch (ZoneException e) {
      if (!e.getMessage().equals(away)) {
        away = e.getMessage();
        err.println("zone: " + away + "; it is looked for again and again");
      }
      return List.of();
    }
  }

  /** Whether it was not stopped meanwhile. */
  private boolean isFed(Path file) {
    try {
      feed.accept(file);
      said.remove(file);
    } catch (InvalidInputException e) {
      e.problems().forEach(problem -> err.println("zone: " + problem));
    } catch (ZoneException e) {
      if (Thread.currentThread().isInterrupted() || e.kind() == ErrorKind.CANCELLED) {
        return false;
      }
      if (e.kind() == ErrorKind.ENVIRONMENT) {
        // A storage that is away for a while: the file is tried again.
        watched.forget(file);
        if (!e.getMessage().equals(said.put(file, e.getMessage()))) {
          err.printf("zone: %s: %s; it is tried again%n", file.getFileName(), e.getMessage());
        }
      } else {
        // Of the file, as it is: the watch does not try it again until it changes.
        err.printf("zone: %s: %s%n", file.getFileName(), e.getMessage());
      }
    }
    return true;
  }
}
