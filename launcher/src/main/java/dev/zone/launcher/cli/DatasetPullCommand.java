package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.ColumnSpec;
import dev.zone.conf.DatasetName;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec.BesideSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.download.Downloader;
import dev.zone.datasets.download.Fetched;
import dev.zone.datasets.download.Wanted;
import dev.zone.datasets.format.DatasetFiles;
import dev.zone.datasets.registry.FedFile;
import dev.zone.datasets.registry.Feed;
import dev.zone.datasets.registry.FeedReport;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.registry.Feeding;
import dev.zone.datasets.registry.Grants.Right;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.storage.Storage;
import dev.zone.launcher.plan.CacheFolder;
import dev.zone.launcher.plan.Descriptors;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Downloads a dataset's files from their official addresses, and feeds them. */
@Command(
    name = "pull",
    description =
        "Downloads a dataset's files from the addresses that its descriptor states, and feeds"
            + " them. What is there is not fetched again; what broke goes on where it was.")
final class DatasetPullCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(
      paramLabel = "NAME",
      description = "The dataset, of the registry; else a shipped one, which is made there.")
  private String name;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Only downloads into this folder, for --data NAME=DIR.")
  private String to;

  @Mixin private RegistryOption registry = new RegistryOption();
  @Mixin private OutputOptions output = new OutputOptions();

  DatasetPullCommand(Context context) {
    this.context = context;
  }

  /**
   * What is pulled.
   *
   * @param registered empty if the registry does not have it yet
   * @param text the descriptor's, to make it of
   */
  private record Pulled(DatasetSpec spec, String text, Optional<RegisteredDataset> registered) {
    Optional<Feed> feedOf(Wanted file) {
      return registered
          .flatMap(RegisteredDataset::newest)
          .flatMap(version -> digest(file).flatMap(version::feedOf));
    }

    /** What the registry knows its content by: its own, or with the files that it is fed with. */
    private Optional<String> digest(Wanted file) {
      List<FileSpec> with =
          spec.source().files().stream()
              .filter(entry -> !entry.beside().isEmpty())
              .filter(
                  entry ->
                      entry.path().equals(file.path())
                          || entry.beside().stream()
                              .anyMatch(one -> one.path().equals(file.path())))
              .toList();
      if (with.isEmpty()) {
        return file.sha256();
      }
      List<Optional<String>> beside =
          with.get(0).beside().stream().map(BesideSpec::sha256).toList();
      return with.size() == 1 && beside.stream().allMatch(Optional::isPresent)
          ? with.get(0)
              .sha256()
              .map(own -> FedFile.together(own, beside.stream().flatMap(Optional::stream).toList()))
          : Optional.empty();
    }
  }

  @Override
  public Integer call() throws IOException {
    DatasetName named = RegistryOption.name(name);
    if (named.version().isPresent()) {
      throw ZoneException.user(
          "Cannot pull %s: a version is of what was fed (expected a dataset: %s)"
              .formatted(named, named.path()));
    }
    try (Storage storage = registry.place(context).open()) {
      Registry datasets = new Registry(storage);
      Pulled pulled = find(named, datasets);
      if (to == null) {
        pulled
            .registered()
            .ifPresent(dataset -> new RegistryUser(context).require(dataset, Right.FEED));
      }
      List<Wanted> wanted = wanted(pulled);
      if (to != null) {
        Path folder = context.folder().resolve(to).normalize();
        List<Fetched> fetched = fetch(wanted, folder);
        sayWhereTheyAre(pulled.spec(), folder, fetched);
        return 0;
      }
      Map<Boolean, List<Wanted>> byFed =
          wanted.stream()
              .collect(Collectors.partitioningBy(file -> pulled.feedOf(file).isPresent()));
      Path folder = downloads(named);
      List<Fetched> fetched = fetch(byFed.get(false), folder);
      RegisteredDataset dataset = pulled.registered().orElseGet(() -> create(pulled, datasets));
      FeedReport report = feed(dataset, fetched, byFed.get(true), pulled);
      if (output.isJson()) {
        JsonObject json = FeedText.json(dataset, report);
        context.terminal().out().println(with(json, folder, fetched));
      } else {
        FeedText.print(context.terminal(), dataset, report);
      }
      return report.outcome() == Outcome.REFUSED ? ErrorKind.USER.exitCode() : 0;
    }
  }

  private Pulled find(DatasetName named, Registry datasets) {
    if (datasets.has(named)) {
      RegisteredDataset registered = datasets.open(named);
      return new Pulled(registered.spec(), registered.descriptor(), Optional.of(registered));
    }
    Problems problems = new Problems();
    Optional<Path> shipped =
        new Descriptors(context.folder(), context.distribution().get().roots())
            .find(named, "", problems);
    problems.throwIfAny();
    DatasetCreateCommand.Checked checked = DatasetCreateCommand.read(shipped.orElseThrow());
    if (!checked.spec().name().path().equals(named.path())) {
      throw ZoneException.user(
          "Cannot use the descriptor %s: its name is %s (expected %s, as its file is named)"
              .formatted(shipped.get(), checked.spec().name(), named.path()));
    }
    return new Pulled(checked.spec(), checked.text(), Optional.empty());
  }

  /** The files, once it is sure that they can be had, and can be fed. */
  private List<Wanted> wanted(Pulled pulled) {
    DatasetSpec spec = pulled.spec();
    Problems problems = new Problems();
    List<Wanted> wanted = Wanted.of(spec, problems);
    problems.throwIfAny();
    if (to == null) {
      Feeding.requireFeedable(spec, problems);
      List<String> companions = new ArrayList<>(DatasetFiles.companions(spec));
      for (Wanted file : wanted) {
        String last = file.path().substring(file.path().lastIndexOf('/') + 1);
        if (!companions.remove(file.path()) && DatasetFiles.entriesOf(spec, last).isEmpty()) {
          problems.add(
              file.path(),
              "Cannot feed the file: several of the descriptor's files are named so (expected different names)");
        }
      }
      if (!companions.isEmpty()) {
        problems.add(
            "",
            "Cannot feed %s without %s, which has no url (expected the files that belong together in one feed)"
                .formatted(spec.name(), String.join(", ", companions)));
      }
      if (!problems.isEmpty()) {
        context
            .terminal()
            .err()
            .printf("zone: only download it with: zone dataset pull %s --to DIR%n", spec.name());
      }
      problems.throwIfAny();
    }
    return wanted;
  }

  private Path downloads(DatasetName named) {
    return CacheFolder.of(context.environment())
        .map(
            cache ->
                context
                    .folder()
                    .resolve(cache)
                    .resolve("downloads")
                    .resolve(named.domain())
                    .resolve(named.name()))
        .orElseThrow(
            () ->
                ZoneException.user(
                    "Cannot tell where to download to: the environment names no home (expected ZONE_CACHE=DIR)"));
  }

  private List<Fetched> fetch(List<Wanted> wanted, Path folder) {
    List<Fetched> fetched = new ArrayList<>();
    Downloader downloader = new Downloader();
    try (PullProgress progress = new PullProgress(context.terminal())) {
      for (Wanted file : wanted) {
        Fetched one = downloader.fetch(file, folder, progress);
        progress.close();
        fetched.add(one);
        if (!output.isJson()) {
          context
              .terminal()
              .out()
              .printf(
                  "%s: %s, SHA-256 %s%s%n",
                  file.path(),
                  Amounts.bytes(one.bytes()),
                  one.sha256(),
                  one.isNew() ? "" : ", was there");
        }
      }
    }
    return fetched;
  }

  private RegisteredDataset create(Pulled pulled, Registry datasets) {
    DatasetName named = pulled.spec().name();
    try {
      RegistryUser user = new RegistryUser(context);
      return datasets.create(
          named, pulled.text(), user.name(), user.tenant(), context.clock().instant());
    } catch (ZoneException e) {
      if (!e.kind().equals(ErrorKind.USER)) {
        throw e;
      }
      // Another pull made it meanwhile.
      return datasets.open(named);
    }
  }

  /**
   * @param before files that were fed before, and so not fetched
   */
  private FeedReport feed(
      RegisteredDataset dataset, List<Fetched> fetched, List<Wanted> before, Pulled pulled) {
    List<String> skipped = new ArrayList<>(before.stream().map(Wanted::path).toList());
    if (fetched.isEmpty()) {
      return new FeedReport(
          Outcome.FED_BEFORE,
          Optional.empty(),
          pulled.feedOf(before.get(0)),
          List.of(),
          skipped,
          Map.of(),
          List.of());
    }
    Problems problems = new Problems();
    Optional<FeedReport> fed =
        new Feeding(dataset, dataset.spec(), context.clock())
            .forTenant(new RegistryUser(context).tenant())
            .feed(
                fetched.stream().map(Fetched::file).toList(),
                new RegistryUser(context).name(),
                false,
                problems);
    problems.throwIfAny();
    FeedReport report = fed.orElseThrow();
    skipped.addAll(report.skipped());
    return new FeedReport(
        report.outcome(),
        report.id(),
        report.feed(),
        report.files(),
        skipped,
        report.reasons(),
        report.findings());
  }

  private void sayWhereTheyAre(DatasetSpec spec, Path folder, List<Fetched> fetched) {
    PrintStream err = context.terminal().err();
    if (output.isJson()) {
      JsonObject json = new JsonObject();
      json.addProperty("dataset", spec.name().toString());
      context.terminal().out().println(with(json, folder, fetched));
    }
    List<String> ends =
        spec.columns().values().stream()
            .flatMap(column -> column.remainingLife().stream())
            .map(ColumnSpec.RemainingLife::atEnd)
            .flatMap(atEnd -> atEnd.values().stream())
            .distinct()
            .filter(file -> !Files.exists(folder.resolve(file)))
            .toList();
    if (!ends.isEmpty()) {
      err.printf(
          "zone: %s must lie beside them, and has no url%s%n",
          String.join(", ", ends),
          spec.address().map(address -> "; the dataset is to be had at " + address).orElse(""));
    }
    err.printf("zone: train on them with: zone run JOB --data %s=%s%n", spec.name(), to);
  }

  private static JsonObject with(JsonObject json, Path folder, List<Fetched> fetched) {
    json.addProperty("dir", folder.toString());
    JsonArray downloads = new JsonArray();
    for (Fetched file : fetched) {
      JsonObject one = new JsonObject();
      one.addProperty("path", file.wanted().path());
      one.addProperty("url", file.wanted().url());
      one.addProperty("bytes", file.bytes());
      one.addProperty("sha256", file.sha256());
      one.addProperty("fetched", file.isNew());
      downloads.add(one);
    }
    json.add("downloads", downloads);
    return json;
  }
}
