package dev.zone.jobs.training;

import dev.zone.conf.TrainingSpec.BatchStatistics;
import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.collective.SharedMemoryGroup;
import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.update.Dl4jTraining;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The real loop on real engines, each rank a thread of this JVM. */
final class RanksOfThreads {
  private RanksOfThreads() {}

  /**
   * @param parameters that the training ends with, the same on all ranks
   * @param seeds that the loop gave each rank's engine, in order
   */
  record Outcome(float[] parameters, List<List<Long>> seeds) {}

  static Outcome train(Trial trial, NetworkConfiguration network, RandomExamples data, int ranks)
      throws Exception {
    SharedMemoryGroup group = new SharedMemoryGroup(ranks, Duration.ofSeconds(60));
    ExecutorService threads = Executors.newFixedThreadPool(ranks);
    List<List<Long>> seeds = new ArrayList<>();
    List<Future<float[]>> futures = new ArrayList<>();
    try {
      for (int r = 0; r < ranks; r++) {
        int rank = r;
        List<Long> own = new ArrayList<>();
        seeds.add(own);
        futures.add(
            threads.submit(
                () -> {
                  try (Collective collective = group.join(rank);
                      Dl4jTraining made = make(trial, network, collective)) {
                    return new RankTraining(
                            trial.job(data),
                            collective,
                            noting(made.engine(), own),
                            made.update(),
                            new RankTraining.Surroundings(
                                List.of(),
                                Optional.empty(),
                                new TrainingListener() {},
                                () -> false))
                        .run()
                        .parameters();
                  }
                }));
      }
      float[] parameters = futures.get(0).get();
      for (Future<float[]> future : futures) {
        if (!java.util.Arrays.equals(future.get(), parameters)) {
          throw new AssertionError("ranks ended with different parameters");
        }
      }
      return new Outcome(parameters, seeds);
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    } finally {
      threads.shutdownNow();
    }
  }

  private static Dl4jTraining make(
      Trial trial, NetworkConfiguration network, Collective collective) {
    boolean global = trial.training().batchStatistics() == BatchStatistics.GLOBAL;
    return Dl4jTraining.create(
        network,
        Optional.empty(),
        global ? Optional.of(collective::allReduce) : Optional.empty(),
        Dl4jTraining.How.of(trial.engine()));
  }

  /** The engine, with a note of each gradient's seed. */
  private static Engine noting(Engine engine, List<Long> seeds) {
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, arguments) -> {
              if (arguments != null && arguments.length == 3 && arguments[0] instanceof Batch) {
                if (arguments[2] instanceof Long seed) {
                  seeds.add(seed);
                }
              }
              try {
                return method.invoke(engine, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
