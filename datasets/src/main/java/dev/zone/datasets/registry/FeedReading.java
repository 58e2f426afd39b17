package dev.zone.datasets.registry;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.FilePieces;
import dev.zone.datasets.format.FilePlan;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.storage.PlacedFile;
import java.io.IOException;
import java.util.List;
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
   * A file that is to be fed.
   *
   * @param stamp of the file before it was looked at
   * @param plan its pieces, where they are read by themselves
   */
  record Offered(
      PlacedFile file, String stamp, String sha256, FileSpec entry, Optional<FilePlan> plan) {
    String name() {
      return file.name();
    }
  }

  /** A file, and what takes its rows. */
  record Reading(Offered file, FileFeed feed) {}

  /** Looks at all of a file once. */
  abstract Offered look(PlacedFile file, DatasetSpec descriptor, FileSpec entry) throws IOException;

  /**
   * Reads files, one behind the other.
   *
   * @param checks told when a file begins
   * @param problems receives what is wrong with files
   */
  abstract void read(FeedAttempt attempt, List<Reading> files, RowChecks checks, Problems problems);

  /** A file's pieces, as the descriptor's entry says it is read. */
  static FilePieces pieces(DatasetSpec descriptor, FileSpec entry, PlacedFile file, Limits limits) {
    return new FilePieces(
        descriptor.from(
            descriptor.source().withFiles(List.of(entry.at(file.name()))), descriptor.columns()),
        limits);
  }

  /** What is known by its digest is what was read. */
  static void requireUnchanged(Offered file, Problems problems) {
    try {
      if (!file.file().stamp().equals(file.stamp())) {
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
