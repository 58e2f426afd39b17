package dev.zone.launcher.cli;

import com.google.gson.JsonObject;
import dev.zone.conf.DatasetName;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.profile.ColumnProfile;
import dev.zone.datasets.profile.Drift;
import dev.zone.datasets.profile.Drift.ColumnDrift;
import dev.zone.datasets.profile.Drift.Verdict;
import dev.zone.datasets.profile.Profile;
import dev.zone.datasets.registry.Grants.Right;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.registry.Version;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says what changed from one version to another. */
@Command(
    name = "diff",
    description =
        "Says what changed from one version to another: rows, classes, and how far the values of"
            + " each column moved.")
final class DatasetDiffCommand implements Callable<Integer> {
  private static final int MOST_SHOWN = 40;

  private final Context context;

  @Parameters(index = "0", paramLabel = "NAME@A", description = "A version.")
  private String first;

  @Parameters(index = "1", paramLabel = "NAME@B", description = "Another of the same dataset.")
  private String second;

  @Mixin private RegistryOption registry = new RegistryOption();
  @Mixin private OutputOptions output = new OutputOptions();

  DatasetDiffCommand(Context context) {
    this.context = context;
  }

  /** A version and what its rows are like. */
  private record Side(Version version, Profile profile) {}

  @Override
  public Integer call() throws IOException {
    DatasetName from = RegistryOption.name(first);
    DatasetName to = RegistryOption.name(second);
    if (!from.path().equals(to.path())) {
      throw ZoneException.user(
          "Cannot compare %s with %s: they are different datasets (expected two versions of one)"
              .formatted(first, second));
    }
    try (Storage storage = registry.place(context).open()) {
      RegisteredDataset dataset = new Registry(storage).open(from);
      new RegistryUser(context).require(dataset, Right.READ);
      Side before = side(dataset, from);
      Side after = side(dataset, to);
      Map<String, ColumnDrift> drifts = Drift.between(before.profile(), after.profile());
      if (output.isJson()) {
        context.terminal().out().println(json(dataset, before, after, drifts));
      } else {
        print(dataset, before, after, drifts);
      }
      return 0;
    }
  }

  private static Side side(RegisteredDataset dataset, DatasetName named) {
    Version version = dataset.named(named).orElseGet(() -> dataset.version(1));
    return new Side(
        version,
        dataset
            .profiles()
            .of(version)
            .orElseThrow(
                () ->
                    ZoneException.environment(
                        "Cannot compare %s@%d: what its rows are like was not written down (expected a version that zone dataset feed made)"
                            .formatted(dataset.name(), version.number()),
                        null)));
  }

  private static Verdict verdict(Map<String, ColumnDrift> drifts) {
    return drifts.values().stream()
        .map(ColumnDrift::verdict)
        .max(Comparator.naturalOrder())
        .orElse(Verdict.SAME);
  }

  private static String word(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  private void print(
      RegisteredDataset dataset, Side before, Side after, Map<String, ColumnDrift> drifts) {
    PrintStream out = context.terminal().out();
    out.printf(
        "%s@%d to @%d%n", dataset.name(), before.version().number(), after.version().number());
    long more = after.version().rows() - before.version().rows();
    out.printf(
        "  rows  %s to %s (%s%s)%n",
        Amounts.count(before.version().rows()),
        Amounts.count(after.version().rows()),
        more < 0 ? "" : "+",
        Amounts.count(more));
    after
        .profile()
        .columns()
        .forEach(
            (name, column) -> {
              ColumnProfile was = before.profile().columns().get(name);
              if (was != null && column.kind() == ColumnProfile.Kind.TEXT) {
                printClasses(out, name, was, column);
              }
            });
    out.printf("%n%-28s  %8s  %8s  %9s  %s%n", "COLUMN", "PSI", "KS", "MISSING", "VERDICT");
    List<Map.Entry<String, ColumnDrift>> sorted =
        drifts.entrySet().stream()
            .sorted(Comparator.comparingDouble(each -> -each.getValue().psi()))
            .toList();
    for (Map.Entry<String, ColumnDrift> each :
        sorted.subList(0, Math.min(MOST_SHOWN, sorted.size()))) {
      ColumnDrift drift = each.getValue();
      out.printf(
          Locale.ROOT,
          "%-28s  %8.4f  %8s  %+8.1f%%  %s%n",
          each.getKey(),
          drift.psi(),
          drift.ks().map(ks -> String.format(Locale.ROOT, "%.4f", ks)).orElse("-"),
          100 * drift.missing(),
          word(drift.verdict()));
    }
    if (sorted.size() > MOST_SHOWN) {
      out.printf("and %d more that moved less%n", sorted.size() - MOST_SHOWN);
    }
    out.printf("%n%s%n", said(verdict(drifts)));
  }

  private static String said(Verdict verdict) {
    return switch (verdict) {
      case SAME -> "The values are as they were.";
      case MOVED -> "Values moved: look whether models trained on the first still hold.";
      case FAR -> "Values moved far: models trained on the first may not hold.";
    };
  }

  private static void printClasses(
      PrintStream out, String name, ColumnProfile before, ColumnProfile after) {
    TreeSet<String> texts = new TreeSet<>(before.texts().keySet());
    texts.addAll(after.texts().keySet());
    if (texts.isEmpty() || texts.size() > MOST_SHOWN) {
      return;
    }
    out.printf("  %s%n", name);
    for (String text : texts) {
      out.printf(
          "    %-24s %s to %s%n",
          text,
          Amounts.count(before.texts().getOrDefault(text, 0L)),
          Amounts.count(after.texts().getOrDefault(text, 0L)));
    }
  }

  private static JsonObject json(
      RegisteredDataset dataset, Side before, Side after, Map<String, ColumnDrift> drifts) {
    JsonObject json = new JsonObject();
    json.addProperty("dataset", dataset.name().toString());
    json.addProperty("from", before.version().number());
    json.addProperty("to", after.version().number());
    json.addProperty("fromRows", before.version().rows());
    json.addProperty("toRows", after.version().rows());
    JsonObject columns = new JsonObject();
    drifts.forEach(
        (name, drift) -> {
          JsonObject one = new JsonObject();
          one.addProperty("psi", drift.psi());
          drift.ks().ifPresent(ks -> one.addProperty("ks", ks));
          one.addProperty("missing", drift.missing());
          one.addProperty("verdict", word(drift.verdict()));
          columns.add(name, one);
        });
    json.add("columns", columns);
    json.addProperty("verdict", word(verdict(drifts)));
    return json;
  }
}
