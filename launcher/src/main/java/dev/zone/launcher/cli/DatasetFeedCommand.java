package dev.zone.launcher.cli;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.InvalidInputException;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.DatasetFiles;
import dev.zone.datasets.registry.FeedReport;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.registry.Feeding;
import dev.zone.datasets.registry.Grants.Right;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.registry.WatchedFolder;
import dev.zone.datasets.storage.Storage;
import dev.zone.launcher.plan.RegistryPlace;
import java.io.IOException;
import java.nio.file.Path;
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
    description = "Checks files row by row and makes the next version of the rows that are right.")
final class DatasetFeedCommand implements Callable<Integer> {
  private static final int MOST_SECONDS = 86_400;
  private static final double MILLIS = 1000;

  private final Context context;

  @Parameters(index = "0", paramLabel = "NAME", description = "The dataset.")
  private String name;

  @Parameters(index = "1..*", paramLabel = "FILE", description = "What to feed.")
  private List<String> files = new ArrayList<>();

  @Option(names = "--dry-run", description = "Reads and checks, and writes nothing.")
  private boolean dry;

  @Option(
      names = "--watch",
      paramLabel = "DIR",
      description =
          "Feeds each file that comes to this folder, until it is stopped; the files stay there. A"
              + " file is taken once it has its last name (none that is hidden or ends in .tmp,"
              + " .part or the like) and does not change any more.")
  private String watch;

  @Option(
      names = "--marker",
      paramLabel = "ENDING",
      description =
          "With --watch: a file is taken once there is one of its name with this ending behind,"
              + " such as .done.")
  private String marker;

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      description = "With --watch: looks so often; the default is 5.")
  private double every = 5;

  @Mixin private RegistryOption registry = new RegistryOption();
  @Mixin private OutputOptions output = new OutputOptions();

  DatasetFeedCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    check();
    try (Storage storage = registry.place(context).open();
        FeedingProgress progress = new FeedingProgress(context.terminal())) {
      RegisteredDataset dataset = new Registry(storage).open(RegistryOption.name(name));
      new RegistryUser(context).require(dataset, Right.FEED);
      DatasetSpec descriptor = RegistryPlace.descriptor(dataset);
      Feeding feeding = new Feeding(dataset, descriptor, context.clock(), progress);
      if (watch != null) {
        return watch(feeding, dataset, descriptor, progress);
      }
      List<Path> paths =
          files.stream().map(file -> context.folder().resolve(file).normalize()).toList();
      return feed(feeding, dataset, paths, progress);
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

  private int feed(
      Feeding feeding, RegisteredDataset dataset, List<Path> paths, FeedingProgress progress) {
    Problems problems = new Problems();
    Optional<FeedReport> fed = feeding.feed(paths, new RegistryUser(context).name(), dry, problems);
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

  /** A feed a file, so that one that is wrong is in nobody's way. Ends by being stopped. */
  private int watch(
      Feeding feeding,
      RegisteredDataset dataset,
      DatasetSpec descriptor,
      FeedingProgress progress) {
    Path folder = context.folder().resolve(watch).normalize();
    WatchedFolder watched =
        new WatchedFolder(
            folder, Optional.ofNullable(marker), file -> DatasetFiles.isOneOf(descriptor, file));
    List<Path> files = watched.look();
    context.terminal().err().printf("zone: watching %s for %s%n", folder, dataset.name());
    while (true) {
      for (Path file : files) {
        try {
          int unused = feed(feeding, dataset, List.of(file), progress);
        } catch (InvalidInputException e) {
          e.problems().forEach(problem -> context.terminal().err().println("zone: " + problem));
        } catch (ZoneException e) {
          if (Thread.currentThread().isInterrupted()) {
            return ErrorKind.CANCELLED.exitCode();
          }
          if (e.kind() != ErrorKind.ENVIRONMENT) {
            throw e;
          }
          // A storage that is away for a while: the file is tried again.
          context.terminal().err().println("zone: " + e.getMessage());
          watched.forget(file);
        }
      }
      try {
        Thread.sleep((long) (every * MILLIS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return ErrorKind.CANCELLED.exitCode();
      }
      files = watched.look();
    }
  }
}
