package dev.zone.launcher.plan;

import dev.zone.conf.error.Names;
import dev.zone.conf.error.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the file that a job's model comes from: beside the job file or below its folder. */
final class ModelFiles {
  /** A larger file is no model that one machine trains. */
  private static final long MAX_BYTES = 2L << 30;

  private ModelFiles() {}

  /**
   * @param name as the job says it
   * @param where its place in the job file
   * @param jobFolder absolute
   */
  static Optional<Path> find(String name, String where, Path jobFolder, Problems problems) {
    Path file;
    try {
      file = jobFolder.resolve(name).normalize();
    } catch (InvalidPathException e) {
      problems.add(where, "Cannot use the model's file: " + name + " (" + e.getReason() + ")");
      return Optional.empty();
    }
    String expected = " (expected a file beside the job file or below its folder)";
    try {
      if (!Files.isRegularFile(file)) {
        problems.add(
            where,
            "Cannot find the model's file: "
                + name
                + Names.suggestion(name, namesBeside(file))
                + expected);
        return Optional.empty();
      }
      if (!file.toRealPath().startsWith(jobFolder.toRealPath())) {
        problems.add(where, "Cannot use the model's file: " + name + " lies elsewhere" + expected);
        return Optional.empty();
      }
      if (Files.size(file) > MAX_BYTES) {
        problems.add(
            where,
            "Cannot use the model's file: "
                + name
                + " has "
                + Files.size(file)
                + " bytes (expected at most "
                + MAX_BYTES
                + ")");
        return Optional.empty();
      }
      if (!file.getFileName().toString().matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,150}")) {
        problems.add(
            where,
            "Cannot use the model's file: "
                + name
                + " (expected a name of letters, digits, '.', '_' and '-')");
        return Optional.empty();
      }
      return Optional.of(file);
    } catch (IOException e) {
      problems.add(where, "Cannot read the model's file: " + name + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Names of the files in a file's folder; none if it cannot be listed. */
  static List<String> namesBeside(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).map(one -> one.getFileName().toString()).toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
