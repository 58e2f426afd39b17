package dev.zone.jobs.collective;

import static dev.zone.jobs.collective.Rings.GUARD;
import static dev.zone.jobs.collective.Rings.addressOf;
import static dev.zone.jobs.collective.Rings.direct;
import static dev.zone.jobs.collective.Rings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.collective.CollectiveException.Reason;
import dev.zone.jobs.collective.Rings.Kind;
import dev.zone.jobs.collective.Rings.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
  private static final Deadlines DEADLINES = Deadlines.of(Duration.ofSeconds(20));

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

  /** The order of additions is part of what a model's digest depends on. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void beginsEachChunkWithItsOwnRank(Kind kind) throws Exception {
    int ranks = 3;
    int length = 9001;
    List<float[]> values = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      values.add(values(rank, length));
    }
    float[] expected = new float[length];
    for (int chunk = 0; chunk < ranks; chunk++) {
      for (int i = chunk * length / ranks; i < (chunk + 1) * length / ranks; i++) {
        expected[i] = values.get(chunk)[i];
        expected[i] += values.get((chunk + 1) % ranks)[i];
        expected[i] += values.get((chunk + 2) % ranks)[i];
      }
    }
    assertThat(Arrays.equals(sums(kind, ranks, length).get(0), expected)).isTrue();
  }

  private static List<float[]> sums(Kind kind, int ranks, int length) throws Exception {
    List<float[]> sums = new ArrayList<>();
    for (Outcome<float[]> outcome :
        Rings.outcomes(
            kind,
            ranks,
            DEADLINES,
            collective -> {
              float[] first = Rings.sum(collective, length);
              // Again, with what is there now, to see that operations do not run into each other.
              collective.allReduce(direct(new float[7]));
              return first;
            })) {
      sums.add(outcome.orThrow());
    }
    return sums;
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void refusesVectorsOfDifferentLengths(Kind kind) throws Exception {
    for (Outcome<Object> outcome :
        Rings.outcomes(
            kind,
            2,
            DEADLINES,
            collective -> {
              collective.allReduce(direct(new float[10 + 4 * collective.rank()]));
              return null;
            })) {
      CollectiveException failure = outcome.collectiveFailure();
      assertThat(failure)
          .hasMessageMatching(
              "Cannot combine gradients: "
                  + "(rank 1 reduces 14 values, rank 0 reduces 10"
                  + "|rank . is out of step: it sent 2[08] bytes as rank . in operation 1, step 0, of"
                  + " attempt 0 \\(expected 2[08] bytes as rank . in operation 1, step 0, of attempt"
                  + " 0\\)"
                  + "|rank . lost rank ., .*)");
      assertThat(failure.reason()).isIn(Reason.OUT_OF_STEP, Reason.GONE);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void refusesToGoOnAfterItsEnd(Kind kind) throws Exception {
    CollectiveException failure =
        Rings.outcomes(
                kind,
                1,
                DEADLINES,
                collective -> {
                  collective.close();
                  collective.allReduce(direct(1));
                  return null;
                })
            .get(0)
            .collectiveFailure();
    assertThat(failure).hasMessage("Cannot combine gradients: rank 0 has closed its collective");
    assertThat(failure.reason()).isEqualTo(Reason.CLOSED);
    assertThat(failure.awaitedRank()).isEmpty();
  }

  @Test
  void keepsStrangersOutOfTheRing() throws Exception {
    RingEndpoint first = RingEndpoint.open("localhost");
    RingEndpoint second = RingEndpoint.open("localhost");
    List<InetSocketAddress> addresses = List.of(addressOf(first), addressOf(second));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 10; i++) {
        silent.add(new Socket("localhost", second.port()));
      }
      Future<Collective> other =
          threads.submit(() -> RingCollective.connect(1, second, addresses, GUARD, DEADLINES));
      assertThat(answerOf(second.port(), new byte[Handshake.HELLO_BYTES])).isEmpty();
      byte[] wrongSecret = new byte[32];
      byte[] hello =
          new Handshake(wrongSecret, 0)
              .hello(0, 1, new byte[Handshake.NONCE_BYTES], new byte[32], new byte[0])
              .array();
      assertThat(answerOf(second.port(), hello)).isEmpty();
      try (Collective collective = RingCollective.connect(0, first, addresses, GUARD, DEADLINES);
          Collective peer = other.get()) {
        Future<?> sum = threads.submit(() -> peer.allReduce(direct(1, 2, 3)));
        FloatBuffer mine = direct(10, 20, 30);
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
    List<InetSocketAddress> addresses = List.of(addressOf(first), addressOf(second));
    Deadlines deadlines = Deadlines.of(Duration.ofMillis(500));
    ExecutorService threads = Executors.newFixedThreadPool(1);
    try {
      RingGuard another = new RingGuard(new byte[32], 0, Optional.empty());
      Future<Collective> other =
          threads.submit(() -> RingCollective.connect(1, second, addresses, another, deadlines));
      assertThatThrownBy(() -> RingCollective.connect(0, first, addresses, GUARD, deadlines))
          .isInstanceOf(CollectiveException.class)
          .hasMessageMatching(
              "Cannot connect rank 0 with its neighbours: rank 1 at localhost/127.0.0.1:\\d+: .*"
                  + "\\(\\d+ calls\\); rank 1 did not connect \\(expected within 500 ms\\)");
      assertThatThrownBy(other::get).hasCauseInstanceOf(CollectiveException.class);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void refusesAShortSecretAndNeverPrintsOne() {
    assertThatThrownBy(() -> new RingGuard(new byte[15], 0, Optional.empty()))
        .hasMessage("Cannot use a secret of 15 bytes (expected 16 or more)");
    assertThat(GUARD).hasToString("RingGuard[attempt=0, tls=false]");
  }

  @Test
  void refusesADeadlineOfNothing() {
    assertThatThrownBy(() -> new Deadlines(Duration.ZERO, Duration.ofSeconds(1)))
        .hasMessage("Cannot use a deadline to meet of PT0S (expected more than 0)");
    assertThatThrownBy(() -> new SharedMemoryGroup(2, Duration.ofSeconds(-1)))
        .hasMessage("Cannot use a deadline to combine of PT-1S (expected more than 0)");
  }

  @Test
  void refusesToListenOnAnotherMachinesName() {
    // An address for documentation, which no machine has (RFC 5737).
    assertThatThrownBy(() -> RingEndpoint.open("192.0.2.1"))
        .isInstanceOf(ZoneException.class)
        .isNotInstanceOf(CollectiveException.class)
        .hasMessage("Cannot listen for other workers: 192.0.2.1 (expected a name of this machine)");
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
}
