package dev.zone.jobs.collective;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Ranks as threads, for tests. */
final class Rings {
  static final byte[] SECRET =
      "a secret of the run, 32 bytes...".getBytes(StandardCharsets.US_ASCII);
  static final RingGuard GUARD = new RingGuard(SECRET, 0, Optional.empty());

  private Rings() {}

  enum Kind {
    SHARED_MEMORY,
    RING
  }

  @FunctionalInterface
  interface RankTask<T> {
    T run(Collective collective) throws Exception;
  }

  /** The address at which a rank reaches the next, such as a proxy's. */
  @FunctionalInterface
  interface Route {
    InetSocketAddress to(int rank, InetSocketAddress address) throws Exception;
  }

  /** What became of one rank, and how long after it had joined, if it did. */
  record Outcome<T>(Optional<T> value, Optional<Exception> failure, Duration took) {
    T orThrow() throws Exception {
      if (failure.isPresent()) {
        throw failure.get();
      }
      return value.orElseThrow();
    }

    CollectiveException collectiveFailure() {
      return (CollectiveException) failure.orElseThrow();
    }
  }

  static InetSocketAddress addressOf(RingEndpoint endpoint) {
    return new InetSocketAddress("localhost", endpoint.port());
  }

  /** Runs the task on all ranks, to the end of each. */
  static <T> List<Outcome<T>> outcomes(Kind kind, int ranks, Deadlines deadlines, RankTask<T> task)
      throws Exception {
    if (kind == Kind.RING) {
      return overRing(ranks, GUARD, deadlines, (rank, address) -> address, task);
    }
    SharedMemoryGroup group = new SharedMemoryGroup(ranks, deadlines.operation());
    return run(ranks, rank -> group.join(rank), task);
  }

  static <T> List<Outcome<T>> overRing(
      int ranks, RingGuard guard, Deadlines deadlines, Route route, RankTask<T> task)
      throws Exception {
    return overRing(ranks, rank -> guard, deadlines, route, task);
  }

  static <T> List<Outcome<T>> overRing(
      int ranks, IntFunction<RingGuard> guards, Deadlines deadlines, Route route, RankTask<T> task)
      throws Exception {
    List<RingEndpoint> endpoints = new ArrayList<>();
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (int r = 0; r < ranks; r++) {
      endpoints.add(RingEndpoint.open("localhost"));
      addresses.add(route.to(r, addressOf(endpoints.get(r))));
    }
    return run(
        ranks,
        rank ->
            RingCollective.connect(
                rank, endpoints.get(rank), addresses, guards.apply(rank), deadlines),
        task);
  }

  @FunctionalInterface
  private interface Joining {
    Collective join(int rank);
  }

  private static <T> List<Outcome<T>> run(int ranks, Joining joining, RankTask<T> task)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(ranks);
    try {
      List<Future<Outcome<T>>> futures = new ArrayList<>();
      for (int r = 0; r < ranks; r++) {
        int rank = r;
        futures.add(threads.submit(() -> outcome(rank, joining, task)));
      }
      List<Outcome<T>> outcomes = new ArrayList<>();
      for (Future<Outcome<T>> future : futures) {
        outcomes.add(future.get());
      }
      return outcomes;
    } finally {
      threads.shutdownNow();
    }
  }

  private static <T> Outcome<T> outcome(int rank, Joining joining, RankTask<T> task) {
    long start = System.nanoTime();
    try (Collective collective = joining.join(rank)) {
      start = System.nanoTime();
      T value = task.run(collective);
      return new Outcome<>(Optional.ofNullable(value), Optional.empty(), since(start));
    } catch (Exception e) {
      return new Outcome<>(Optional.empty(), Optional.of(e), since(start));
    }
  }

  static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Sums of the ranks' values by shared memory: what a ring has to give too, bit by bit. */
  static float[] undisturbed(int ranks, int length) throws Exception {
    return outcomes(
            Kind.SHARED_MEMORY,
            ranks,
            Deadlines.of(Duration.ofSeconds(20)),
            collective -> sum(collective, length))
        .get(0)
        .orThrow();
  }

  static float[] sum(Collective collective, int length) {
    FloatBuffer buffer = direct(values(collective.rank(), length));
    collective.allReduce(buffer);
    float[] sum = new float[length];
    buffer.get(0, sum);
    return sum;
  }

  static float[] values(int rank, int length) {
    SplittableRandom random = new SplittableRandom(31L * rank + length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return values;
  }

  static FloatBuffer direct(float... values) {
    return ByteBuffer.allocateDirect(values.length * 4)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer()
        .put(0, values);
  }
}
