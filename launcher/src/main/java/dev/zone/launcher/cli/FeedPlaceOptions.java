package dev.zone.launcher.cli;

import dev.zone.conf.DataSize;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Limits;
import dev.zone.launcher.submit.FeedApplication.Place;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a feed's files are read. */
final class FeedPlaceOptions {
  /** From so many bytes on a feed is worth the seconds in which Spark starts. */
  private static final String SPARK_FROM = "256m";

  private static final int WORKERS = 8;
  private static final int MOST_WORKERS = 10_000;
  private static final DataSize SMALLEST_PIECE = DataSize.parse("64k");
  private static final DataSize LARGEST_PIECE = DataSize.parse("256m");

  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Feeds as a Spark application there: local[N] or spark://host:port. Default: here, without"
              + " Spark, unless a zone or a centre is named.")
  private Optional<String> master = Optional.empty();

  @Mixin private ZoneOptions zone = new ZoneOptions();

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "On a cluster: so many read at the same time, a core and 1 GiB each; 8.")
  private int workers = WORKERS;

  @Option(
      names = "--spark-from",
      paramLabel = "SIZE",
      description = "Files of less in all are fed here, whatever master is named; 256m.")
  private String sparkFrom = SPARK_FROM;

  @Option(
      names = "--piece",
      paramLabel = "SIZE",
      description = "So much of a text is read at a time, and no row is longer; 32m.")
  private Optional<String> piece = Optional.empty();

  /**
   * The place that was named; empty if it is here.
   *
   * @throws ZoneException of the user's if it cannot be used
   */
  Optional<Place> place(Context context) {
    if (workers < 1 || workers > MOST_WORKERS) {
      throw ZoneException.user(
          "Cannot feed with %d workers (expected 1 to %d)".formatted(workers, MOST_WORKERS));
    }
    if (master.isPresent() && zone.isGiven()) {
      throw ZoneException.user(
          "Cannot feed on both the master %s and a centre (expected one of them)"
              .formatted(master.get()));
    }
    int processors = Runtime.getRuntime().availableProcessors();
    if (zone.isGiven()) {
      return Optional.of(Place.of(zone.targets(context).get(0), workers, processors));
    }
    Problems problems = new Problems();
    Optional<Place> place = master.flatMap(url -> Place.of(url, workers, processors, problems));
    problems.throwIfAny();
    return place;
  }

  /** Files of less in all are fed here. */
  DataSize sparkFrom() {
    return size("--spark-from", sparkFrom);
  }

  Limits limits() {
    if (piece.isEmpty()) {
      return Limits.DEFAULT;
    }
    DataSize size = size("--piece", piece.get());
    if (size.compareTo(SMALLEST_PIECE) < 0 || size.compareTo(LARGEST_PIECE) > 0) {
      throw ZoneException.user(
          "Cannot use --piece: %s (expected %s to %s)"
              .formatted(size, SMALLEST_PIECE, LARGEST_PIECE));
    }
    return Limits.DEFAULT.withChunkBytes((int) size.bytes());
  }

  private static DataSize size(String option, String text) {
    try {
      return DataSize.parse(text);
    } catch (IllegalArgumentException e) {
      throw ZoneException.user("Cannot use %s: %s (%s)".formatted(option, text, e.getMessage()));
    }
  }
}
