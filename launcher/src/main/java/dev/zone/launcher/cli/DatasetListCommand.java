package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.DatasetName;
import dev.zone.conf.error.ZoneException;
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

  /**
   * @param damage why nothing more is known of it; empty if all is well
   */
  private record Listed(
      DatasetName name, Optional<String> owner, Optional<Version> newest, Optional<String> damage) {
    /** One that cannot be read keeps nobody from the others. */
    static Listed of(Registry all, DatasetName name) {
      try {
        if (!all.has(name)) {
          return damaged(name, "it has no dataset.yaml");
        }
        RegisteredDataset dataset = all.open(name);
        return new Listed(name, dataset.owner(), dataset.newest(), Optional.empty());
      } catch (ZoneException e) {
        return damaged(name, e.getMessage());
      }
    }

    private static Listed damaged(DatasetName name, String why) {
      return new Listed(name, Optional.empty(), Optional.empty(), Optional.of(why));
    }
  }

  @Override
  public Integer call() throws IOException {
    try (Storage storage = registry.place(context).open()) {
      Registry all = new Registry(storage);
      List<Listed> listed = new ArrayList<>();
      for (DatasetName name : all.names()) {
        if (domain == null || name.domain().equals(domain.name().toLowerCase(Locale.ROOT))) {
          listed.add(Listed.of(all, name));
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
      dataset.addProperty("dataset", one.name().toString());
      one.damage().ifPresent(why -> dataset.addProperty("damaged", why));
      one.owner().ifPresent(owner -> dataset.addProperty("owner", owner));
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
            listed.stream().mapToInt(one -> one.name().toString().length()).max().orElse(0));
    String row = "%-" + widest + "s  %7s  %12s  %8s  %-12s  %s%n";
    out.printf(row, "DATASET", "VERSION", "ROWS", "SIZE", "OWNER", "LAST FEED");
    for (Listed one : listed) {
      if (one.damage().isPresent()) {
        out.printf("%-" + widest + "s  damaged: %s%n", one.name(), one.damage().get());
        continue;
      }
      Optional<Version> version = one.newest();
      out.printf(
          row,
          one.name(),
          version.map(newest -> Integer.toString(newest.number())).orElse("-"),
          version.map(newest -> Amounts.count(newest.rows())).orElse("-"),
          version.map(newest -> Amounts.bytes(newest.bytes())).orElse("-"),
          one.owner().orElse("-"),
          version.map(newest -> newest.feed().time()).orElse("-"));
    }
  }
}
