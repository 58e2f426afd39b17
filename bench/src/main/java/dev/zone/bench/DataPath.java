package dev.zone.bench;

import dev.zone.bench.contest.Workload;
import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.collective.SharedMemoryGroup;
import dev.zone.jobs.training.RankTraining;
import dev.zone.jobs.training.TrainingListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many examples a second the data path delivers: the loop of training over prepared examples,
 * with an engine that computes nothing and an update that changes nothing. Two workers, each with
 * all its batches for itself: what workers say to each other is not of the data path.
 */
public final class DataPath {
  private static final int WORKERS = 2;
  private static final long SECONDS = 3;

  private DataPath() {}

  /**
   * @param arguments the repository, and how many rounds
   */
  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.ofWorker(arguments, SECONDS);
    Table table = new Table("examples", "examples/s, 2 workers", "GB/s");
    List<CaseData> cases = new ArrayList<>();
    List<List<Double>> rates = new ArrayList<>();
    for (Workload workload : Workload.values()) {
      cases.add(CaseData.of(settings, workload, List.of("training.epochs=100000")));
      rates.add(new ArrayList<>());
    }
    for (int round = 0; round < settings.rounds(); round++) {
      for (int i = 0; i < cases.size(); i++) {
        rates.get(i).add(deliver(cases.get(i)));
      }
    }
    for (Workload workload : Workload.values()) {
      Spread rate = Spread.of(rates.get(workload.ordinal()));
      table.row(
          workload.title(),
          rate.text("%,.0f"),
          Spread.number("%.2f", rate.median() * workload.elements() * Float.BYTES / 1e9));
    }
    System.out.print(table);
  }

  /** Examples a second, of both workers, in the second half of the time. */
  private static double deliver(CaseData prepared) throws Exception {
    long began = System.nanoTime();
    long half = began + Duration.ofSeconds(SECONDS).toNanos() / 2;
    long end = began + Duration.ofSeconds(SECONDS).toNanos();
    AtomicLongArray batches = new AtomicLongArray(WORKERS);
    try (Team team = new Team(WORKERS)) {
      team.each(
          rank -> {
            try (Collective alone = new SharedMemoryGroup(1, Duration.ofMinutes(1)).join(0);
                NoEngine engine = new NoEngine(prepared.data().manifest().classes().size())) {
              RankTraining.Surroundings surroundings =
                  new RankTraining.Surroundings(
                      List.of(),
                      Optional.empty(),
                      counting(batches, rank, half),
                      () -> System.nanoTime() >= end);
              new RankTraining(prepared.training(), alone, engine, new NoUpdate(), surroundings)
                  .run();
            }
          });
    }
    double examples =
        (double) (batches.get(0) + batches.get(1)) * prepared.job().training().batchSize();
    return examples / (end - half) * 1e9;
  }

  private static TrainingListener counting(AtomicLongArray batches, int worker, long from) {
    return new TrainingListener() {
      @Override
      public void step(
          int fold, int epoch, int step, double loss, double perSecond, double seconds) {
        if (System.nanoTime() >= from) {
          batches.incrementAndGet(worker);
        }
      }
    };
  }
}
