package dev.zone.bench;

import dev.zone.bench.StepSource.Point;
import dev.zone.bench.Watched.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lets contestants train in turns: one after the other, all of them in each round. */
final class Race {
  /** Steps before this share of all are for warming up. */
  private static final double WARM_UP = 0.4;

  private static final Duration LONGEST = Duration.ofMinutes(20);

  private final Settings settings;
  private final Path folder;
  private final int batch;
  private final Map<String, String> failures = new LinkedHashMap<>();

  /**
   * @param folder for what contestants write
   * @param batch examples of one worker in a step
   */
  Race(Settings settings, Path folder, int batch) {
    this.settings = settings;
    this.folder = folder;
    this.batch = batch;
  }

  /**
   * What a contestant did in a round, after warming up.
   *
   * @param rate examples a second, all processes together
   * @param coreSeconds processor seconds of a million examples
   * @param peakBytes the most memory, all processes together
   * @param loss mean of the held-out examples in the end, of the processes
   */
  record Round(double rate, double coreSeconds, double peakBytes, double loss) {}

  /** Those who failed, and why. */
  Map<String, String> failures() {
    return failures;
  }

  /** The rounds of each contestant; one who fails takes no further part. */
  Map<String, List<Round>> run(List<Contestant> contestants)
      throws IOException, InterruptedException {
    Map<String, List<Round>> rounds = new LinkedHashMap<>();
    contestants.forEach(one -> rounds.put(one.name(), new ArrayList<>()));
    for (int round = 1; round <= settings.rounds(); round++) {
      for (Contestant one : contestants) {
        if (failures.containsKey(one.name())) {
          continue;
        }
        try {
          Round done = round(one, folder.resolve(one.name().replaceAll("\\W+", "-") + "-" + round));
          rounds.get(one.name()).add(done);
          System.err.printf(
              "round %d of %d: %-28s %s examples/s%n",
              round, settings.rounds(), one.name(), Spread.number("%,.0f", done.rate()));
        } catch (IOException e) {
          failures.put(one.name(), e.getMessage());
          System.err.printf("round %d: %s: %s%n", round, one.name(), e.getMessage());
        }
      }
    }
    rounds.values().removeIf(List::isEmpty);
    return rounds;
  }

  private Round round(Contestant one, Path place) throws IOException, InterruptedException {
    List<Trace> traces = watch(one, place);
    double from = 0;
    double to = Double.POSITIVE_INFINITY;
    for (Trace trace : traces) {
      if (trace.steps().isEmpty()) {
        throw new IOException("no step was told (see " + place + ")");
      }
      Point last = trace.steps().get(trace.steps().size() - 1);
      from = Math.max(from, warm(trace.steps(), last.value() * WARM_UP));
      to = Math.min(to, last.millis());
    }
    if (to <= from) {
      throw new IOException("no time was left after warming up (expected more --seconds)");
    }
    double examples = 0;
    double seconds = 0;
    double peak = 0;
    double loss = 0;
    for (Trace trace : traces) {
      examples += (at(trace.steps(), to) - at(trace.steps(), from)) * batch * one.workers();
      seconds += at(trace.processor(), to) - at(trace.processor(), from);
      peak += trace.peakBytes();
      loss += trace.loss() / traces.size();
    }
    return new Round(examples / (to - from) * 1000, seconds / examples * 1e6, peak, loss);
  }

  /** Runs the contestant's processes side by side until all have ended. */
  static List<Trace> watch(Contestant one, Path place) throws IOException, InterruptedException {
    List<Watched> running = new ArrayList<>();
    try {
      List<Path> places = new ArrayList<>();
      for (int i = 0; i < one.processes(); i++) {
        places.add(place.resolve("process-" + i));
        running.add(Watched.start(one.launch().apply(places.get(i)), places.get(i)));
      }
      long until = System.nanoTime() + LONGEST.toNanos();
      boolean any = true;
      while (any) {
        any = false;
        for (Watched each : running) {
          any |= each.look();
        }
        if (System.nanoTime() > until) {
          throw new IOException("not done within " + LONGEST.toMinutes() + " minutes");
        }
      }
      List<Trace> traces = new ArrayList<>();
      for (int i = 0; i < running.size(); i++) {
        traces.add(running.get(i).trace(places.get(i)));
      }
      return traces;
    } finally {
      running.forEach(Watched::close);
    }
  }

  private static double warm(List<Point> steps, double least) {
    return steps.stream()
        .filter(point -> point.value() >= least)
        .mapToDouble(Point::millis)
        .findFirst()
        .orElseThrow();
  }

  /** The value at a moment, between the points around it; NaN without points. */
  static double at(List<Point> points, double millis) {
    if (points.isEmpty()) {
      return Double.NaN;
    }
    Point before = points.get(0);
    for (Point point : points) {
      if (point.millis() >= millis) {
        double span = point.millis() - before.millis();
        return span <= 0
            ? point.value()
            : before.value() + (point.value() - before.value()) * (millis - before.millis()) / span;
      }
      before = point;
    }
    return before.value();
  }
}
