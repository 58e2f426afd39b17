package dev.zone.launcher.cli;

import com.google.gson.JsonObject;
import dev.zone.launcher.runs.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** What is left of a run that was stopped. */
final class CancelledRun {
  private CancelledRun() {}

  /** The object for {@code -o json}: run, state, and, if training had begun, dir and checkpoint. */
  static JsonObject of(RunFolder folder) {
    JsonObject json = new JsonObject();
    json.addProperty("run", folder.id());
    json.addProperty("state", "CANCELLED");
    if (folder.isPublished()) {
      json.addProperty("dir", folder.published().toString());
      newest(folder.published().resolve("checkpoints"))
          .ifPresent(path -> json.addProperty("checkpoint", path.toString()));
    }
    return json;
  }

  static boolean is(JsonObject result) {
    return result.has("state") && result.get("state").getAsString().equals("CANCELLED");
  }

  static String words(JsonObject cancelled) {
    if (!cancelled.has("dir")) {
      return "CANCELLED before training began: nothing is kept";
    }
    return "CANCELLED: "
        + cancelled.get("dir").getAsString()
        + (cancelled.has("checkpoint")
            ? ", last checkpoint " + cancelled.get("checkpoint").getAsString()
            : ", no checkpoint yet");
  }

  /** What is not hidden and was changed last. */
  private static Optional<Path> newest(Path checkpoints) {
    if (!Files.isDirectory(checkpoints)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(checkpoints)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .max(
              Comparator.comparingLong((Path file) -> file.toFile().lastModified())
                  .thenComparing(Path::toString));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
