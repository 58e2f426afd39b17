package dev.zone.launcher.cli;

import static java.util.stream.Collectors.joining;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.ColumnSpec;
import dev.zone.conf.DatasetName;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SplitSpec;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.profile.Profile;
import dev.zone.datasets.registry.Feed;
import dev.zone.datasets.registry.Grants.Right;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.registry.Version;
import dev.zone.datasets.registry.VersionFindings;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says what a dataset is and how it came to be. */
@Command(name = "describe", description = "Says what a dataset is and how it came to be.")
final class DatasetDescribeCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "NAME[@N]", description = "The dataset, or one of its versions.")
  private String name;

  @Mixin private RegistryOption registry = new RegistryOption();
  @Mixin private OutputOptions output = new OutputOptions();

  DatasetDescribeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    DatasetName named = RegistryOption.name(name);
    try (Storage storage = registry.place(context).open()) {
      RegisteredDataset dataset = new Registry(storage).open(named);
      new RegistryUser(context).require(dataset, Right.READ);
      Optional<Version> version = dataset.named(named);
      DatasetSpec spec = dataset.spec();
      Optional<Profile> profile = version.flatMap(dataset.profiles()::of);
      List<Finding> findings =
          version.map(one -> VersionFindings.of(dataset, spec, one)).orElse(List.of());
      if (output.isJson()) {
        JsonObject json = json(dataset, spec, version);
        profile.ifPresent(rows -> json.add("statistics", ProfileText.json(rows)));
        json.add("findings", Findings.json(findings));
        context.terminal().out().println(json);
      } else {
        print(dataset, spec, version);
        profile.ifPresent(rows -> ProfileText.print(rows, context.terminal().out()));
        if (!findings.isEmpty()) {
          context.terminal().out().printf("%nFindings%n");
        }
        findings.forEach(
            finding -> context.terminal().out().println("  " + Findings.line(finding)));
      }
      return 0;
    }
  }

  private static JsonObject json(
      RegisteredDataset dataset, DatasetSpec spec, Optional<Version> version) {
    JsonObject json = new JsonObject();
    json.addProperty("dataset", dataset.name().toString());
    json.addProperty("title", spec.title());
    json.addProperty("licence", spec.licence());
    json.addProperty("citation", spec.citation());
    dataset.owner().ifPresent(owner -> json.addProperty("owner", owner));
    json.addProperty("dir", dataset.folder().place(""));
    JsonObject columns = new JsonObject();
    spec.columns()
        .forEach(
            (column, what) -> {
              JsonObject one = new JsonObject();
              one.addProperty("type", word(what.type()));
              one.addProperty("role", word(what.role()));
              what.unit().ifPresent(unit -> one.addProperty("unit", unit));
              columns.add(column, one);
            });
    json.add("columns", columns);
    version.ifPresent(
        one -> {
          json.addProperty("version", one.number());
          json.addProperty("digest", one.digest());
          json.addProperty("rows", one.rows());
          json.addProperty("bytes", one.bytes());
          JsonArray feeds = new JsonArray();
          for (Feed feed : one.feeds()) {
            JsonObject fed = new JsonObject();
            fed.addProperty("id", feed.id());
            fed.addProperty("version", feed.version());
            fed.addProperty("by", feed.by());
            fed.addProperty("time", feed.time());
            fed.addProperty("rows", feed.rows());
            fed.addProperty("rejected", feed.rejected());
            feeds.add(fed);
          }
          json.add("feeds", feeds);
        });
    return json;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private void print(RegisteredDataset dataset, DatasetSpec spec, Optional<Version> version) {
    PrintStream out = context.terminal().out();
    out.printf(
        "%s%s  %s%n",
        dataset.name(), version.map(one -> "@" + one.number()).orElse(", never fed"), spec.title());
    version.ifPresent(
        one -> {
          out.printf(
              "  rows      %s in %s%n", Amounts.count(one.rows()), Amounts.bytes(one.bytes()));
          out.printf("  digest    %s%n", one.digest());
        });
    out.printf("  licence   %s%n", spec.licence());
    out.printf("  citation  %s%n", spec.citation());
    out.printf("  split     %s%n", split(spec.split()));
    spec.address().ifPresent(address -> out.printf("  address   %s%n", address));
    out.printf("  owner     %s%n", dataset.owner().orElse("not known"));
    out.printf("  folder    %s%n", dataset.folder().place(""));
    out.printf("%nColumns%n");
    int widest = spec.columns().keySet().stream().mapToInt(String::length).max().orElse(0);
    spec.columns()
        .forEach(
            (column, what) ->
                out.printf(
                    "  %-" + widest + "s  %-9s  %-10s %s%n",
                    column,
                    word(what.type()),
                    word(what.role()),
                    values(what)));
    version.ifPresent(
        one -> {
          out.printf("%nFeeds%n");
          List<Feed> feeds = one.feeds();
          for (int i = feeds.size() - 1; i >= 0; i--) {
            Feed feed = feeds.get(i);
            out.printf(
                "  @%-4d %s  %s rows, %s set aside, by %s  (%s)%n",
                feed.version(),
                feed.time(),
                Amounts.count(feed.rows()),
                Amounts.count(feed.rejected()),
                feed.by(),
                feed.id());
          }
        });
  }

  /** How rows go to splits, in few words. */
  private static String split(SplitSpec split) {
    List<String> words = new ArrayList<>();
    if (!split.given().isEmpty()) {
      words.add(
          split.given().stream().map(DatasetDescribeCommand::word).collect(joining(", "))
              + " as its files say");
    }
    if (split.validation() > 0) {
      words.add(Amounts.figure(100 * split.validation()) + " % validation");
    }
    if (split.test() > 0) {
      words.add(Amounts.figure(100 * split.test()) + " % test");
    }
    split.group().ifPresent(group -> words.add("by " + group));
    split.time().ifPresent(time -> words.add("the latest by " + time));
    split.stratify().ifPresent(label -> words.add("the same shares of " + label));
    return words.isEmpty() ? "all rows are of training" : String.join(", ", words);
  }

  /** What a column's values may be, in few words. */
  private static String values(ColumnSpec column) {
    if (!column.classes().isEmpty()) {
      return String.join(", ", column.classes().values().stream().distinct().limit(12).toList());
    }
    String range =
        column
            .range()
            .map(
                bounds ->
                    Amounts.figure(bounds.get(0)) + " to " + Amounts.figure(bounds.get(1)) + " ")
            .orElse("");
    return column.shape().map(shape -> shape + " ").orElse("") + range + column.unit().orElse("");
  }
}
