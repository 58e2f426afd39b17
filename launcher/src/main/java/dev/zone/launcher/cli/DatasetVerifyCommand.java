package dev.zone.launcher.cli;

import static java.util.stream.Collectors.joining;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.DatasetName;
import dev.zone.conf.error.ErrorKind;
import dev.zone.datasets.registry.FedFile;
import dev.zone.datasets.registry.Grants.Right;
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
  private static final int MOST_NAMES = 5;

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
      new RegistryUser(context).require(dataset, Right.READ);
      Version version = dataset.named(named).orElseGet(() -> dataset.version(1));
      List<String> wrong = dataset.verify(version);
      wrong.forEach(line -> context.terminal().err().println("zone: " + line));
      if (!wrong.isEmpty()) {
        context.terminal().err().println("zone: " + next(dataset, version));
      }
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

  /** What helps. */
  private static String next(RegisteredDataset dataset, Version version) {
    List<String> fed =
        version.feeds().stream()
            .flatMap(feed -> feed.files().stream())
            .map(FedFile::name)
            .distinct()
            .toList();
    String named = fed.stream().limit(MOST_NAMES).collect(joining(", "));
    return "put these files back as they were written, from a copy of %s; without one feed %s again, to another registry (--registry)"
        .formatted(
            dataset.folder().place(""),
            fed.size() > MOST_NAMES
                ? "%s and %d more".formatted(named, fed.size() - MOST_NAMES)
                : named);
  }
}
