package dev.zone.launcher.runs;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.zone.conf.RunState;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Optional;

/**
 * The folder of one run. Until all that can be known before training is known it is hidden, as
 * {@code .starting-<id>}; the application then renames it to {@code <id>}.
 *
 * @param runs absolute folder of all runs
 */
public record RunFolder(Path runs, String id) {
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
    return runs.resolve(".starting-" + id);
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

  /** The state that the application wrote last. */
  public Optional<RunState> state() {
    return json("state.json")
        .filter(state -> state.has("state"))
        .flatMap(
            state -> {
              try {
                return Optional.of(RunState.valueOf(state.get("state").getAsString()));
              } catch (IllegalArgumentException | UnsupportedOperationException e) {
                return Optional.empty();
              }
            });
  }

  /**
   * Replaces the state. The launcher does so only for an application that is gone.
   *
   * @throws ZoneException of the environment if it cannot be written
   */
  public void writeState(RunState state, String message, Instant since) {
    JsonObject json = new JsonObject();
    json.addProperty("state", state.name());
    json.addProperty("since", since.toString());
    json.addProperty("message", message);
    Path file = current().resolve("state.json");
    Path next = current().resolve(".state.json.launcher");
    try {
      Files.writeString(next, json + "\n", StandardCharsets.UTF_8);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      next.toFile().delete();
      throw cannotWrite("write", file, e);
    }
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
    } catch (IOException e) {
      throw cannotWrite("remove", folder, e);
    }
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
