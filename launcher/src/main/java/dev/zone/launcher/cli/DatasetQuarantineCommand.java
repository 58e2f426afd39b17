package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.registry.Quarantine;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.storage.Storage;
import dev.zone.launcher.runs.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
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
      Quarantine quarantine = new Quarantine(new Registry(storage).open(RegistryOption.name(name)));
      List<String> feeds = feed == null ? quarantine.feeds() : List.of(feed);
      List<JsonObject> lines = new ArrayList<>();
      for (String id : feeds) {
        quarantine.read(
            id,
            line -> {
              line.addProperty("feed", id);
              lines.add(line);
            });
      }
      if (export != null) {
        export(lines);
      } else if (output.isJson()) {
        JsonArray rows = new JsonArray();
        lines.stream().filter(line -> line.has("reasons")).forEach(rows::add);
        JsonObject json = new JsonObject();
        json.add("rows", rows);
        context.terminal().out().println(json);
      } else {
        print(lines.stream().filter(line -> line.has("reasons")).toList());
      }
      return 0;
    }
  }

  private void print(List<JsonObject> rows) {
    PrintStream out = context.terminal().out();
    if (rows.isEmpty()) {
      out.println("No rows were set aside.");
      return;
    }
    String shown = "";
    for (JsonObject row : rows.subList(0, Math.min(MOST_SHOWN, rows.size()))) {
      String id = Json.text(row, "feed");
      if (!id.equals(shown)) {
        out.println("feed " + id);
        shown = id;
      }
      out.println("  " + Json.text(row, "where"));
      if (row.get("reasons") instanceof JsonArray reasons) {
        for (JsonElement reason : reasons) {
          out.println("    " + reason.getAsString());
        }
      }
    }
    if (rows.size() > MOST_SHOWN) {
      out.printf("and %s more; -o json has all%n", Amounts.count(rows.size() - MOST_SHOWN));
    }
  }

  private void export(List<JsonObject> lines) throws IOException {
    Set<String> headers = new LinkedHashSet<>();
    List<String> texts = new ArrayList<>();
    for (JsonObject line : lines) {
      if (line.has("header")) {
        headers.add(Json.text(line, "header"));
      } else if (line.has("text")) {
        texts.add(Json.text(line, "text"));
      } else {
        throw ZoneException.user(
            "Cannot export %s: it is no row of text (expected delimited text; -o json tells file, row and reasons of all)"
                .formatted(Json.text(line, "where")));
      }
    }
    if (headers.size() > 1) {
      throw ZoneException.user(
          "Cannot export rows of files with different headers: %s (expected one feed's: --feed ID)"
              .formatted(String.join("; ", headers)));
    }
    List<String> all = new ArrayList<>(headers);
    all.addAll(texts);
    Path file = context.folder().resolve(export);
    try {
      Files.write(file, all, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw ZoneException.user(
          "Cannot write %s: it is there (expected a place that is free)".formatted(export));
    }
    context
        .terminal()
        .err()
        .printf(
            "zone: %s rows are in %s; mend them and feed it: zone dataset feed %s %s%n",
            Amounts.count(texts.size()), export, name, export);
  }
}
