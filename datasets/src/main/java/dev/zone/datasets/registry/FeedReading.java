package dev.zone.datasets.registry;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.DatasetFiles;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.format.FilePieces;
import dev.zone.datasets.format.FilePlan;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.Pieces;
import dev.zone.datasets.format.TableReader;
import dev.zone.datasets.storage.PlacedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the files of a feed are read, and where: the same comes of them. */
public abstract sealed class FeedReading permits ReadingHere, ReadingByTasks {
  /** By threads of this process. */
  public static FeedReading here() {
    return here(Limits.DEFAULT);
  }

  /** By threads of this process. */
  public static FeedReading here(Limits limits) {
    return new ReadingHere(limits);
  }

  /**
   * Piece by piece by tasks, which reach the files and the registry by their places.
   *
   * @param limits as the tasks have them, but for the size of pieces
   */
  public static FeedReading by(FeedTasks tasks, Limits limits) {
    return new ReadingByTasks(tasks, limits);
  }

  /**
   * A file that is to be fed, as one of the descriptor's entries reads it.
   *
   * @param stamp of the file and its companions before they were looked at
   * @param digest of the file and its companions
   * @param again whether another entry read it just before
   * @param plan its pieces, where they are read by themselves
   * @param companions files that belong to it, by the paths that the descriptor has
   * @param lives columns that its rows are written with
   */
  record Offered(
      PlacedFile file,
      String stamp,
      FileDigest digest,
      FileSpec entry,
      boolean again,
      Optional<FilePlan> plan,
      Map<String, PlacedFile> companions,
      FileLives lives) {
    /** A file that tells all by itself. */
    Offered(
        PlacedFile file, String stamp, FileDigest digest, FileSpec entry, Optional<FilePlan> plan) {
      this(file, stamp, digest, entry, false, plan, Map.of(), FileLives.NONE);
    }

    /**
     * The same file, as another entry reads it.
     *
     * @param by the entry
     * @param its pieces, where they are read by themselves
     */
    Offered again(FileSpec by, Optional<FilePlan> its) {
      return new Offered(file, stamp, digest, by, true, its, companions, lives);
    }

    /** Waits for the digest if need be. */
    String sha256() {
      return digest.get();
    }

    String name() {
      return file.name();
    }

    /** The same, with files that belong to it. */
    Offered with(Map<String, PlacedFile> others) throws IOException {
      if (others.isEmpty()) {
        return this;
      }
      List<String> digests = new ArrayList<>();
      String together = stamp + stamps(others);
      for (PlacedFile other : others.values()) {
        digests.add(Digests.ofFile(other.local()));
      }
      FileDigest of = FileDigest.of(FedFile.together(sha256(), digests));
      return new Offered(file, together, of, entry, again, plan, others, lives);
    }

    /** The same, its rows with remaining lives. */
    Offered with(FileLives found) {
      return new Offered(file, stamp, digest, entry, again, plan, companions, found);
    }

    private static String stamps(Map<String, PlacedFile> files) throws IOException {
      StringBuilder stamps = new StringBuilder();
      for (PlacedFile file : files.values()) {
        stamps.append(' ').append(file.stamp());
      }
      return stamps.toString();
    }

    /** Whether the files are not what was looked at. */
    boolean isChanged() throws IOException {
      return !stamp.equals(file.stamp() + stamps(companions));
    }
  }

  /**
   * A file, and what takes its rows.
   *
   * @param rows the feed, and whoever else looks at the rows
   */
  record Reading(Offered file, FileFeed feed, Pieces rows) {}

  /** How files that belong together are read: all of them by this process; they are small. */
  abstract FeedReading together();

  /** Looks at all of a file once. */
  abstract Offered look(PlacedFile file, DatasetSpec descriptor, FileSpec entry) throws IOException;

  /** Looks at a file that was looked at, for another entry that reads it too. */
  abstract Offered lookAgain(Offered file, DatasetSpec descriptor, FileSpec entry);

  /**
   * Reads files, one behind the other.
   *
   * @param checks told when a file begins
   * @param problems receives what is wrong with files
   */
  abstract void read(FeedAttempt attempt, List<Reading> files, RowChecks checks, Problems problems);

  /** A file's pieces, as the descriptor's entry says it is read. */
  static FilePieces pieces(DatasetSpec descriptor, FileSpec entry, PlacedFile file, Limits limits) {
    List<FileSpec> files = new ArrayList<>(List.of(entry.at(file.name())));
    files.addAll(DatasetFiles.sideBySide(descriptor, entry));
    return new FilePieces(
        descriptor.from(descriptor.source().withFiles(files), descriptor.columns()), limits);
  }

  /** Reads all of a file here, as a descriptor has its columns. */
  static void readHere(
      Offered file, DatasetSpec descriptor, Limits limits, Pieces rows, Problems problems) {
    try {
      Map<String, Path> companions = new LinkedHashMap<>();
      for (Map.Entry<String, PlacedFile> each : file.companions().entrySet()) {
        companions.put(each.getKey(), each.getValue().local());
      }
      pieces(descriptor, file.entry(), file.file(), limits)
          .readWhole(file.file(), companions, TableReader.threads(), rows, problems);
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot read %s: %s".formatted(file.file(), e.getMessage()), e);
    }
  }

  /** What is known by its digest is what was read. */
  static void requireUnchanged(Offered file, Problems problems) {
    try {
      if (file.isChanged()) {
        problems.add(
            file.file().place(),
            "Cannot feed a file that changes while it is read (expected one that is complete)");
      }
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot read %s: %s".formatted(file.file(), e.getMessage()), e);
    }
  }
}
