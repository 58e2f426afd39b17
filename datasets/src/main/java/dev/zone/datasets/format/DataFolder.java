package dev.zone.datasets.format;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A dataset's folder, out of which no path leads. */
final class DataFolder {
  private final Path root;
  private final Limits limits;

  /** Files that lie elsewhere, by the paths that they would have. */
  private final Map<String, Path> elsewhere;

  /**
   * @param elsewhere files that somebody named one by one, by the paths below the folder that the
   *     descriptor has for them
   * @throws IOException if the folder is not there
   */
  DataFolder(Path folder, Map<String, Path> elsewhere, Limits limits) throws IOException {
    this.root = folder.toRealPath();
    this.elsewhere = Map.copyOf(elsewhere);
    this.limits = limits;
  }

  /** The folder itself, symbolic links resolved. */
  Path root() {
    return root;
  }

  /**
   * The file or folder of that relative path, symbolic links resolved.
   *
   * @throws FormatException if the path leads out of the folder
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  Path resolve(String relative) throws IOException {
    Path named = elsewhere.get(relative);
    if (named != null) {
      return named.toRealPath();
    }
    Path path;
    try {
      path = root.resolve(relative).normalize();
    } catch (InvalidPathException e) {
      throw new FormatException("Cannot use path: " + Texts.shown(relative), e);
    }
    if (relative.startsWith("/") || !path.startsWith(root)) {
      throw escapes(relative);
    }
    Path real = path.toRealPath();
    if (!real.startsWith(root)) {
      throw escapes(relative);
    }
    return real;
  }

  private static FormatException escapes(String relative) {
    return new FormatException(
        "Cannot use path '%s': it leads out of the data folder (expected a path inside)"
            .formatted(Texts.shown(relative)));
  }

  /** Relative paths of the files that match, sorted; '/' between folders. */
  List<String> match(Glob glob) throws IOException {
    String start = glob.folder();
    return below(start).stream()
        .map(name -> start.isEmpty() ? name : start + "/" + name)
        .filter(glob::matches)
        .toList();
  }

  /** Paths of all files below a folder, relative to it, sorted; '/' between folders. */
  List<String> below(String relative) throws IOException {
    Path folder = relative.isEmpty() ? root : resolve(relative);
    List<String> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String name = folder.relativize(file).toString().replace('\\', '/');
            if (attributes.isSymbolicLink()) {
              // A link to a file inside is a file; one that leads out is refused.
              if (!Files.isRegularFile(resolve(root.relativize(file).toString()))) {
                return FileVisitResult.CONTINUE;
              }
            }
            found.add(name);
            if (found.size() > limits.entries()) {
              throw new FormatException(
                  "Cannot read folder: more than %d files (expected fewer)"
                      .formatted(limits.entries()));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    found.sort(null);
    return found;
  }
}
