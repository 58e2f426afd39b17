package dev.zone.launcher.runs;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.zone.conf.RunState;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.record.StateLog;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The folder of one run. Until all that can be known before training is known it is hidden, as
 * {@code .starting-<id>}; the application then renames it to {@code <id>}.
 *
 * @param runs absolute folder of all runs
 */
public record RunFolder(Path runs, String id) {
  static final String HIDDEN = ".starting-";

  /** Larger files of the contract between launcher and application are a mistake. */
  private static final long MAX_JSON_BYTES = 64L << 20;

  public RunFolder {
    runs = runs.toAbsolutePath().normalize();
  }

  /**
   * Makes the hidden folder.
   *
   * @throws ZoneException of the environment if the place cannot be written
   */
  public static RunFolder create(Path runs, String id) {
    RunFolder folder = new RunFolder(runs, id);
    try {
      Files.createDirectories(folder.runs);
      Files.createDirectory(folder.starting());
      Files.createDirectory(folder.starting().resolve("logs"));
    } catch (IOException e) {
      folder.discard();
      throw cannotWrite("create the run's folder below", folder.runs, e);
    }
    return folder;
  }

  public Path starting() {
    return runs.resolve(hidden(id));
  }

  /** The name of a run's folder as long as it is hidden. */
  public static String hidden(String id) {
    return HIDDEN + id;
  }

  public Path published() {
    return runs.resolve(id);
  }

  /** Where the folder is now. */
  public Path current() {
    Path published = published();
    return Files.isDirectory(published) ? published : starting();
  }

  public boolean isPublished() {
    return Files.isDirectory(published());
  }

  /** Whether the id names a folder that is hidden still: of a run that never got to training. */
  public boolean isNamedAsStarting() {
    return id.startsWith(HIDDEN);
  }

  /**
   * Whether an application works on the run: it holds the lock on {@code run.lock} as long as it
   * lives, so the lock decides and not what the state says.
   *
   * @throws ZoneException of the environment if the lock cannot be tried
   */
  public boolean isAtWork() {
    Path lock = current().resolve("run.lock");
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock taken = channel.tryLock()) {
      return taken == null;
    } catch (OverlappingFileLockException ofThisProcess) {
      return true;
    } catch (NoSuchFileException neverTaken) {
      return false;
    } catch (IOException e) {
      throw cannotWrite("try the lock", lock, e);
    }
  }

  /**
   * Replaces a file, or makes it, so that it is there whole or as it was.
   *
   * @throws ZoneException of the environment if it cannot be written
   */
  public void replace(String name, String text) {
    Path file = current().resolve(name);
    Path next = current().resolve("." + name + ".launcher");
    try {
      Files.writeString(next, text, StandardCharsets.UTF_8);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      next.toFile().delete();
      throw cannotWrite("write", file, e);
    }
  }

  /**
   * Keeps a file's content under another name and puts a new text in its place.
   *
   * @param copies the i-th name to keep it under; the first that is free is taken
   * @throws ZoneException of the environment if it cannot be written
   */
  public void supersede(String name, String text, IntFunction<String> copies) {
    int i = 1;
    while (Files.exists(current().resolve(copies.apply(i)))) {
      i++;
    }
    try {
      replace(copies.apply(i), Files.readString(current().resolve(name), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw cannotWrite("keep", current().resolve(name), e);
    }
    replace(name, text);
  }

  /**
   * Removes a file if it is there.
   *
   * @throws ZoneException of the environment if it cannot be removed
   */
  public void remove(String name) {
    Path file = current().resolve(name);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw cannotWrite("remove", file, e);
    }
  }

  /**
   * @throws ZoneException of the environment if it cannot be written
   */
  public void write(String name, String text) {
    Path file = current().resolve(name);
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw cannotWrite("write", file, e);
    }
  }

  /** Reads one of the run's JSON files; empty if it is not there or not (yet) whole. */
  public Optional<JsonObject> json(String name) {
    Path file = current().resolve(name);
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_JSON_BYTES) {
        return Optional.empty();
      }
      return Optional.of(
          JsonParser.parseString(Files.readString(file, StandardCharsets.UTF_8)).getAsJsonObject());
    } catch (IOException | JsonParseException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  /**
   * The newest state.
   *
   * @throws ZoneException of the environment if that cannot be told
   */
  public Optional<StateLog.Entry> newest() {
    return states().newest();
  }

  /** As {@link #newest}, without what was said of it. */
  public Optional<RunState> state() {
    return newest().map(StateLog.Entry::state);
  }

  /**
   * Says how a run ended whose application is gone, unless the application said it.
   *
   * @throws ZoneException of the environment if it cannot be written
   */
  public void endUnlessEnded(RunState state, String message, Instant now) {
    Optional<StateLog.Entry> newest = states().newest();
    if (newest.isEmpty()) {
      states().move(newest, RunState.STARTING, "", now);
      newest = states().newest();
    }
    // The application is gone, and one who did the same meanwhile said the same.
    if (newest.isPresent() && !newest.get().state().isFinal()) {
      states().move(newest, state, message, now);
    }
  }

  /**
   * Puts a run that nobody works on back to its start.
   *
   * @throws ZoneException of the environment if it cannot be written
   */
  public void restart(Instant now) {
    Optional<StateLog.Entry> newest = states().newest();
    boolean dead = newest.isPresent() && !newest.get().state().next().contains(RunState.STARTING);
    if (dead) {
      states().advance(RunState.LOST, "no application works on it", now);
    }
    states().advance(RunState.STARTING, "going on", now);
  }

  private StateLog states() {
    return new StateLog(Storage.local(current()));
  }

  /** Asks the application to stop cleanly. */
  public void requestCancel() {
    // The folder may be renamed between looking and creating; a second look then finds it.
    for (int attempt = 0; attempt < 3; attempt++) {
      try {
        Files.writeString(current().resolve("cancel"), "");
        return;
      } catch (NoSuchFileException renamed) {
        continue;
      } catch (IOException e) {
        throw cannotWrite("write", current().resolve("cancel"), e);
      }
    }
  }

  /** Removes the hidden folder, if it is still there. Never touches a published run. */
  public void discard() {
    Path folder = starting();
    if (!Files.isDirectory(folder)) {
      return;
    }
    try {
      deleteTree(folder);
    } catch (IOException e) {
      throw cannotWrite("remove", folder, e);
    }
  }

  /**
   * Removes a folder with all that is in it, whatever goes meanwhile.
   *
   * @param folder that is there
   */
  public static void deleteTree(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failed)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** The environment's failure to write, worded for people. */
  public static ZoneException cannotWrite(String what, Path place, IOException e) {
    String reason =
        e instanceof AccessDeniedException
            ? "no permission to write"
            : e instanceof java.nio.file.FileSystemException failure && failure.getReason() != null
                ? failure.getReason()
                : e instanceof java.nio.file.FileAlreadyExistsException
                    ? "a file of that name is there"
                    : String.valueOf(e.getMessage());
    return new ZoneException(
        ErrorKind.ENVIRONMENT,
        "Cannot "
            + what
            + " "
            + place
            + ": "
            + reason
            + " (expected a folder that can be written;"
            + " --runs names another)",
        e);
  }
}
