package dev.zone.bench;

import dev.zone.bench.Race.Round;
import dev.zone.bench.contest.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The same network trained by all contestants. */
final class TrainingCase implements Measurement {
  /** Whom the others are compared with. */
  private static final String REFERENCE = "zone, 2 workers";

  private static final double MEBIBYTE = 1 << 20;

  private final Workload workload;

  TrainingCase(Workload workload) {
    this.workload = workload;
  }

  @Override
  public Section measure(Settings settings) throws Exception {
    List<Contestant> contestants = new ArrayList<>(new ZoneRuns(settings, workload).all());
    contestants.addAll(new Peers(settings.root(), workload, settings.seconds()).all());
    contestants.removeIf(one -> !settings.takesPart(one.name()));
    Race race = new Race(settings, settings.work().resolve(workload.title()), workload.batch());
    Map<String, List<Round>> rounds = race.run(contestants);
    int steps = workload.epochs(settings.seconds()) * workload.stepsPerEpoch();
    StringBuilder text = new StringBuilder();
    text.append(
        "%d steps of %d examples a worker; %d rounds; median (least..most)%n%n"
            .formatted(steps, workload.batch(), settings.rounds()));
    text.append(table(rounds));
    race.failures().forEach((name, why) -> text.append("\n%s: %s%n".formatted(name, why)));
    BarChart chart = new BarChart(workload.title() + ": examples a second");
    rounds.forEach((name, its) -> chart.bar(name, spread(its, Round::rate)));
    return new Section(
        workload.title(),
        text.toString(),
        rounds.isEmpty() ? Optional.empty() : Optional.of(chart.svg()));
  }

  private static Table table(Map<String, List<Round>> rounds) {
    Table table =
        new Table(
            "contestant",
            "examples/s",
            REFERENCE + " to it",
            "core s per million",
            "peak MiB",
            "held-out loss");
    rounds.forEach(
        (name, its) ->
            table.row(
                name,
                spread(its, Round::rate).text("%,.0f"),
                rounds.containsKey(REFERENCE) ? ratio(rounds.get(REFERENCE), its) : "",
                spread(its, Round::coreSeconds).text("%,.1f"),
                Spread.number("%,.0f", spread(its, Round::peakBytes).median() / MEBIBYTE),
                Spread.number("%.3f", spread(its, Round::loss).median())));
    return table;
  }

  private static Spread spread(List<Round> rounds, ToDoubleFunction<Round> value) {
    return Spread.of(rounds.stream().mapToDouble(value).boxed().toList());
  }

  /** Of what both did in the same round, when the machine was as busy with other things. */
  private static String ratio(List<Round> reference, List<Round> its) {
    return Spread.of(
            IntStream.range(0, Math.min(reference.size(), its.size()))
                .mapToObj(i -> reference.get(i).rate() / its.get(i).rate())
                .toList())
        .text("%.2f");
  }
}
