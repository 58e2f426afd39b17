package dev.zone.bench;

import dev.zone.bench.Watched.Trace;
import dev.zone.bench.contest.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * From the command to the end of the first step, data prepared before, by the command of the clone,
 * as it is built for a user.
 */
final class Startup implements Measurement {
  private static final Workload WORKLOAD = Workload.MLP;

  @Override
  public Section measure(Settings settings) throws Exception {
    ZoneRuns zone = new ZoneRuns(settings, WORKLOAD);
    zone.writeExamples();
    List<Contestant> contestants =
        List.of(
            new Contestant("zone run, 1 worker", 1, 1, cloned(settings, zone.run(1, 1))),
            new Contestant("zone run, 2 workers", 2, 1, cloned(settings, zone.run(2, 1))),
            new Contestant(
                "a main with plain dl4j",
                1,
                1,
                new Peers(settings.root(), WORKLOAD, 0).firstStep()));
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    for (int round = 0; round <= settings.rounds(); round++) {
      for (Contestant one : contestants) {
        Trace trace =
            Race.watch(
                    one,
                    settings
                        .work()
                        .resolve("startup/" + one.name().replaceAll("\\W+", "-") + "-" + round))
                .get(0);
        double took = (trace.steps().get(0).millis() - trace.startedMillis()) / 1000;
        System.err.printf("round %d: %s %.2f s%n", round, one.name(), took);
        // The first time data are prepared and files come into the page cache.
        if (round > 0) {
          seconds.computeIfAbsent(one.name(), none -> new ArrayList<>()).add(took);
        }
      }
    }
    double bare = Spread.of(seconds.get("a main with plain dl4j")).median();
    Table table = new Table("command", "s to the first step", "more than the main");
    seconds.forEach(
        (name, its) ->
            table.row(
                name,
                Spread.of(its).text("%.2f"),
                Spread.number("%.2f", Spread.of(its).median() - bare)));
    return new Section(
        "startup",
        "The case mlp; %d rounds; median (least..most)%n%n%s".formatted(settings.rounds(), table));
  }

  private static Function<Path, Launch> cloned(Settings settings, Function<Path, Launch> run) {
    return place -> {
      Launch built = run.apply(place);
      List<String> command = new ArrayList<>(built.command());
      command.set(0, settings.cloned().toString());
      return new Launch(command, built.environment(), built.steps());
    };
  }
}
