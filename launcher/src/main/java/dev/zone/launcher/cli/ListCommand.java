package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.RunState;
import dev.zone.launcher.cli.RunPlaces.Found;
import dev.zone.launcher.submit.RunObserver.Observed;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists runs, the newest first. */
@Command(name = "list", description = "Lists runs, the newest first.")
final class ListCommand implements Callable<Integer> {
  private static final int MOST = 20;

  private final Context context;
  @Mixin private ZoneOptions zone = new ZoneOptions();
  @Mixin private RunsOption runs = new RunsOption();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(names = "--all", description = "All of them. Default: the 20 newest.")
  private boolean all;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      split = ",",
      description = "Only those in one of these states.")
  private Set<RunState> states = EnumSet.noneOf(RunState.class);

  ListCommand(Context context) {
    this.context = context;
  }

  private record Listed(Found run, Observed observed) {}

  @Override
  public Integer call() {
    try (RunPlaces places = new RunPlaces(context, zone, runs)) {
      List<Found> found = places.all();
      List<Listed> listed = new ArrayList<>();
      for (int i = found.size() - 1; i >= 0 && (all || listed.size() < MOST); i--) {
        Observed observed = places.observe(found.get(i));
        boolean wanted =
            states.isEmpty()
                || observed.entry().map(entry -> states.contains(entry.state())).orElse(false);
        if (wanted) {
          listed.add(new Listed(found.get(i), observed));
        }
      }
      if (output.isJson()) {
        context.terminal().out().println(json(listed));
      } else {
        print(listed);
      }
      return 0;
    }
  }

  private static JsonObject json(List<Listed> listed) {
    JsonArray runs = new JsonArray();
    listed.forEach(one -> runs.add(RunStatus.of(one.run(), one.observed())));
    JsonObject json = new JsonObject();
    json.add("runs", runs);
    return json;
  }

  private void print(List<Listed> listed) {
    PrintStream out = context.terminal().out();
    int widest = listed.stream().mapToInt(one -> one.run().id().length()).max().orElse(3);
    String row = "%-" + widest + "s  %-10s  %-7s  %s%n";
    out.printf(row, "RUN", "STATE", "FOR", "AT");
    for (Listed one : listed) {
      out.printf(
          row,
          one.run().id(),
          one.observed().entry().map(entry -> entry.state().name()).orElse("UNKNOWN"),
          one.observed()
              .entry()
              .flatMap(entry -> RunStatus.age(entry, context.clock().instant()))
              .orElse(""),
          one.run().where());
    }
  }
}
