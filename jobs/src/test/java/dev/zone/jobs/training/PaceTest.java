package dev.zone.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.collective.SharedMemoryGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PaceTest {
  @Test
  void saysOnceWhichRankIsSlowAndWhenItKeepsPaceAgain() throws Exception {
    List<String> news = play(3, 200, (rank, step) -> rank == 2 && step < 120 ? 0.5 : 0.1);
    assertThat(news)
        .containsExactly(
            "rank 2 is slow: it computes 0.500 s a step, the others 0.100 s; every step waits 0.400 s for it",
            "rank 2 keeps pace again");
  }

  @Test
  void doesNotMindAMomentOrThousandthsOfASecond() throws Exception {
    assertThat(play(2, 200, (rank, step) -> rank == 1 && step % 50 == 7 ? 3 : 0.1)).isEmpty();
    assertThat(play(2, 200, (rank, step) -> rank == 1 ? 0.0015 : 0.0001)).isEmpty();
  }

  private interface Seconds {
    double of(int rank, int step);
  }

  private static List<String> play(int ranks, int steps, Seconds seconds) throws Exception {
    SharedMemoryGroup group = new SharedMemoryGroup(ranks, Duration.ofSeconds(30));
    ExecutorService threads = Executors.newFixedThreadPool(ranks);
    List<String> news = new ArrayList<>();
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int r = 0; r < ranks; r++) {
        int rank = r;
        all.add(
            threads.submit(
                () -> {
                  Collective collective = group.join(rank);
                  StepControl control = new StepControl(collective);
                  Pace pace = new Pace(ranks);
                  for (int step = 0; step < steps; step++) {
                    control.exchange(
                        new StepControl.Part(0, seconds.of(rank, step), 0, false, false));
                    if (rank == 0) {
                      pace.step(control).ifPresent(news::add);
                    }
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
      return news;
    } finally {
      threads.shutdownNow();
    }
  }
}
