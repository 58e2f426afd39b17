package dev.zone.launcher.cli;

import com.google.gson.JsonObject;
import dev.zone.launcher.runs.RunFolder;
import dev.zone.launcher.runs.RunRecord;
import dev.zone.launcher.runs.RunWatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is left of a run that was stopped. */
final class CancelledRun {
  private CancelledRun() {}

  /**
   * The object for {@code -o json}: run, state, and, if training had begun, dir, checkpoint and the
   * command that goes on.
   *
   * @param here the folder that the command is typed in
   */
  static JsonObject of(RunFolder folder, Path here) {
    JsonObject json = new JsonObject();
    json.addProperty("run", folder.id());
    json.addProperty("state", "CANCELLED");
    if (folder.isPublished()) {
      json.addProperty("dir", folder.published().toString());
      newest(folder.published().resolve("checkpoints"))
          .ifPresentOrElse(
              path -> json.addProperty("checkpoint", path.toString()),
              () -> elsewhere(folder).ifPresent(step -> json.addProperty("checkpointStep", step)));
      json.addProperty(GoOn.KEY, GoOn.command(folder.published(), here));
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
            : cancelled.has("checkpointStep")
                ? ", last checkpoint of step " + cancelled.get("checkpointStep").getAsInt()
                : ", no checkpoint yet");
  }

  /** The step of the last checkpoint that the run told of: it may lie on another file system. */
  private static Optional<Long> elsewhere(RunFolder folder) {
    List<Long> steps = new ArrayList<>();
    new RunWatcher(
            folder,
            record -> {
              if (record instanceof RunRecord.Checkpoint checkpoint) {
                steps.add(checkpoint.step());
              }
            })
        .poll();
    return steps.isEmpty() ? Optional.empty() : Optional.of(steps.get(steps.size() - 1));
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
