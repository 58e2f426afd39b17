package dev.zone.launcher.cli;

import dev.zone.conf.DataSize;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.DatasetFiles;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.registry.FeedReading;
import dev.zone.datasets.registry.FeedReport;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.registry.Feeding;
import dev.zone.datasets.registry.Grants.Right;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.registry.WatchedFolder;
import dev.zone.datasets.storage.PlacedFile;
import dev.zone.datasets.storage.Storage;
import dev.zone.launcher.plan.RegistryPlace;
import dev.zone.launcher.submit.FeedApplication;
import dev.zone.launcher.submit.FeedApplication.How;
import dev.zone.launcher.submit.FeedApplication.Place;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Feeds files to a dataset. */
@Command(
    name = "feed",
    description = {
      "Checks files row by row and makes the next version of the rows that are right.",
      "With a master, a zone or a centre large files are read by a Spark application there; files"
          + " and registry have to be where its workers reach them. The same comes of it."
    })
final class DatasetFeedCommand implements Callable<Integer> {
  private static final int MOST_SECONDS = 86_400;
  private static final double MILLIS = 1000;

  /** Of a watched folder: as long as so many looks take a file has to be as it is. */
  private static final int LOOKS = 2;

  private final Context context;

  @Parameters(index = "0", paramLabel = "NAME", description = "The dataset.")
  private String name;

  @Parameters(
      index = "1..*",
      paramLabel = "FILE",
      description =
          "What to feed: a path, of images that of a folder too, or a URI such as"
              + " hdfs://namenode:8020/lots/1.csv.")
  private List<String> files = new ArrayList<>();

  @Option(names = "--dry-run", description = "Reads and checks, and writes nothing.")
  private boolean dry;

  @Option(
      names = "--watch",
      paramLabel = "DIR",
      description =
          "Feeds each file that comes to this folder, until it is stopped; the files stay there. A"
              + " file is taken once it has its last name (none that is hidden or ends in .tmp,"
              + " .part or the like) and did not change for as long as two looks take; whoever"
              + " writes in pauses that are longer says by --marker when it is complete.")
  private String watch;

  @Option(
      names = "--marker",
      paramLabel = "ENDING",
      description =
          "With --watch: a file is taken once there is one of its name with this ending behind,"
              + " such as .done, that is not older than the file.")
  private String marker;

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      description = "With --watch: looks so often; the default is 5.")
  private double every = 5;

  @Mixin private FeedPlaceOptions place = new FeedPlaceOptions();
  @Mixin private RegistryOption registry = new RegistryOption();
  @Mixin private OutputOptions output = new OutputOptions();

  DatasetFeedCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    check();
    Limits limits = place.limits();
    Optional<Place> elsewhere = place.place(context);
    try (Storage storage = registry.place(context).open();
        FeedingProgress progress = new FeedingProgress(context.terminal())) {
      RegisteredDataset dataset = new Registry(storage).open(RegistryOption.name(name));
      new RegistryUser(context).require(dataset, Right.FEED);
      DatasetSpec descriptor = dataset.spec();
      FeedPlace feeding =
          new FeedPlace(
              new Feeding(dataset, descriptor, context.clock(), progress, FeedReading.here(limits)),
              elsewhere.map(
                  at ->
                      new FeedApplication(
                          at, context.distribution().get(), context.environment(), progress)),
              place.sparkFrom(),
              limits);
      if (watch != null) {
        Problems problems = new Problems();
        Feeding.requireSingle(descriptor, problems);
        problems.throwIfAny();
        return watch(feeding.passingRefused(), dataset, descriptor, progress);
      }
      return feed(feeding, dataset, files, progress);
    }
  }

  private void check() {
    if (files.isEmpty() && watch == null) {
      throw ZoneException.user(
          "Cannot feed nothing (expected files, or a folder that they come to: --watch DIR)");
    }
    if (watch != null && (!files.isEmpty() || dry)) {
      throw ZoneException.user(
          "Cannot watch %s and %s (expected one of them)"
              .formatted(watch, dry ? "only try" : "feed files"));
    }
    if (!(every > 0 && every <= MOST_SECONDS)) {
      throw ZoneException.user(
          "Cannot look every %s seconds (expected more than 0, at most %d)"
              .formatted(every, MOST_SECONDS));
    }
  }

  /** Where is fed: here, or what is large by an application. */
  private record FeedPlace(
      Feeding here, Optional<FeedApplication> application, DataSize from, Limits limits) {
    FeedPlace passingRefused() {
      return new FeedPlace(here.passingRefused(), application, from, limits);
    }
  }

  private int feed(
      FeedPlace feeding, RegisteredDataset dataset, List<String> named, FeedingProgress progress) {
    Problems problems = new Problems();
    List<PlacedFile> placed =
        named.stream()
            .map(file -> RegistryPlace.file(file, context.folder(), context.environment()))
            .toList();
    Optional<FeedReport> fed;
    try {
      fed = feed(feeding, dataset, placed, problems, progress);
    } finally {
      placed.forEach(PlacedFile::close);
    }
    progress.close();
    problems.throwIfAny();
    FeedReport report = fed.orElseThrow();
    if (output.isJson()) {
      context.terminal().out().println(FeedText.json(dataset, report));
    } else {
      FeedText.print(context.terminal(), dataset, report);
    }
    return report.outcome() == Outcome.REFUSED ? ErrorKind.USER.exitCode() : 0;
  }

  private Optional<FeedReport> feed(
      FeedPlace feeding,
      RegisteredDataset dataset,
      List<PlacedFile> placed,
      Problems problems,
      FeedingProgress progress) {
    RegistryUser user = new RegistryUser(context);
    DataSize size = size(placed);
    boolean large = size.compareTo(feeding.from()) >= 0;
    if (feeding.application().isEmpty() || !large) {
      if (feeding.application().isPresent()) {
        progress.notice(
            context.terminal().err(),
            "zone: less than %s (%d bytes) is fed here, without Spark"
                .formatted(feeding.from(), size.bytes()));
      }
      return feeding.here().forTenant(user.tenant()).feedPlaced(placed, user.name(), dry, problems);
    }
    FeedApplication.Order order =
        new FeedApplication.Order(
            registry.place(context).forOthers(),
            dataset.name().path(),
            placed.stream()
                .map(
                    file ->
                        file.mounted()
                            .map(path -> path.toAbsolutePath().toString())
                            .orElse(file.place()))
                .toList(),
            user.name(),
            watch != null ? How.WATCHED : dry ? How.DRY : How.NAMED,
            feeding.limits().chunkBytes(),
            user.tenant());
    return feeding
        .application()
        .get()
        .feed(
            order,
            first ->
                progress.notice(
                    context.terminal().err(),
                    first ? "zone: stopping; Ctrl-C again kills the feed" : "zone: killed"),
            problems);
  }

  /** Of those that are there; what is wrong with the others is told by whoever feeds. */
  private static DataSize size(List<PlacedFile> files) {
    long bytes = 0;
    for (PlacedFile file : files) {
      try {
        boolean isThere = file.isFile() || (file.mounted().isPresent() && file.isFolder());
        bytes += isThere ? file.size() : 0;
      } catch (IOException e) {
        throw ZoneException.environment("Cannot read %s: %s".formatted(file, e.getMessage()), e);
      }
    }
    return new DataSize(bytes);
  }

  /** A feed a file, so that one that is wrong is in nobody's way. Ends by being stopped. */
  private int watch(
      FeedPlace feeding,
      RegisteredDataset dataset,
      DatasetSpec descriptor,
      FeedingProgress progress) {
    WatchedFolder watched =
        new WatchedFolder(
            RegistryPlace.watched(watch, context.folder()),
            Optional.ofNullable(marker),
            file -> DatasetFiles.isOneOf(descriptor, file),
            Duration.ofMillis((long) (LOOKS * every * MILLIS)),
            context.clock());
    List<String> names = descriptor.source().files().stream().map(FileSpec::path).toList();
    return new FolderWatch(
            watched,
            file -> {
              int unused = feed(feeding, dataset, List.of(file.toString()), progress);
            },
            context.terminal().err(),
            names)
        .run(
            "zone: watching %s for %s".formatted(watched.folder(), dataset.name()),
            Duration.ofMillis((long) (every * MILLIS)));
  }
}
