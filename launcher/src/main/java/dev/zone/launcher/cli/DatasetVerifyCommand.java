package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.DatasetName;
import dev.zone.conf.error.ErrorKind;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.registry.Version;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Compares every byte of a version with its digests. */
@Command(name = "verify", description = "Compares every byte of a version with its digests.")
final class DatasetVerifyCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "NAME[@N]", description = "The dataset's newest version, or this one.")
  private String name;

  @Mixin private RegistryOption registry = new RegistryOption();
  @Mixin private OutputOptions output = new OutputOptions();

  DatasetVerifyCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    DatasetName named = RegistryOption.name(name);
    try (Storage storage = registry.place(context).open()) {
      RegisteredDataset dataset = new Registry(storage).open(named);
      Version version = dataset.named(named).orElseGet(() -> dataset.version(1));
      List<String> wrong = dataset.verify(version);
      wrong.forEach(line -> context.terminal().err().println("zone: " + line));
      if (output.isJson()) {
        JsonObject json = new JsonObject();
        json.addProperty("dataset", dataset.name() + "@" + version.number());
        json.addProperty("digest", version.digest());
        JsonArray problems = new JsonArray();
        wrong.forEach(problems::add);
        json.add("problems", problems);
        context.terminal().out().println(json);
      } else if (wrong.isEmpty()) {
        context
            .terminal()
            .out()
            .printf(
                "%s@%d is whole: %s rows, %s, digest %s%n",
                dataset.name(),
                version.number(),
                Amounts.count(version.rows()),
                Amounts.bytes(version.bytes()),
                version.digest());
      }
      return wrong.isEmpty() ? 0 : ErrorKind.ENVIRONMENT.exitCode();
    }
  }
}
