package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.registry.FedFile;
import dev.zone.datasets.registry.Feed;
import dev.zone.datasets.registry.FeedReport;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.registry.Feeding;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.storage.Storage;
import dev.zone.launcher.plan.RegistryPlace;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
  private static final int MOST_REASONS = 5;

  private final Context context;

  @Parameters(index = "0", paramLabel = "NAME", description = "The dataset.")
  private String name;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "FILE", description = "What to feed.")
  private List<String> files = new ArrayList<>();

  @Option(names = "--dry-run", description = "Reads and checks, and writes nothing.")
  private boolean dry;

  @Mixin private RegistryOption registry = new RegistryOption();
  @Mixin private OutputOptions output = new OutputOptions();

  DatasetFeedCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Problems problems = new Problems();
    List<Path> paths =
        files.stream().map(file -> context.folder().resolve(file).normalize()).toList();
    try (Storage storage = registry.place(context).open()) {
      RegisteredDataset dataset = new Registry(storage).open(RegistryOption.name(name));
      Feeding feeding = new Feeding(dataset, RegistryPlace.descriptor(dataset), context.clock());
      Optional<FeedReport> fed =
          feeding.feed(paths, System.getProperty("user.name", ""), dry, problems);
      problems.throwIfAny();
      FeedReport report = fed.orElseThrow();
      if (output.isJson()) {
        context.terminal().out().println(json(dataset, report));
      } else {
        print(context.terminal(), dataset, report);
      }
      return report.outcome() == Outcome.REFUSED ? ErrorKind.USER.exitCode() : 0;
    }
  }

  /** What a feed came to, as JSON. */
  static JsonObject json(RegisteredDataset dataset, FeedReport report) {
    JsonObject json = new JsonObject();
    json.addProperty("dataset", dataset.name().toString());
    json.addProperty("outcome", report.outcome().name());
    report.feed().map(Feed::version).ifPresent(version -> json.addProperty("version", version));
    report.id().ifPresent(id -> json.addProperty("feed", id));
    json.addProperty("rows", report.rows());
    json.addProperty("rejected", report.rejected());
    JsonArray read = new JsonArray();
    report.files().forEach(file -> read.add(file.toJson()));
    json.add("files", read);
    JsonArray skipped = new JsonArray();
    report.skipped().forEach(skipped::add);
    json.add("fedBefore", skipped);
    JsonObject reasons = new JsonObject();
    report.reasons().forEach(reasons::addProperty);
    json.add("reasons", reasons);
    return json;
  }

  /** What a feed came to, for people. */
  static void print(Terminal terminal, RegisteredDataset dataset, FeedReport report) {
    PrintStream out = terminal.out();
    for (FedFile file : report.files()) {
      out.printf(
          "%s: %s rows, %s set aside%n",
          file.name(), Amounts.count(file.rows()), Amounts.count(file.rejected()));
    }
    report.skipped().forEach(skipped -> out.println(skipped + ": fed before"));
    report.reasons().entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(MOST_REASONS)
        .forEach(reason -> out.printf("  %,d: %s%n", reason.getValue(), reason.getKey()));
    if (report.reasons().size() > MOST_REASONS) {
      out.printf("  and %d more reasons%n", report.reasons().size() - MOST_REASONS);
    }
    out.println(summary(dataset, report));
    if (report.rejected() > 0) {
      report
          .id()
          .ifPresent(
              id ->
                  terminal
                      .err()
                      .printf(
                          "zone: see what was set aside with: zone dataset quarantine %s --feed %s%n",
                          dataset.name(), id));
    }
  }

  private static String summary(RegisteredDataset dataset, FeedReport report) {
    String rows = Amounts.count(report.rows()) + " rows";
    return switch (report.outcome()) {
      case COMMITTED ->
          "%s@%d: %s more, %s set aside"
              .formatted(
                  dataset.name(),
                  report.feed().orElseThrow().version(),
                  rows,
                  Amounts.count(report.rejected()));
      case FED_BEFORE ->
          "%s@%d has it all: nothing is new"
              .formatted(dataset.name(), report.feed().orElseThrow().version());
      case TRIED -> "%s would get %s".formatted(dataset.name(), rows);
      case REFUSED ->
          String.format(
              Locale.ROOT,
              "Nothing was taken: %s of %s rows are wrong (expected at most the share that the descriptor's feed.rejectedShare allows)",
              Amounts.count(report.rejected()),
              Amounts.count(report.rows() + report.rejected()));
    };
  }
}
