package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.DatasetName;
import dev.zone.datasets.export.ExportFormat;
import dev.zone.datasets.export.VersionExport;
import dev.zone.datasets.registry.DatasetLog.Action;
import dev.zone.datasets.registry.Grants.Right;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.registry.Version;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a version as files that Python and others read. */
@Command(name = "export", description = "Writes a version as files that Python and others read.")
final class DatasetExportCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(
      index = "0",
      paramLabel = "NAME[@N]",
      description = "The dataset's newest version, or this one.")
  private String name;

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "A folder that is not there, or empty.")
  private String folder;

  @Option(
      names = "--format",
      paramLabel = "parquet|csv|npz",
      description = "What is written; the default is parquet, the version's own files.")
  private ExportFormat format = ExportFormat.PARQUET;

  @Mixin private RegistryOption registry = new RegistryOption();
  @Mixin private OutputOptions output = new OutputOptions();

  DatasetExportCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    DatasetName named = RegistryOption.name(name);
    Path target = context.folder().resolve(folder).normalize();
    try (Storage storage = registry.place(context).open()) {
      RegisteredDataset dataset = new Registry(storage).open(named);
      RegistryUser user = new RegistryUser(context);
      user.require(dataset, Right.READ);
      Version version = dataset.named(named).orElseGet(() -> dataset.version(1));
      List<String> files = new VersionExport(dataset, dataset.spec(), version).to(target, format);
      user.log(
          dataset,
          Action.EXPORTED,
          version.number(),
          "as " + format.name().toLowerCase(Locale.ROOT));
      if (output.isJson()) {
        JsonObject json = new JsonObject();
        json.addProperty("dataset", dataset.name() + "@" + version.number());
        json.addProperty("digest", version.digest());
        json.addProperty("dir", target.toString());
        JsonArray names = new JsonArray();
        files.forEach(names::add);
        json.add("files", names);
        context.terminal().out().println(json);
      } else {
        files.forEach(file -> context.terminal().out().println(target.resolve(file)));
      }
      return 0;
    }
  }
}
