package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.registry.FedFile;
import dev.zone.datasets.registry.Feed;
import dev.zone.datasets.registry.FeedReport;
import dev.zone.datasets.registry.RegisteredDataset;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;

/** What a feed came to, in a screen. */
final class FeedText {
  private static final int MOST_REASONS = 5;

  private FeedText() {}

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
    json.add("findings", Findings.json(report.findings()));
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
    for (Finding finding : report.findings()) {
      out.println(Findings.line(finding));
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
      case REFUSED_BEFORE ->
          "Nothing was taken: the feed %s refused the same content (zone dataset feed %s FILE tries it again)"
              .formatted(report.id().orElse(""), dataset.name());
      case REFUSED ->
          String.format(
              Locale.ROOT,
              "Nothing was taken: %s of %s rows are wrong (expected at most the share that the descriptor's feed.rejectedShare allows)",
              Amounts.count(report.rejected()),
              Amounts.count(report.rows() + report.rejected()));
    };
  }
}
