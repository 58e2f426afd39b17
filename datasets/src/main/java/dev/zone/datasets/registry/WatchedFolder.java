package dev.zone.datasets.registry;

import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds files that are complete in a folder that others write to. A file is, if a marker says so: a
 * file of its name with another ending behind, which is not older than the file. Without markers a
 * file is that has its last name (none that is hidden or that ends as files do that are being
 * written), is as it was at the look before and did not change for some time.
 */
public final class WatchedFolder {
  private static final Set<String> BEGUN =
      Set.of(".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~");

  private final Path folder;
  private final Optional<String> marker;
  private final Predicate<String> wanted;
  private final Duration quiet;
  private final Clock clock;

  /** By name, at the last look. */
  private Map<String, Seen> seen = new HashMap<>();

  private final Map<String, Stamp> taken = new HashMap<>();

  /** Names that are not wanted and were told. */
  private final Set<String> told = new HashSet<>();

  private List<Path> others = List.of();

  /** Another one if it is another file. */
  private record Stamp(long size, Instant changed) {}

  /**
   * A file as it was seen.
   *
   * @param since when it was first seen so
   */
  private record Seen(Stamp stamp, Instant since) {}

  /**
   * @param marker the ending that says that the file before it is complete, such as {@code .done};
   *     empty if there are none
   * @param wanted names of files that can be fed
   * @param quiet without markers: for how long a file has not changed that is complete
   * @param clock that of this machine
   */
  public WatchedFolder(
      Path folder, Optional<String> marker, Predicate<String> wanted, Duration quiet, Clock clock) {
    this.folder = folder;
    this.marker = marker;
    this.wanted = wanted;
    this.quiet = quiet;
    this.clock = clock;
  }

  /**
   * Files that became complete since the last look, by name. A file that is given away comes again
   * only if it changes.
   *
   * @throws ZoneException of the environment if the folder cannot be read; the next look is as if
   *     this one had not been
   */
  public List<Path> look() {
    SortedMap<String, Seen> now = new TreeMap<>();
    List<Path> complete = new ArrayList<>();
    List<Path> unwanted = new ArrayList<>();
    try (Stream<Path> inside = Files.list(folder)) {
      for (Path file : inside.sorted().toList()) {
        String name = file.getFileName().toString();
        if (!name.startsWith(".") && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          stamp(name).ifPresent(stamp -> now.put(name, seen(name, stamp)));
        }
      }
      for (Map.Entry<String, Seen> each : now.entrySet()) {
        String name = each.getKey();
        if (!isDone(name)) {
          continue;
        }
        if (!wanted.test(name)) {
          if (!isBegun(name)) {
            unwanted.add(folder.resolve(name));
          }
        } else if (!each.getValue().stamp().equals(taken.get(name)) && isComplete(name, now)) {
          complete.add(folder.resolve(name));
        }
      }
    } catch (IOException e) {
      throw cannot(e);
    } catch (UncheckedIOException e) {
      throw cannot(e.getCause());
    }
    complete.forEach(file -> taken.put(name(file), now.get(name(file)).stamp()));
    taken.keySet().retainAll(now.keySet());
    told.retainAll(now.keySet());
    others = unwanted.stream().filter(file -> told.add(name(file))).toList();
    seen = now;
    return complete;
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private ZoneException cannot(IOException e) {
    boolean none = e instanceof NoSuchFileException || e instanceof NotDirectoryException;
    return ZoneException.environment(
        "Cannot watch %s (%s)".formatted(folder, none ? "expected a folder" : e.getMessage()), e);
  }

  /** Files that the last look was the first to find and that cannot be fed, by name. */
  public List<Path> others() {
    return others;
  }

  /** Where it is. */
  public Path folder() {
    return folder;
  }

  /** Gives a file away once more at the next look. */
  public void forget(Path file) {
    taken.remove(name(file));
  }

  private Seen seen(String name, Stamp stamp) {
    return Optional.ofNullable(seen.get(name))
        .filter(before -> before.stamp().equals(stamp))
        .orElseGet(() -> new Seen(stamp, clock.instant()));
  }

  /** Whether that is the name of a file that nobody writes any more. */
  private boolean isDone(String name) {
    return marker.map(ending -> !name.endsWith(ending)).orElseGet(() -> !isBegun(name));
  }

  private static boolean isBegun(String name) {
    return BEGUN.stream().anyMatch(name::endsWith);
  }

  private boolean isComplete(String name, Map<String, Seen> now) throws IOException {
    Stamp file = now.get(name).stamp();
    if (marker.isEmpty()) {
      return seen.containsKey(name)
          && seen.get(name).stamp().equals(file)
          && quietFor(now.get(name)).compareTo(quiet) >= 0;
    }
    String done = name + marker.get();
    if (!now.containsKey(done)) {
      return false;
    }
    // A marker of a file that was there before says nothing of the one that is being written.
    Stamp of = now.get(done).stamp();
    return !of.changed().isBefore(file.changed())
        && stamp(done).equals(Optional.of(of))
        && stamp(name).equals(Optional.of(file));
  }

  /** By its time of change, which another machine's clock may have put ahead of this one's. */
  private Duration quietFor(Seen file) {
    Instant now = clock.instant();
    Duration age = Duration.between(file.stamp().changed(), now);
    Duration watched = Duration.between(file.since(), now);
    return age.compareTo(watched) > 0 ? age : watched;
  }

  /** Empty if it is gone meanwhile. */
  private Optional<Stamp> stamp(String name) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(folder.resolve(name), BasicFileAttributes.class);
      return Optional.of(new Stamp(attributes.size(), attributes.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
