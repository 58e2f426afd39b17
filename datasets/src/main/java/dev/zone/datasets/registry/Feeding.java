package dev.zone.datasets.registry;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Canonical;
import dev.zone.datasets.format.DatasetFiles;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.registry.FeedReading.Offered;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.storage.PlacedFile;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Feeds files to a dataset: rows that are as the descriptor says become the next version, the
 * others are set aside, each with what is wrong with it.
 */
public final class Feeding {
  private final RegisteredDataset dataset;
  private final DatasetSpec descriptor;
  private final Clock clock;
  private final FeedProgress progress;
  private final FeedReading reading;
  private final Manner manner;

  /** What may be said of a feed beside its files. */
  private record Manner(boolean passesRefused, Optional<String> tenant) {}

  /**
   * @param descriptor the dataset's
   */
  public Feeding(RegisteredDataset dataset, DatasetSpec descriptor, Clock clock) {
    this(dataset, descriptor, clock, FeedProgress.NONE);
  }

  /**
   * @param progress is told how far a feed is, by several threads
   */
  public Feeding(
      RegisteredDataset dataset, DatasetSpec descriptor, Clock clock, FeedProgress progress) {
    this(dataset, descriptor, clock, progress, FeedReading.here());
  }

  /**
   * @param reading where the files are read
   */
  public Feeding(
      RegisteredDataset dataset,
      DatasetSpec descriptor,
      Clock clock,
      FeedProgress progress,
      FeedReading reading) {
    this(dataset, descriptor, clock, progress, reading, new Manner(false, Optional.empty()));
  }

  private Feeding(
      RegisteredDataset dataset,
      DatasetSpec descriptor,
      Clock clock,
      FeedProgress progress,
      FeedReading reading,
      Manner manner) {
    this.reading = DatasetFiles.companions(descriptor).isEmpty() ? reading : reading.together();
    this.dataset = dataset;
    this.descriptor = descriptor;
    this.clock = clock;
    this.progress = progress;
    this.manner = manner;
  }

  /**
   * The same, for files that nobody names one by one: a file whose content was refused before is
   * not read again.
   */
  public Feeding passingRefused() {
    return in(new Manner(true, manner.tenant()));
  }

  /** The same, for a tenant, whom the log then names. */
  public Feeding forTenant(Optional<String> tenant) {
    return in(new Manner(manner.passesRefused(), tenant));
  }

  private Feeding in(Manner other) {
    return new Feeding(dataset, descriptor, clock, progress, reading, other);
  }

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
    return feedPlaced(files.stream().map(PlacedFile::of).toList(), by, dry, problems);
  }

  /** As {@link #feed}, files that may be on other machines; the caller closes them. */
  public Optional<FeedReport> feedPlaced(
      List<PlacedFile> files, String by, boolean dry, Problems problems) {
    requireFeedable(descriptor, problems);
    List<Offered> offered = OfferedFiles.of(files, descriptor, reading, problems);
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    while (true) {
      Optional<Version> newest = dataset.newest();
      Optional<FeedReport> report = feed(offered, newest, by, dry, problems);
      // Another feed may have a key that one of these has, or other columns: all is looked at
      // again.
      if (report.isPresent() || !problems.isEmpty()) {
        return report;
      }
    }
  }

  /**
   * Makes the version that a descriptor's generator says, in pieces: memory does not grow with it.
   *
   * @param by whose it is
   * @param problems receives what is wrong with the generator's parameters
   * @return empty if there were problems: then nothing was made
   * @throws ZoneException of the environment if a storage fails
   */
  public Optional<FeedReport> generate(String by, Problems problems) {
    FileFeed.Origin origin =
        new FileFeed.Origin(
            "generated",
            () -> Digests.ofText(Canonical.text(descriptor.source())),
            Optional.empty(),
            FileLives.NONE);
    return attempt(dataset.newest(), false, by, attempt -> attempt.generate(origin, problems));
  }

  /** Empty if there were problems, or a version came between on which this cannot go unseen. */
  private Optional<FeedReport> feed(
      List<Offered> offered, Optional<Version> newest, String by, boolean dry, Problems problems) {
    if (offered.size() == 1 && !offered.get(0).digest().isThere()) {
      return feedUnknown(offered.get(0), newest, by, dry, problems);
    }
    List<Offered> left = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    boolean isLeft = false;
    for (Offered file : offered) {
      if (file.again()) {
        // What was decided of the file holds for all entries that read it.
        if (isLeft) {
          left.add(file);
        }
        continue;
      }
      isLeft =
          feedOf(file.sha256(), newest).isEmpty()
              && left.stream().noneMatch(other -> other.sha256().equals(file.sha256()));
      if (isLeft) {
        left.add(file);
      } else {
        skipped.add(file.name());
      }
    }
    if (left.isEmpty()) {
      return Optional.of(fedBefore(feedOf(offered.get(0).sha256(), newest), skipped));
    }
    Optional<FeedReport> refused =
        left.stream().filter(file -> !file.again()).count() == 1
            ? refusedBefore(left.get(0), left.get(0).sha256(), skipped)
            : Optional.empty();
    return refused.or(
        () -> {
          UnitLives lives = new UnitLives(descriptor, offered, problems);
          List<Offered> whole = left.stream().map(file -> file.with(lives.of(file))).toList();
          return problems.isEmpty()
              ? attempt(
                  newest,
                  dry,
                  by,
                  attempt -> attempt.read(reading, whole, skipped, (file, rows) -> rows, problems))
              : Optional.empty();
        });
  }

  /** Feeds a file while it is being found out whether it is known. */
  private Optional<FeedReport> feedUnknown(
      Offered file, Optional<Version> newest, String by, boolean dry, Problems problems) {
    Function<String, Optional<FeedReport>> known =
        sha256 ->
            feedOf(sha256, newest)
                .map(feed -> fedBefore(Optional.of(feed), List.of(file.name())))
                .or(() -> refusedBefore(file, sha256, List.of()));
    Problems found = new Problems();
    Offered whole = file.with(new UnitLives(descriptor, List.of(file), found).of(file));
    file.digest().begin();
    try {
      Optional<FeedReport> report =
          attempt(
              newest,
              dry,
              by,
              attempt -> {
                try {
                  Optional<FeedReport> read =
                      attempt.read(
                          reading,
                          List.of(whole),
                          List.of(),
                          (its, rows) -> KnownContent.watch(file.digest(), rows, known),
                          found);
                  KnownContent.require(file.digest(), known);
                  return read;
                } catch (ZoneException e) {
                  // That the keys of known content are there already is no failure of its own.
                  KnownContent.require(file.digest(), known);
                  throw e;
                }
              });
      problems.addAll(found);
      return report;
    } catch (KnownContent content) {
      return Optional.of(content.report());
    } finally {
      file.digest().stop();
    }
  }

  private static Optional<Feed> feedOf(String sha256, Optional<Version> newest) {
    return newest.flatMap(version -> version.feedOf(sha256));
  }

  private static FeedReport fedBefore(Optional<Feed> feed, List<String> skipped) {
    return new FeedReport(
        Outcome.FED_BEFORE, Optional.empty(), feed, List.of(), skipped, Map.of(), List.of());
  }

  private Optional<FeedReport> refusedBefore(Offered file, String sha256, List<String> skipped) {
    return manner.passesRefused()
        ? dataset.refusals().of(sha256).map(before -> refusedBefore(file.name(), before, skipped))
        : Optional.empty();
  }

  private static FeedReport refusedBefore(
      String name, Refusals.Refusal before, List<String> skipped) {
    FedFile file = before.file();
    return new FeedReport(
        Outcome.REFUSED_BEFORE,
        Optional.of(before.feed()),
        Optional.empty(),
        List.of(new FedFile(name, file.sha256(), file.rows(), file.rejected())),
        skipped,
        Map.of(),
        List.of());
  }

  private Optional<FeedReport> attempt(
      Optional<Version> newest,
      boolean dry,
      String by,
      Function<FeedAttempt, Optional<FeedReport>> reading) {
    FeedWriter writer = dry ? null : dataset.begin(clock.instant());
    if (writer != null) {
      writer.of(manner.tenant());
    }
    boolean kept = false;
    try (FeedAttempt attempt =
        new FeedAttempt(dataset, descriptor, newest, Optional.ofNullable(writer), progress)) {
      Optional<FeedReport> report = reading.apply(attempt);
      if (report.isEmpty() || dry) {
        return report;
      }
      // A commit that fails may have been made all the same: its rows stay.
      kept = true;
      Optional<FeedReport> ended = end(report.get(), newest, writer, by);
      kept = ended.isPresent();
      return ended;
    } finally {
      if (!kept && writer != null) {
        writer.discard(false);
      }
    }
  }

  private Optional<FeedReport> end(
      FeedReport read, Optional<Version> newest, FeedWriter writer, String by) {
    if (read.outcome() == Outcome.REFUSED) {
      writer.discard(true);
      if (read.files().size() == 1) {
        // Of several it is not known which are to blame.
        dataset
            .refusals()
            .note(new Refusals.Refusal(read.files().get(0), writer.id()), by, clock.instant());
      }
      return Optional.of(read.ended(Outcome.REFUSED, Optional.of(writer.id()), Optional.empty()));
    }
    // The first version decides the columns, and any may have the keys.
    boolean looked =
        !descriptor.feed().key().isEmpty() || newest.isEmpty() && FeedColumns.areOpen(descriptor);
    Optional<Integer> base = newest.map(Version::number);
    return dataset
        .commit(
            writer, by, clock.instant(), now -> !looked || now.map(Version::number).equals(base))
        .map(
            feed -> {
              if (feed.id().equals(writer.id())) {
                return read.ended(Outcome.COMMITTED, Optional.of(writer.id()), Optional.of(feed));
              }
              // Another fed the same at the same time.
              writer.discard(false);
              return read.ended(Outcome.FED_BEFORE, Optional.empty(), Optional.of(feed));
            });
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
  }

  /**
   * Finds what keeps a dataset's files from being fed one by one.
   *
   * @param problems receives it
   */
  public static void requireSingle(DatasetSpec descriptor, Problems problems) {
    List<String> companions = DatasetFiles.companions(descriptor);
    if (!companions.isEmpty()) {
      problems.add(
          "",
          "Cannot feed the files of %s one by one: %s %s no rows alone (expected the files that belong together in one feed: zone dataset feed %s FILE...)"
              .formatted(
                  descriptor.name(),
                  String.join(", ", companions),
                  companions.size() == 1 ? "has" : "have",
                  descriptor.name()));
    }
  }
}
