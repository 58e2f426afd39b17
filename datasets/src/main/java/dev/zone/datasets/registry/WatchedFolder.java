package dev.zone.datasets.registry;

import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds files that are complete in a folder that others write to. A file is, if a marker says so: a
 * file of its name with another ending behind. Without markers a file is that has its last name
 * (none that is hidden or that ends as files do that are being written) and did not change from one
 * look to the next.
 */
public final class WatchedFolder {
  private static final Set<String> BEGUN =
      Set.of(".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~");

  private final Path folder;
  private final Optional<String> marker;
  private final Predicate<String> wanted;

  /** Size and time of change by name, at the last look. */
  private Map<String, String> seen = new HashMap<>();

  private final Map<String, String> taken = new HashMap<>();

  /**
   * @param marker the ending that says that the file before it is complete, such as {@code .done};
   *     empty if there are none
   * @param wanted names of files that can be fed
   */
  public WatchedFolder(Path folder, Optional<String> marker, Predicate<String> wanted) {
    this.folder = folder;
    this.marker = marker;
    this.wanted = wanted;
  }

  /**
   * Files that became complete since the last look, by name. A file that is given away comes again
   * only if it changes.
   *
   * @throws ZoneException of the environment if the folder cannot be read
   */
  public List<Path> look() {
    Map<String, String> now = new HashMap<>();
    try (Stream<Path> inside = Files.list(folder)) {
      for (Path file : inside.sorted().toList()) {
        String name = file.getFileName().toString();
        if (!name.startsWith(".") && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          stamp(file).ifPresent(stamp -> now.put(name, stamp));
        }
      }
    } catch (IOException e) {
      throw ZoneException.environment("Cannot watch %s (%s)".formatted(folder, e.getMessage()), e);
    }
    List<Path> complete = new ArrayList<>();
    for (String name : new HashSet<>(now.keySet()).stream().sorted().toList()) {
      String stamp = now.get(name);
      if (!stamp.equals(taken.get(name)) && isComplete(name, now)) {
        taken.put(name, stamp);
        complete.add(folder.resolve(name));
      }
    }
    taken.keySet().retainAll(now.keySet());
    seen = now;
    return complete;
  }

  /** Gives a file away once more at the next look. */
  public void forget(Path file) {
    taken.remove(file.getFileName().toString());
  }

  private boolean isComplete(String name, Map<String, String> now) {
    if (marker.isPresent()) {
      return !name.endsWith(marker.get())
          && now.containsKey(name + marker.get())
          && wanted.test(name);
    }
    return BEGUN.stream().noneMatch(name::endsWith)
        && wanted.test(name)
        && now.get(name).equals(seen.get(name));
  }

  /** Empty if it is gone meanwhile. */
  private static Optional<String> stamp(Path file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(attributes.size() + " " + attributes.lastModifiedTime());
    } catch (java.nio.file.NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
