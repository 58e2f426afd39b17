package dev.zone.datasets.registry;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.admission.RowFindings;
import dev.zone.datasets.admission.RowSample;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.Pieces;
import dev.zone.datasets.format.TableReader;
import dev.zone.datasets.profile.Profile;
import dev.zone.datasets.registry.FeedReport.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the files of a feed, to go on top of one version. */
final class FeedAttempt implements AutoCloseable {
  private final RegisteredDataset dataset;
  private final DatasetSpec descriptor;
  private final Optional<FeedWriter> writer;
  private final FeedProgress progress;
  private final Optional<Version> newest;
  private final RowChecks checks;
  private final RowSample sample = new RowSample();
  private final Profile profile = new Profile();
  private final RejectedRows rejected = new RejectedRows();

  /** A file that is to be fed. */
  record Offered(Path path, String name, String stamp, String sha256, FileSpec entry) {}

  /**
   * @param newest the version to go on top of
   * @param writer empty if nothing is to be written
   */
  FeedAttempt(
      RegisteredDataset dataset,
      DatasetSpec descriptor,
      Optional<Version> newest,
      Optional<FeedWriter> writer,
      FeedProgress progress) {
    this.dataset = dataset;
    this.descriptor = descriptor;
    this.writer = writer;
    this.progress = progress;
    this.checks = new RowChecks(descriptor);
    this.newest = newest;
  }

  /**
   * Reads.
   *
   * @param skipped names of files that were fed before
   * @return empty if there were problems
   */
  Optional<FeedReport> read(List<Offered> files, List<String> skipped, Problems problems) {
    checks.know(dataset, descriptor, newest);
    List<FedFile> fed = new ArrayList<>();
    Reasons reasons = new Reasons();
    for (Offered file : files) {
      checks.begin();
      FileFeed feed =
          new FileFeed(
              new FileFeed.Origin(file.name(), file.sha256(), file.entry().split()),
              descriptor,
              checks,
              sample,
              writer,
              writer.isPresent() ? rejected::add : none -> {});
      admit(file, progress.watch(file.name(), feed), problems);
      requireUnchanged(file, problems);
      fed.add(feed.end());
      profile.add(feed.profile());
      reasons.add(feed.reasons());
    }
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    writer.ifPresent(rejected::writeTo);
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
            reasons.toMap(),
            findings()));
  }

  /**
   * Generates the rows that a descriptor says.
   *
   * @return empty if there were problems
   */
  Optional<FeedReport> generate(FileFeed.Origin origin, Problems problems) {
    FileFeed feed = new FileFeed(origin, descriptor, checks, sample, writer, rejected::add);
    TableReader.admit(
        descriptor, Path.of("."), Limits.DEFAULT, progress.watch(origin.name(), feed), problems);
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    FedFile fed = feed.end();
    profile.add(feed.profile());
    return Optional.of(
        new FeedReport(
            Outcome.TRIED,
            Optional.empty(),
            Optional.empty(),
            List.of(fed),
            List.of(),
            Map.of(),
            findings()));
  }

  private List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(RowFindings.of(descriptor, profile));
    List<Finding> ofRows = RowFindings.giveaways(descriptor, sample.table());
    writer.ifPresent(to -> dataset.profiles().note(to.id(), ofRows));
    findings.addAll(ofRows);
    findings.addAll(VersionDrift.of(dataset, descriptor, profile));
    return findings;
  }

  private void admit(Offered file, Pieces pieces, Problems problems) {
    FileSpec only = file.entry().at(file.name());
    Path folder = Optional.ofNullable(file.path().getParent()).orElse(Path.of("."));
    try {
      TableReader.admit(
          descriptor.from(descriptor.source().withFiles(List.of(only)), descriptor.columns()),
          folder,
          Limits.DEFAULT,
          pieces,
          problems);
    } catch (OutOfMemoryError e) {
      // Of a format that is read as a whole; all else was thrown away with it.
      throw new ZoneException(
          ErrorKind.RESOURCES,
          "Cannot feed %s: it needs more memory than there is, since its format is read as a whole (expected smaller files, or delimited text, JSON lines or Parquet)"
              .formatted(file.path()),
          e);
    }
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
  static String stamp(Path path) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return attributes.size() + " " + attributes.lastModifiedTime();
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    rejected.close();
  }
}
