package dev.zone.bench;

import dev.zone.bench.StepSource.Point;
import dev.zone.bench.contest.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Memory of a training over minutes: whether it stays where it was after the first two. */
final class MemoryOverTime implements Measurement {
  private static final double MINUTE = 60_000;
  private static final double SETTLED = 2 * MINUTE;
  private static final double MEBIBYTE = 1 << 20;

  /** Twice as many, for two workers, is the most that a job may ask for. */
  private static final int ENDLESS = 50_000;

  @Override
  public Section measure(Settings settings) throws Exception {
    if (settings.minutes() <= 3) {
      throw new IOException(
          "%.1f minutes are too short (expected --minutes above 3)".formatted(settings.minutes()));
    }
    ZoneRuns zone = new ZoneRuns(settings, Workload.CNN);
    zone.writeExamples();
    Path place = settings.work().resolve("memory");
    List<Point> resident = watch(settings, zone.run(2, ENDLESS).apply(place), place);
    double first = resident.get(0).millis() + SETTLED;
    double level = median(resident, first, first + MINUTE);
    Table table = new Table("minute", "MiB resident", "against minute 3");
    double furthest = 0;
    for (int minute = 1; minute <= settings.minutes(); minute++) {
      double from = resident.get(0).millis() + (minute - 1) * MINUTE;
      double its = median(resident, from, from + MINUTE);
      double change = its / level - 1;
      furthest = from >= first && Math.abs(change) > Math.abs(furthest) ? change : furthest;
      table.row(
          Integer.toString(minute),
          Spread.number("%,.0f", its / MEBIBYTE),
          Spread.number("%+.1f %%", 100 * change));
    }
    return new Section(
        "memory",
        "The case cnn, 2 workers, the command's and the application's processes together; medians of"
            + " the minutes; furthest from minute 3 afterwards: "
            + Spread.number("%+.1f %%", 100 * furthest)
            + "\n\n"
            + table);
  }

  /** Trains for the time, then ends the processes; what they held since the first step. */
  private static List<Point> watch(Settings settings, Launch launch, Path place)
      throws IOException, InterruptedException {
    try (Watched watched = Watched.start(launch, place)) {
      double from = Double.NaN;
      while (!(System.currentTimeMillis() - from > settings.minutes() * MINUTE)) {
        if (!watched.look()) {
          throw new IOException("the training ended early (see " + place.resolve("err") + ")");
        }
        List<Point> steps = Double.isNaN(from) ? launch.steps().steps() : List.of();
        from = steps.isEmpty() ? from : steps.get(0).millis();
      }
      double begin = from;
      return watched.resident().stream().filter(point -> point.millis() >= begin).toList();
    }
  }

  private static double median(List<Point> points, double from, double to) {
    return Spread.of(
            points.stream()
                .filter(point -> point.millis() >= from && point.millis() < to)
                .map(Point::value)
                .toList())
        .median();
  }
}
