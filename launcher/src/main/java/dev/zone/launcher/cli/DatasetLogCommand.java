package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.datasets.registry.DatasetLog.Entry;
import dev.zone.datasets.registry.Grants.Right;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says who made, fed and read a dataset. */
@Command(name = "log", description = "Says who made, fed and read a dataset, and who was let to.")
final class DatasetLogCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "NAME", description = "The dataset.")
  private String name;

  @Mixin private RegistryOption registry = new RegistryOption();
  @Mixin private OutputOptions output = new OutputOptions();

  DatasetLogCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    try (Storage storage = registry.place(context).open()) {
      RegisteredDataset dataset = new Registry(storage).open(RegistryOption.name(name));
      new RegistryUser(context).require(dataset, Right.READ);
      List<Entry> entries = dataset.log().entries();
      if (output.isJson()) {
        context.terminal().out().println(json(dataset, entries));
      } else {
        for (Entry entry : entries) {
          context
              .terminal()
              .out()
              .printf(
                  "%-27s  %-9s  %-6s  %s  %s%n",
                  entry.time(),
                  word(entry),
                  entry.version().map(version -> "@" + version).orElse(""),
                  entry.by() + entry.tenant().map(tenant -> " of " + tenant).orElse(""),
                  entry.what());
        }
      }
      return 0;
    }
  }

  private static JsonObject json(RegisteredDataset dataset, List<Entry> entries) {
    JsonArray all = new JsonArray();
    for (Entry entry : entries) {
      JsonObject one = new JsonObject();
      one.addProperty("time", entry.time());
      one.addProperty("action", word(entry));
      entry.version().ifPresent(version -> one.addProperty("version", version));
      one.addProperty("by", entry.by());
      one.addProperty("what", entry.what());
      entry.tenant().ifPresent(tenant -> one.addProperty("tenant", tenant));
      all.add(one);
    }
    JsonObject json = new JsonObject();
    json.addProperty("dataset", dataset.name().toString());
    json.add("entries", all);
    return json;
  }

  private static String word(Entry entry) {
    return entry.action().name().toLowerCase(Locale.ROOT);
  }
}
