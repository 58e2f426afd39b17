package dev.zone.bench;

import com.google.gson.JsonObject;
import dev.zone.bench.Watched.Trace;
import dev.zone.conf.CpuFeatures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Shipped jobs on their real data, for one epoch, as a user runs them. */
final class ShippedJobs implements Measurement {
  private static final List<String> JOBS =
      List.of("chip/wm811k", "manufacturing/cmapss-fd001", "chip/secom", "vehicle/gtsrb");

  /** Settings of the training by the names of the rows. */
  private static Map<String, String> ways() {
    Map<String, String> ways = new LinkedHashMap<>();
    ways.put("engine auto", "engine=auto");
    if (CpuFeatures.detect().hasBf16()) {
      ways.put("bf16", "precision=bf16");
    }
    ways.put("engine dl4j", "engine=dl4j");
    return ways;
  }

  private record Run(double wall, JsonObject result, Trace trace) {}

  @Override
  public Section measure(Settings settings) throws Exception {
    if (settings.data().isEmpty()) {
      throw new IOException("there are no real data (expected --data DIR)");
    }
    Map<String, List<Run>> runs = new LinkedHashMap<>();
    for (int round = 0; round <= settings.rounds(); round++) {
      for (String job : JOBS) {
        // The first time data are prepared, and kept for the others.
        for (String way : round == 0 ? List.of("engine auto") : List.copyOf(ways().keySet())) {
          Run run = run(settings, job, way, round);
          String name = job + ", " + way;
          System.err.printf(
              "round %d of %d: %s %.1f s%n", round, settings.rounds(), name, run.wall());
          if (round > 0) {
            runs.computeIfAbsent(name, none -> new ArrayList<>()).add(run);
          }
        }
      }
    }
    Table table =
        new Table("job", "examples/s", "s, command to end", "of it training", "core s", "peak MiB");
    runs.forEach(
        (job, its) ->
            table.row(
                job,
                spread(its, run -> run.result().get("examplesPerSecond").getAsDouble())
                    .text("%,.0f"),
                spread(its, Run::wall).text("%.1f"),
                spread(its, ShippedJobs::training).text("%.1f"),
                spread(its, ShippedJobs::coreSeconds).text("%.1f"),
                Spread.number(
                    "%,.0f", spread(its, run -> run.trace().peakBytes()).median() / (1 << 20))));
    return new Section(
        "jobs",
        "One epoch, the job's own workers, data already prepared; %d rounds; median (least..most)%n%n%s"
            .formatted(settings.rounds(), table));
  }

  private static Spread spread(List<Run> runs, ToDoubleFunction<Run> value) {
    return Spread.of(runs.stream().mapToDouble(value).boxed().toList());
  }

  private static double training(Run run) {
    return run.result().getAsJsonObject("seconds").get("train").getAsDouble();
  }

  private static double coreSeconds(Run run) {
    List<StepSource.Point> used = run.trace().processor();
    return used.get(used.size() - 1).value();
  }

  private static Run run(Settings settings, String job, String way, int round)
      throws IOException, InterruptedException {
    String name = "%s-%s-%d".formatted(job.replace('/', '-'), way.replace(' ', '-'), round);
    Path place = settings.work().resolve("jobs").resolve(name);
    Path file = settings.root().resolve("jobs/" + job + ".yaml");
    Launch launch =
        ZoneRuns.launch(
            settings,
            file,
            settings.data().orElseThrow(),
            List.of(
                "--set=training.epochs=1",
                "--set=training.schedule=constant",
                "--set=training." + ways().get(way)),
            place.resolve("process-0"));
    long began = System.nanoTime();
    Trace trace = Race.watch(new Contestant(job, 1, 1, folder -> launch), place).get(0);
    double wall = (System.nanoTime() - began) / 1e9;
    return new Run(wall, ((RecordedSteps) launch.steps()).result().orElseThrow(), trace);
  }
}
