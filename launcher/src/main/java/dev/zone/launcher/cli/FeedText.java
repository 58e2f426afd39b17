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
import java.util.List;
import java.util.Map;

/** What a feed came to, in a screen. */
final class FeedText {
  private static final int MOST_REASONS = 5;
  private static final int MOST_FILES = 20;

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
    json.addProperty("kept", report.kept());
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
    printFiles(out, report);
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
    if (report.kept() < report.rejected()) {
      out.printf(
          "Of the rows that were set aside %s are kept with their reasons: the first of each file%n",
          Amounts.count(report.kept()));
    }
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

  private static void printFiles(PrintStream out, FeedReport report) {
    List<FedFile> files = report.files();
    for (FedFile file : first(files)) {
      out.printf(
          "%s: %s rows, %s set aside%n",
          file.name(), Amounts.count(file.rows()), Amounts.count(file.rejected()));
    }
    List<FedFile> others = files.subList(first(files).size(), files.size());
    if (!others.isEmpty()) {
      out.printf(
          "and %s more files: %s rows, %s set aside%n",
          Amounts.count(others.size()),
          Amounts.count(others.stream().mapToLong(FedFile::rows).sum()),
          Amounts.count(others.stream().mapToLong(FedFile::rejected).sum()));
    }
    List<String> skipped = report.skipped();
    first(skipped).forEach(name -> out.println(name + ": fed before"));
    if (skipped.size() > MOST_FILES) {
      out.printf("and %s more files: fed before%n", Amounts.count(skipped.size() - MOST_FILES));
    }
  }

  private static <T> List<T> first(List<T> all) {
    return all.subList(0, Math.min(MOST_FILES, all.size()));
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
      case REFUSED -> "Nothing was taken: " + whyRefused(report);
    };
  }

  private static String whyRefused(FeedReport report) {
    String wrong = Amounts.count(report.rejected());
    if (report.rows() > 0) {
      return "%s of %s rows are wrong (expected at most the share that the descriptor's feed.rejectedShare allows)"
          .formatted(wrong, Amounts.count(report.rows() + report.rejected()));
    }
    return report.rejected() == 0
        ? "there are no rows (expected some)"
        : "all %s rows are wrong (expected at least one that is right)".formatted(wrong);
  }
}
