package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.DatasetName;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.registry.Version;
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
import picocli.CommandLine.Option;

/** Lists the datasets of a registry. */
@Command(name = "list", description = "Lists the datasets of a registry.")
final class DatasetListCommand implements Callable<Integer> {
  private final Context context;

  @Option(
      names = "--domain",
      paramLabel = "chip|manufacturing|vehicle",
      description = "Only those of this domain.")
  private Domain domain;

  @Mixin private RegistryOption registry = new RegistryOption();
  @Mixin private OutputOptions output = new OutputOptions();

  enum Domain {
    CHIP,
    MANUFACTURING,
    VEHICLE
  }

  DatasetListCommand(Context context) {
    this.context = context;
  }

  private record Listed(RegisteredDataset dataset, Optional<Version> newest) {}

  @Override
  public Integer call() throws IOException {
    try (Storage storage = registry.place(context).open()) {
      Registry all = new Registry(storage);
      List<Listed> listed = new ArrayList<>();
      for (DatasetName name : all.names()) {
        if (domain == null || name.domain().equals(domain.name().toLowerCase(Locale.ROOT))) {
          RegisteredDataset dataset = all.open(name);
          listed.add(new Listed(dataset, dataset.newest()));
        }
      }
      if (output.isJson()) {
        context.terminal().out().println(json(listed));
      } else if (listed.isEmpty()) {
        context
            .terminal()
            .err()
            .printf("zone: no datasets at %s; zone dataset create makes one%n", storage.place(""));
      } else {
        print(listed);
      }
      return 0;
    }
  }

  private static JsonObject json(List<Listed> listed) {
    JsonArray datasets = new JsonArray();
    for (Listed one : listed) {
      JsonObject dataset = new JsonObject();
      dataset.addProperty("dataset", one.dataset().name().toString());
      one.dataset().owner().ifPresent(owner -> dataset.addProperty("owner", owner));
      one.newest()
          .ifPresent(
              version -> {
                dataset.addProperty("version", version.number());
                dataset.addProperty("rows", version.rows());
                dataset.addProperty("bytes", version.bytes());
                dataset.addProperty("digest", version.digest());
                dataset.addProperty("fed", version.feed().time());
              });
      datasets.add(dataset);
    }
    JsonObject json = new JsonObject();
    json.add("datasets", datasets);
    return json;
  }

  private void print(List<Listed> listed) {
    PrintStream out = context.terminal().out();
    int widest =
        Math.max(
            "DATASET".length(),
            listed.stream()
                .mapToInt(one -> one.dataset().name().toString().length())
                .max()
                .orElse(0));
    String row = "%-" + widest + "s  %7s  %12s  %8s  %-12s  %s%n";
    out.printf(row, "DATASET", "VERSION", "ROWS", "SIZE", "OWNER", "LAST FEED");
    for (Listed one : listed) {
      Optional<Version> version = one.newest();
      out.printf(
          row,
          one.dataset().name(),
          version.map(newest -> Integer.toString(newest.number())).orElse("-"),
          version.map(newest -> Amounts.count(newest.rows())).orElse("-"),
          version.map(newest -> Amounts.bytes(newest.bytes())).orElse("-"),
          one.dataset().owner().orElse("-"),
          version.map(newest -> newest.feed().time()).orElse("-"));
    }
  }
}
