package dev.zone.jobs.collective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class CollectiveTest {
  private static final byte[] SECRET =
      "a secret of the run, 32 bytes...".getBytes(StandardCharsets.US_ASCII);
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  enum Kind {
    SHARED_MEMORY,
    RING
  }

  @FunctionalInterface
  interface RankTask<T> {
    T run(Collective collective) throws Exception;
  }

  @ParameterizedTest
  @CsvSource({"1,5", "2,1", "2,1000", "3,2", "3,100003", "4,1000000", "5,17"})
  void addsTheSameBitsWhereverRanksAre(int ranks, int length) throws Exception {
    List<float[]> shared = sums(Kind.SHARED_MEMORY, ranks, length);
    List<float[]> ring = sums(Kind.RING, ranks, length);
    double[] exact = new double[length];
    for (int r = 0; r < ranks; r++) {
      float[] values = values(r, length);
      for (int i = 0; i < length; i++) {
        exact[i] += values[i];
      }
    }
    for (int r = 0; r < ranks; r++) {
      assertThat(Arrays.equals(shared.get(r), shared.get(0))).isTrue();
      assertThat(Arrays.equals(ring.get(r), shared.get(0))).isTrue();
    }
    double worst = 0;
    for (int i = 0; i < length; i++) {
      worst = Math.max(worst, Math.abs(shared.get(0)[i] - exact[i]));
    }
    assertThat(worst).isLessThan(1e-5);
  }

  private static List<float[]> sums(Kind kind, int ranks, int length) throws Exception {
    return onAllRanks(
        kind,
        ranks,
        DEADLINE,
        collective -> {
          FloatBuffer buffer = direct(values(collective.rank(), length));
          collective.allReduce(buffer);
          float[] first = new float[length];
          buffer.get(0, first);
          // Again, with what is there now, to see that operations do not run into each other.
          collective.allReduce(direct(new float[7]));
          return first;
        });
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void tellsARankThatAnotherHasLeft(Kind kind) {
    assertThatThrownBy(
            () ->
                onAllRanks(
                    kind,
                    2,
                    DEADLINE,
                    collective -> {
                      if (collective.rank() == 1) {
                        collective.close();
                        return null;
                      }
                      collective.allReduce(direct(new float[1_000_000]));
                      return null;
                    }))
        .isInstanceOf(CollectiveException.class)
        .hasMessageStartingWith("Cannot combine gradients: ")
        .hasMessageMatching("(?s).*(rank 1 has left|rank 0 lost a neighbour).*");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void findsARankThatIsLate(Kind kind) {
    CountDownLatch end = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                onAllRanks(
                    kind,
                    2,
                    Duration.ofMillis(2000),
                    collective -> {
                      if (collective.rank() == 1) {
                        end.await();
                        return null;
                      }
                      try {
                        collective.allReduce(direct(new float[10]));
                      } finally {
                        end.countDown();
                      }
                      return null;
                    }))
        .isInstanceOf(CollectiveException.class)
        .hasMessageContaining("waited 2000 ms for");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void refusesVectorsOfDifferentLengths(Kind kind) {
    assertThatThrownBy(
            () ->
                onAllRanks(
                    kind,
                    2,
                    DEADLINE,
                    collective -> {
                      collective.allReduce(direct(new float[10 + 4 * collective.rank()]));
                      return null;
                    }))
        .isInstanceOf(CollectiveException.class)
        .hasMessageMatching(
            "(?s).*(reduces 14 values, rank 0 reduces 10|is out of step|lost a neighbour).*");
  }

  @Test
  void keepsStrangersOutOfTheRing() throws Exception {
    RingEndpoint first = RingEndpoint.open("localhost");
    RingEndpoint second = RingEndpoint.open("localhost");
    List<InetSocketAddress> addresses =
        List.of(
            new InetSocketAddress("localhost", first.port()),
            new InetSocketAddress("localhost", second.port()));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 10; i++) {
        silent.add(new Socket("localhost", second.port()));
      }
      Future<Collective> other =
          threads.submit(() -> RingCollective.connect(1, second, addresses, SECRET, 0, DEADLINE));
      assertThat(answerOf(second.port(), new byte[Handshake.HELLO_BYTES])).isEmpty();
      byte[] wrongSecret = new byte[32];
      byte[] hello =
          new Handshake(wrongSecret, 0)
              .hello(0, 1, new byte[Handshake.NONCE_BYTES], new byte[32])
              .array();
      assertThat(answerOf(second.port(), hello)).isEmpty();
      try (Collective collective =
              RingCollective.connect(0, first, addresses, SECRET, 0, DEADLINE);
          Collective peer = other.get()) {
        Future<?> sum = threads.submit(() -> peer.allReduce(direct(new float[] {1, 2, 3})));
        FloatBuffer mine = direct(new float[] {10, 20, 30});
        collective.allReduce(mine);
        sum.get();
        assertThat(new float[] {mine.get(0), mine.get(1), mine.get(2)}).containsExactly(11, 22, 33);
      }
    } finally {
      threads.shutdownNow();
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void refusesARingWhoseRanksHaveDifferentSecrets() throws Exception {
    RingEndpoint first = RingEndpoint.open("localhost");
    RingEndpoint second = RingEndpoint.open("localhost");
    List<InetSocketAddress> addresses =
        List.of(
            new InetSocketAddress("localhost", first.port()),
            new InetSocketAddress("localhost", second.port()));
    ExecutorService threads = Executors.newFixedThreadPool(1);
    try {
      Future<Collective> other =
          threads.submit(
              () ->
                  RingCollective.connect(
                      1, second, addresses, new byte[32], 0, Duration.ofMillis(500)));
      assertThatThrownBy(
              () -> RingCollective.connect(0, first, addresses, SECRET, 0, Duration.ofMillis(500)))
          .isInstanceOf(CollectiveException.class)
          .hasMessageStartingWith("Cannot connect rank 0 with its neighbours: ");
      assertThatThrownBy(other::get).hasCauseInstanceOf(CollectiveException.class);
    } finally {
      threads.shutdownNow();
    }
  }

  /** What a stranger gets beyond the challenge. */
  private static byte[] answerOf(int port, byte[] hello) throws IOException {
    try (Socket socket = new Socket("localhost", port)) {
      InputStream in = socket.getInputStream();
      in.readNBytes(Handshake.NONCE_BYTES);
      socket.getOutputStream().write(hello);
      return in.readAllBytes();
    }
  }

  static <T> List<T> onAllRanks(Kind kind, int ranks, Duration deadline, RankTask<T> task)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(ranks);
    try {
      SharedMemoryGroup group = new SharedMemoryGroup(ranks, deadline);
      List<RingEndpoint> endpoints = new ArrayList<>();
      List<InetSocketAddress> addresses = new ArrayList<>();
      if (kind == Kind.RING) {
        for (int r = 0; r < ranks; r++) {
          endpoints.add(RingEndpoint.open("localhost"));
          addresses.add(new InetSocketAddress("localhost", endpoints.get(r).port()));
        }
      }
      List<Future<T>> futures = new ArrayList<>();
      for (int r = 0; r < ranks; r++) {
        int rank = r;
        futures.add(
            threads.submit(
                () -> {
                  try (Collective collective =
                      kind == Kind.RING
                          ? RingCollective.connect(
                              rank, endpoints.get(rank), addresses, SECRET, 0, deadline)
                          : group.join(rank)) {
                    return task.run(collective);
                  }
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    } finally {
      threads.shutdownNow();
    }
  }

  private static float[] values(int rank, int length) {
    SplittableRandom random = new SplittableRandom(31L * rank + length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return values;
  }

  private static FloatBuffer direct(float[] values) {
    return ByteBuffer.allocateDirect(values.length * 4)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer()
        .put(0, values);
  }
}
