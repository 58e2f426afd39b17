package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.registry.Grants.Right;
import dev.zone.datasets.registry.Quarantine;
import dev.zone.datasets.registry.Quarantine.SetAside;
import dev.zone.datasets.registry.Quarantine.State;
import dev.zone.datasets.registry.QuarantineExport;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.storage.Storage;
import dev.zone.launcher.runs.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the rows that feeds set aside, and gives them back to be mended. */
@Command(
    name = "quarantine",
    description = {
      "Shows the rows that feeds set aside, and gives them back to be mended.",
      "Of the last feed that set any aside, unless --feed or --all says otherwise. They stay here"
          + " when they were mended and fed."
    })
final class DatasetQuarantineCommand implements Callable<Integer> {
  private static final int MOST_SHOWN = 50;
  private static final int MOST_NAMES = 5;

  private final Context context;

  @Parameters(paramLabel = "NAME", description = "The dataset.")
  private String name;

  @Option(names = "--feed", paramLabel = "ID", description = "Those of this feed.")
  private String feed;

  @Option(names = "--all", description = "Those of all feeds.")
  private boolean all;

  @Option(
      names = "--export",
      paramLabel = "FILE",
      description =
          "Writes rows whose feed took the others, to be mended and fed again. If they come of"
              + " several files, or the descriptor tells files by their names, FILE is a folder"
              + " with a file for each, under its own name.")
  private String export;

  @Mixin private RegistryOption registry = new RegistryOption();
  @Mixin private OutputOptions output = new OutputOptions();

  DatasetQuarantineCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    if (feed != null && all) {
      throw ZoneException.user(
          "Cannot show the feed %s and all feeds (expected one of them)".formatted(feed));
    }
    try (Storage storage = registry.place(context).open()) {
      RegisteredDataset dataset = new Registry(storage).open(RegistryOption.name(name));
      new RegistryUser(context).require(dataset, Right.READ);
      Quarantine quarantine = new Quarantine(dataset);
      List<String> ids =
          feed != null
              ? List.of(feed)
              : all ? quarantine.feeds() : quarantine.newest().stream().toList();
      List<SetAside> feeds = quarantine.states(ids);
      if (export != null) {
        export(dataset, quarantine, feeds);
      } else if (output.isJson()) {
        printJson(quarantine, feeds);
      } else {
        print(quarantine, feeds);
      }
      return 0;
    }
  }

  /** Row by row: they may be more than memory holds. */
  private static void forEachRow(Quarantine quarantine, String feed, Consumer<JsonObject> taking) {
    quarantine.read(
        feed,
        line -> {
          if (line.has("reasons")) {
            line.addProperty("feed", feed);
            taking.accept(line);
          }
        });
  }

  /** By way of a file: what ends early is no object. */
  private void printJson(Quarantine quarantine, List<SetAside> feeds) throws IOException {
    Path begun = Files.createTempFile("zone-quarantine", ".json");
    try {
      try (PrintStream out =
          new PrintStream(
              new BufferedOutputStream(Files.newOutputStream(begun)),
              false,
              StandardCharsets.UTF_8)) {
        JsonArray states = new JsonArray();
        feeds.forEach(each -> states.add(json(each)));
        out.print("{\"feeds\":" + states + ",\"rows\":[");
        String[] between = {""};
        for (SetAside each : feeds) {
          forEachRow(
              quarantine,
              each.feed(),
              row -> {
                out.print(between[0]);
                out.print(row);
                between[0] = ",";
              });
        }
        out.println("]}");
        if (out.checkError()) {
          throw ZoneException.environment("Cannot write %s".formatted(begun), null);
        }
      }
      Files.copy(begun, context.terminal().out());
      context.terminal().out().flush();
    } finally {
      Files.deleteIfExists(begun);
    }
  }

  private static JsonObject json(SetAside feed) {
    JsonObject json = new JsonObject();
    json.addProperty("feed", feed.feed());
    json.addProperty("state", feed.state().name().toLowerCase(Locale.ROOT));
    feed.version().ifPresent(version -> json.addProperty("version", version));
    return json;
  }

  private void print(Quarantine quarantine, List<SetAside> feeds) {
    PrintStream out = context.terminal().out();
    long[] count = new long[1];
    for (SetAside each : feeds) {
      if (count[0] < MOST_SHOWN) {
        out.println("feed " + each.feed() + ": " + inWords(each));
      }
      forEachRow(
          quarantine,
          each.feed(),
          row -> {
            if (count[0]++ < MOST_SHOWN) {
              out.println("  " + Json.text(row, "where"));
              if (row.get("reasons") instanceof JsonArray reasons) {
                for (JsonElement reason : reasons) {
                  out.println("    " + reason.getAsString());
                }
              }
            }
          });
    }
    if (count[0] == 0) {
      out.println("No rows were set aside.");
    } else if (count[0] > MOST_SHOWN) {
      out.printf("and %s more; -o json has all%n", Amounts.count(count[0] - MOST_SHOWN));
    }
    int others = feed == null && !all ? quarantine.feeds().size() - feeds.size() : 0;
    if (others > 0) {
      context
          .terminal()
          .err()
          .printf("zone: %d earlier feeds set rows aside too: --all shows them%n", others);
    }
  }

  private static String inWords(SetAside feed) {
    return switch (feed.state()) {
      case COMMITTED -> "its other rows are in @" + feed.version().getAsInt();
      case REFUSED ->
          "refused, nothing of it was taken; mend the files themselves and feed them again";
      case UNFINISHED -> "not finished, nothing of it was taken; feed the files again";
    };
  }

  private void export(RegisteredDataset dataset, Quarantine quarantine, List<SetAside> feeds) {
    List<SetAside> taken = feeds.stream().filter(each -> each.state() == State.COMMITTED).toList();
    if (taken.isEmpty()) {
      throw nothingTaken(quarantine, feeds);
    }
    Path file = context.folder().resolve(export).normalize();
    QuarantineExport.Written written =
        new QuarantineExport(quarantine, dataset.spec())
            .write(taken.stream().map(SetAside::feed).toList(), file);
    long leftOut = written.leftOut().values().stream().mapToLong(Long::longValue).sum();
    if (output.isJson()) {
      JsonObject json = new JsonObject();
      JsonArray files = new JsonArray();
      written.files().forEach(each -> files.add(each.toString()));
      json.add("files", files);
      json.addProperty("rows", written.rows());
      json.addProperty("leftOut", leftOut);
      context.terminal().out().println(json);
    }
    PrintStream err = context.terminal().err();
    if (written.folder()) {
      err.printf(
          "zone: %s rows are in the folder %s, each in a file named as the one it is of; mend them and feed them, once: zone dataset feed %s %s/*%n",
          Amounts.count(written.rows()), export, name, export);
    } else {
      err.printf(
          "zone: %s rows are in %s; mend them and feed it, once: zone dataset feed %s %s%n",
          Amounts.count(written.rows()), export, name, export);
    }
    written
        .leftOut()
        .forEach(
            (why, rows) ->
                err.printf("zone: %s rows were left out: %s%n", Amounts.count(rows), why));
    if (taken.size() < feeds.size()) {
      err.printf(
          "zone: %d feeds were left out: nothing of them was taken; mend their files themselves and feed them again%n",
          feeds.size() - taken.size());
    }
  }

  /** Rows that are right were not taken either: who feeds only the others loses them. */
  private ZoneException nothingTaken(Quarantine quarantine, List<SetAside> feeds) {
    if (feeds.isEmpty()) {
      return ZoneException.user(
          "Cannot export rows of %s: none were set aside (expected a feed that set some aside)"
              .formatted(name));
    }
    Set<String> files = new TreeSet<>();
    for (SetAside each : feeds) {
      forEachRow(
          quarantine,
          each.feed(),
          row -> {
            if (files.size() <= MOST_NAMES) {
              files.add(Json.text(row, "file"));
            }
          });
    }
    String mended =
        files.size() == 1
            ? "%s itself, mended, and fed again".formatted(files.iterator().next())
            : files.size() > MOST_NAMES
                ? "the files themselves, mended, and fed again"
                : "%s themselves, mended, and fed again".formatted(String.join(", ", files));
    return ZoneException.user(
        "Cannot export the wrong rows alone: nothing was taken of %s (expected %s, or a feed that was taken: --feed ID)"
            .formatted(
                feeds.size() == 1 ? "the feed " + feeds.get(0).feed() : "these feeds", mended));
  }
}
