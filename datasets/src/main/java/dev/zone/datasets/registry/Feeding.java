package dev.zone.datasets.registry;

import com.google.gson.JsonObject;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.DatasetFiles;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.Pieces;
import dev.zone.datasets.format.TableReader;
import dev.zone.datasets.registry.FeedReport.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Feeds files to a dataset: rows that are as the descriptor says become the next version, the
 * others are set aside, each with what is wrong with it.
 */
public final class Feeding {
  private final RegisteredDataset dataset;
  private final DatasetSpec descriptor;
  private final Clock clock;

  /**
   * @param descriptor the dataset's
   */
  public Feeding(RegisteredDataset dataset, DatasetSpec descriptor, Clock clock) {
    this.dataset = dataset;
    this.descriptor = descriptor;
    this.clock = clock;
  }

  /** A file that is to be fed. */
  private record Offered(Path path, String name, String stamp, String sha256, FileSpec entry) {}

  /**
   * Feeds.
   *
   * @param by whose feed it is
   * @param dry reads and checks, and writes nothing
   * @param problems receives what is wrong with files as a whole
   * @return empty if there were problems: then nothing was fed
   * @throws ZoneException of the environment if a storage fails
   */
  public Optional<FeedReport> feed(List<Path> files, String by, boolean dry, Problems problems) {
    requireFeedable(descriptor, problems);
    List<Offered> offered = offered(files, problems);
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    Optional<Version> newest = dataset.newest();
    List<Offered> left = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (Offered file : offered) {
      boolean before = newest.flatMap(version -> version.feedOf(file.sha256())).isPresent();
      if (before || left.stream().anyMatch(other -> other.sha256().equals(file.sha256()))) {
        skipped.add(file.name());
      } else {
        left.add(file);
      }
    }
    if (left.isEmpty()) {
      return Optional.of(
          new FeedReport(
              Outcome.FED_BEFORE,
              Optional.empty(),
              newest.flatMap(version -> version.feedOf(offered.get(0).sha256())),
              List.of(),
              skipped,
              Map.of()));
    }
    FeedWriter writer = dry ? null : dataset.begin(clock.instant());
    boolean kept = false;
    try {
      Optional<FeedReport> report = read(left, skipped, Optional.ofNullable(writer), problems);
      if (report.isEmpty() || dry) {
        return report;
      }
      kept = true;
      return Optional.of(end(report.get(), writer, by));
    } finally {
      if (!kept && writer != null) {
        writer.discard(false);
      }
    }
  }

  private FeedReport end(FeedReport read, FeedWriter writer, String by) {
    if (read.outcome() == Outcome.REFUSED) {
      writer.discard(true);
      return read.ended(Outcome.REFUSED, Optional.of(writer.id()), Optional.empty());
    }
    Feed feed = dataset.commit(writer, by, clock.instant());
    if (feed.id().equals(writer.id())) {
      return read.ended(Outcome.COMMITTED, Optional.of(writer.id()), Optional.of(feed));
    }
    // Another fed the same at the same time.
    writer.discard(false);
    return read.ended(Outcome.FED_BEFORE, Optional.empty(), Optional.of(feed));
  }

  /**
   * Finds what keeps a dataset from being fed at all.
   *
   * @param problems receives it
   */
  public static void requireFeedable(DatasetSpec descriptor, Problems problems) {
    if (descriptor.isGenerated()) {
      problems.add(
          "",
          "Cannot feed %s: its rows are generated (expected files)".formatted(descriptor.name()));
    }
    if (descriptor.source().files().stream().anyMatch(file -> !file.beside().isEmpty())) {
      problems.add(
          "",
          "Cannot feed %s: its files stand side by side (expected rows that one file tells; zone run --data serves such files as they lie)"
              .formatted(descriptor.name()));
    }
    descriptor
        .columns()
        .forEach(
            (name, column) ->
                column
                    .remainingLife()
                    .filter(life -> !life.atEnd().isEmpty())
                    .ifPresent(
                        life ->
                            problems.add(
                                "",
                                "Cannot feed %s: its column '%s' needs files with what is left at each unit's end (expected rows that tell all; zone run --data serves such files as they lie)"
                                    .formatted(descriptor.name(), name))));
  }

  private List<Offered> offered(List<Path> files, Problems problems) {
    List<Offered> offered = new ArrayList<>();
    for (Path file : files) {
      String name = String.valueOf(file.getFileName());
      if (!Files.isRegularFile(file)) {
        problems.add("", "Cannot find the file: %s (expected a file)".formatted(file));
        continue;
      }
      Optional<FileSpec> entry = DatasetFiles.entryOf(descriptor, name);
      if (entry.isEmpty()) {
        problems.add(
            file.toString(),
            "Cannot tell which of the descriptor's files it is like (expected a name such as %s)"
                .formatted(
                    String.join(
                        ", ", descriptor.source().files().stream().map(FileSpec::path).toList())));
        continue;
      }
      try {
        String stamp = stamp(file);
        offered.add(new Offered(file, name, stamp, Digests.ofFile(file), entry.get()));
      } catch (IOException e) {
        throw ZoneException.environment("Cannot read %s: %s".formatted(file, e.getMessage()), e);
      }
    }
    return offered;
  }

  private Optional<FeedReport> read(
      List<Offered> files, List<String> skipped, Optional<FeedWriter> writer, Problems problems) {
    List<FedFile> fed = new ArrayList<>();
    Map<String, Integer> reasons = new LinkedHashMap<>();
    List<JsonObject> rejected = new ArrayList<>();
    for (Offered file : files) {
      FileFeed feed =
          new FileFeed(
              new FileFeed.Origin(file.name(), file.sha256(), file.entry().split()),
              descriptor,
              writer,
              rejected::add);
      admit(file, feed, problems);
      requireUnchanged(file, problems);
      fed.add(feed.end());
      feed.reasons().forEach((reason, count) -> reasons.merge(reason, count, Integer::sum));
    }
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    writer
        .filter(to -> !rejected.isEmpty())
        .ifPresent(to -> to.reject(out -> write(rejected, out)));
    long rows = fed.stream().mapToLong(FedFile::rows).sum();
    long bad = fed.stream().mapToLong(FedFile::rejected).sum();
    double share = (double) bad / Math.max(1, rows + bad);
    boolean refused = rows == 0 || share > descriptor.feed().rejectedShare();
    return Optional.of(
        new FeedReport(
            refused ? Outcome.REFUSED : Outcome.TRIED,
            Optional.empty(),
            Optional.empty(),
            fed,
            skipped,
            reasons));
  }

  private void admit(Offered file, Pieces pieces, Problems problems) {
    FileSpec only = file.entry().at(file.name());
    Path folder = Optional.ofNullable(file.path().getParent()).orElse(Path.of("."));
    TableReader.admit(
        descriptor.from(descriptor.source().withFiles(List.of(only)), descriptor.columns()),
        folder,
        Limits.DEFAULT,
        pieces,
        problems);
  }

  /** What is known by its digest is what was read. */
  private static void requireUnchanged(Offered file, Problems problems) {
    if (!stamp(file.path()).equals(file.stamp())) {
      problems.add(
          file.path().toString(),
          "Cannot feed a file that changes while it is read (expected one that is complete)");
    }
  }

  /** Size and time of change. */
  private static String stamp(Path path) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return attributes.size() + " " + attributes.lastModifiedTime();
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  private static void write(List<JsonObject> lines, OutputStream out) throws IOException {
    for (JsonObject line : lines) {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }
}
