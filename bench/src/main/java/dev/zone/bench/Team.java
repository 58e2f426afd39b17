package dev.zone.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads, one a rank, that do the same at the same time. */
final class Team implements AutoCloseable {
  private final int size;
  private final ExecutorService threads;
  private final CyclicBarrier start;

  Team(int size) {
    this.size = size;
    this.threads = Executors.newFixedThreadPool(size);
    this.start = new CyclicBarrier(size);
  }

  /** What one rank does. */
  @FunctionalInterface
  interface Work {
    void run(int rank) throws Exception;
  }

  /** Does it once on each rank, and returns when all are done. */
  void each(Work work) throws Exception {
    List<Future<?>> all = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      int its = rank;
      all.add(
          threads.submit(
              () -> {
                start.await();
                work.run(its);
                return null;
              }));
    }
    for (Future<?> one : all) {
      one.get();
    }
  }

  /** The median of the times, in nanoseconds, that rank 0 takes. */
  double medianNanos(int times, Work work) throws Exception {
    long[] nanos = new long[times];
    each(
        rank -> {
          for (int i = 0; i < times; i++) {
            long began = System.nanoTime();
            work.run(rank);
            if (rank == 0) {
              nanos[i] = System.nanoTime() - began;
            }
          }
        });
    Arrays.sort(nanos);
    return nanos[times / 2];
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
