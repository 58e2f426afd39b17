package dev.zone.datasets.registry;

import com.google.gson.JsonObject;
import dev.zone.conf.ColumnSpec.Role;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.admission.RowFindings;
import dev.zone.datasets.admission.RowSample;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.Pieces;
import dev.zone.datasets.format.TableReader;
import dev.zone.datasets.profile.Profile;
import dev.zone.datasets.registry.FeedReading.Offered;
import dev.zone.datasets.registry.FeedReading.Reading;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Reads the files of a feed, to go on top of one version. */
final class FeedAttempt implements AutoCloseable {
  private final RegisteredDataset dataset;
  private final DatasetSpec descriptor;
  private final Optional<FeedWriter> writer;
  private final FeedProgress progress;
  private final Optional<Version> newest;
  private final RowChecks checks;
  private final FeedColumns columns;
  private final RowSample sample = new RowSample();
  private final Profile profile = new Profile();
  private final RejectedRows rejected = new RejectedRows();

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
    this.columns = new FeedColumns(descriptor);
    this.newest = newest;
  }

  /**
   * Reads.
   *
   * @param skipped names of files that were fed before
   * @param watched looks at a file's rows before they are taken
   * @return empty if there were problems
   */
  Optional<FeedReport> read(
      FeedReading reading,
      List<Offered> files,
      List<String> skipped,
      BiFunction<Offered, Pieces, Pieces> watched,
      Problems problems) {
    columns.know(dataset, newest);
    checks.know(dataset, descriptor, newest);
    List<Reading> readings = new ArrayList<>();
    for (Offered file : files) {
      FileFeed feed =
          feed(
              new FileFeed.Origin(file.name(), file::sha256, file.entry().split(), file.lives()),
              writer.isPresent() ? rejected::add : none -> {});
      readings.add(new Reading(file, feed, watched.apply(file, feed)));
    }
    reading.read(this, readings, checks, problems);
    List<FedFile> fed = new ArrayList<>();
    Reasons reasons = new Reasons();
    for (Reading each : readings) {
      FedFile its = each.feed().end();
      if (each.file().again()) {
        its = fed.remove(fed.size() - 1).and(its);
      }
      fed.add(its);
      profile.add(each.feed().profile());
      reasons.add(each.feed().reasons());
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
    FileFeed feed = feed(origin, rejected::add);
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
    if (descriptor.columns().values().stream().anyMatch(one -> one.role() == Role.LABEL)) {
      writer.ifPresent(to -> to.sample(sample, descriptor));
      findings.addAll(dataset.profiles().giveaways(descriptor, newest, sample));
    }
    findings.addAll(VersionDrift.of(dataset, descriptor, profile));
    return findings;
  }

  private FileFeed feed(FileFeed.Origin origin, Consumer<JsonObject> aside) {
    return new FileFeed(origin, columns, checks::check, sample, writer, aside);
  }

  RegisteredDataset dataset() {
    return dataset;
  }

  DatasetSpec descriptor() {
    return descriptor;
  }

  /** Those of the dataset, as far as they are known. */
  FeedColumns columns() {
    return columns;
  }

  Optional<FeedWriter> writer() {
    return writer;
  }

  FeedProgress progress() {
    return progress;
  }

  /** Some of the rows of all files so far. */
  RowSample sample() {
    return sample;
  }

  /**
   * Sets rows aside whose lines another wrote.
   *
   * @param path of the lines, below the dataset's folder
   * @param most how many of them, from the first
   */
  void setAside(String path, long most) {
    try (Storage.StoredFile lines = dataset.folder().open(path)) {
      rejected.add(lines.bytes(), most);
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot read %s: %s".formatted(dataset.folder().place(path), e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    rejected.close();
  }
}
