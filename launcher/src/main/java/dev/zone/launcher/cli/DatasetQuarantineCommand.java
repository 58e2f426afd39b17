package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.registry.Grants.Right;
import dev.zone.datasets.registry.Quarantine;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.storage.Storage;
import dev.zone.launcher.runs.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the rows that feeds set aside, and gives them back to be mended. */
@Command(
    name = "quarantine",
    description = "Shows the rows that feeds set aside, and gives them back to be mended.")
final class DatasetQuarantineCommand implements Callable<Integer> {
  private static final int MOST_SHOWN = 50;

  private final Context context;

  @Parameters(paramLabel = "NAME", description = "The dataset.")
  private String name;

  @Option(names = "--feed", paramLabel = "ID", description = "Only those of this feed.")
  private String feed;

  @Option(
      names = "--export",
      paramLabel = "FILE",
      description = "Writes the rows as they were fed, to be mended and fed again.")
  private String export;

  @Mixin private RegistryOption registry = new RegistryOption();
  @Mixin private OutputOptions output = new OutputOptions();

  DatasetQuarantineCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    try (Storage storage = registry.place(context).open()) {
      RegisteredDataset dataset = new Registry(storage).open(RegistryOption.name(name));
      new RegistryUser(context).require(dataset, Right.READ);
      Quarantine quarantine = new Quarantine(dataset);
      List<String> feeds = feed == null ? quarantine.feeds() : List.of(feed);
      if (export != null) {
        export(quarantine, feeds);
      } else if (output.isJson()) {
        printJson(quarantine, feeds);
      } else {
        print(quarantine, feeds);
      }
      return 0;
    }
  }

  /** Row by row: they may be more than memory holds. */
  private static void forEachRow(
      Quarantine quarantine, List<String> feeds, Consumer<JsonObject> taking) {
    for (String id : feeds) {
      quarantine.read(
          id,
          line -> {
            if (line.has("reasons")) {
              line.addProperty("feed", id);
              taking.accept(line);
            }
          });
    }
  }

  private void printJson(Quarantine quarantine, List<String> feeds) {
    PrintStream out = context.terminal().out();
    out.print("{\"rows\":[");
    String[] between = {""};
    forEachRow(
        quarantine,
        feeds,
        row -> {
          out.print(between[0]);
          out.print(row);
          between[0] = ",";
        });
    out.println("]}");
  }

  private void print(Quarantine quarantine, List<String> feeds) {
    PrintStream out = context.terminal().out();
    long[] count = new long[1];
    String[] shown = {""};
    forEachRow(
        quarantine,
        feeds,
        row -> {
          if (count[0]++ < MOST_SHOWN) {
            String id = Json.text(row, "feed");
            if (!id.equals(shown[0])) {
              out.println("feed " + id);
              shown[0] = id;
            }
            out.println("  " + Json.text(row, "where"));
            if (row.get("reasons") instanceof JsonArray reasons) {
              for (JsonElement reason : reasons) {
                out.println("    " + reason.getAsString());
              }
            }
          }
        });
    if (count[0] == 0) {
      out.println("No rows were set aside.");
    } else if (count[0] > MOST_SHOWN) {
      out.printf("and %s more; -o json has all%n", Amounts.count(count[0] - MOST_SHOWN));
    }
  }

  private void export(Quarantine quarantine, List<String> feeds) throws IOException {
    Set<String> headers = new LinkedHashSet<>();
    for (String id : feeds) {
      quarantine.read(
          id,
          line -> {
            if (line.has("header")) {
              headers.add(Json.text(line, "header"));
            } else if (!line.has("text")) {
              throw ZoneException.user(
                  "Cannot export %s: it is no row of text (expected delimited text; -o json tells file, row and reasons of all)"
                      .formatted(Json.text(line, "where")));
            }
          });
    }
    if (headers.size() > 1) {
      throw ZoneException.user(
          "Cannot export rows of files with different headers: %s (expected one feed's: --feed ID)"
              .formatted(String.join("; ", headers)));
    }
    Path file = context.folder().resolve(export);
    if (Files.exists(file)) {
      throw isThere();
    }
    Path begun = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    long[] count = new long[1];
    try (PrintStream out = new PrintStream(begun.toFile(), StandardCharsets.UTF_8)) {
      headers.forEach(header -> out.print(header + "\n"));
      forEachRow(
          quarantine,
          feeds,
          row -> {
            out.print(Json.text(row, "text") + "\n");
            count[0]++;
          });
      if (out.checkError()) {
        throw ZoneException.environment("Cannot write %s".formatted(export), null);
      }
      Files.move(begun, file);
    } catch (FileAlreadyExistsException e) {
      throw isThere();
    } catch (IOException e) {
      throw ZoneException.environment("Cannot write %s: %s".formatted(export, e.getMessage()), e);
    } finally {
      Files.deleteIfExists(begun);
    }
    context
        .terminal()
        .err()
        .printf(
            "zone: %s rows are in %s; mend them and feed it: zone dataset feed %s %s%n",
            Amounts.count(count[0]), export, name, export);
  }

  private ZoneException isThere() {
    return ZoneException.user(
        "Cannot write %s: it is there (expected a place that is free)".formatted(export));
  }
}
