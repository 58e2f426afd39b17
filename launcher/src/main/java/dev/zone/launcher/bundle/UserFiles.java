package dev.zone.launcher.bundle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files as users name them. */
public final class UserFiles {
  private static final String YAML = ".yaml";

  private UserFiles() {}

  /** Relative to the working folder if it lies below, as people named it. */
  public static Path shown(Path file) {
    Path here = Path.of("").toAbsolutePath();
    Path absolute = file.toAbsolutePath().normalize();
    return absolute.startsWith(here) ? here.relativize(absolute) : absolute;
  }

  /**
   * Names of a folder's YAML files without their ending. A folder that is not there or cannot be
   * listed offers none; others still do.
   */
  public static List<String> yamlNames(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(YAML))
          .map(name -> name.substring(0, name.length() - YAML.length()))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }
}
