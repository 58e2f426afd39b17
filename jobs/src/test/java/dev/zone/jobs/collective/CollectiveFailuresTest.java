package dev.zone.jobs.collective;

import static dev.zone.jobs.collective.Rings.GUARD;
import static dev.zone.jobs.collective.Rings.direct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.zone.jobs.collective.CollectiveException.Reason;
import dev.zone.jobs.collective.Proxy.Fault;
import dev.zone.jobs.collective.Rings.Kind;
import dev.zone.jobs.collective.Rings.Outcome;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Ranks that are late or gone, and networks that fail. */
@Timeout(60)
class CollectiveFailuresTest {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration AMPLE = Duration.ofSeconds(20);

  /** How much later than its deadline a rank may know, on a busy machine. */
  private static final Duration SLACK = Duration.ofSeconds(5);

  @ParameterizedTest
  @CsvSource({"SHARED_MEMORY,2", "SHARED_MEMORY,3", "RING,2", "RING,3"})
  void findsARankThatStandsStill(Kind kind, int ranks) throws Exception {
    int frozen = ranks - 1;
    CountDownLatch thaw = new CountDownLatch(ranks - 1);
    List<Outcome<Object>> outcomes =
        Rings.outcomes(
            kind,
            ranks,
            new Deadlines(AMPLE, SHORT),
            collective -> {
              collective.allReduce(direct(new float[10]));
              if (collective.rank() == frozen) {
                thaw.await();
                collective.allReduce(direct(new float[1_000_000]));
                return null;
              }
              try {
                collective.allReduce(direct(new float[1_000_000]));
              } finally {
                // Its connections still stand while the others find out.
                thaw.countDown();
              }
              return null;
            });
    assertThat(rootOf(outcomes)).isEqualTo(frozen);
    for (int r = 0; r < frozen; r++) {
      CollectiveException failure = outcomes.get(r).collectiveFailure();
      assertThat(failure.reason()).isIn(Reason.LATE, Reason.GONE);
      assertThat(outcomes.get(r).took()).isLessThan(SHORT.plus(SLACK));
    }
    CollectiveException first = outcomes.get(0).collectiveFailure();
    assertThat(first)
        .hasMessageMatching(
            "Cannot combine gradients: rank \\d waited \\d+ ms for rank "
                + frozen
                + "(, the one before it,)? in operation 2 in vain"
                + "(; rank \\d gave up, for it waited for rank 0 in vain)?");
    assertThat(first.awaitedRank()).hasValue(frozen);
    CollectiveException itself = outcomes.get(frozen).collectiveFailure();
    assertThat(itself.reason()).isEqualTo(Reason.LATE);
    assertThat(itself.awaitedRank()).isEmpty();
    assertThat(itself)
        .hasMessageMatching(
            "Cannot combine gradients: "
                + (kind == Kind.RING
                        ? "rank F came too late to operation 2: rank 0 gave up, for it waited for rank"
                            + " F in vain"
                        : "rank \\d waited \\d+ ms for rank F in operation 2 in vain")
                    .replace("F", "" + frozen));
  }

  /** From any rank that failed, by whom each waited for, to one that waits for nobody. */
  private static int rootOf(List<Outcome<Object>> outcomes) {
    int rank = 0;
    for (int i = 0; i < outcomes.size(); i++) {
      rank = outcomes.get(rank).collectiveFailure().awaitedRank().orElse(rank);
    }
    return rank;
  }

  @Test
  void namesAllRanksThatHaveNotArrived() throws Exception {
    CountDownLatch end = new CountDownLatch(2);
    List<Outcome<Object>> outcomes =
        Rings.outcomes(
            Kind.SHARED_MEMORY,
            4,
            Deadlines.of(SHORT),
            collective -> {
              if (collective.rank() % 2 == 1) {
                end.await();
                return null;
              }
              try {
                collective.allReduce(direct(1));
              } finally {
                end.countDown();
              }
              return null;
            });
    for (int rank = 0; rank < 4; rank += 2) {
      CollectiveException failure = outcomes.get(rank).collectiveFailure();
      assertThat(failure)
          .hasMessageMatching(
              "Cannot combine gradients: rank [02] waited \\d+ ms for ranks 1, 3 in operation 1 in"
                  + " vain");
      assertThat(failure.awaitedRank()).hasValue(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"SHARED_MEMORY,2", "SHARED_MEMORY,3", "RING,2", "RING,3"})
  void tellsAtOnceThatARankHasLeft(Kind kind, int ranks) throws Exception {
    List<Outcome<Object>> outcomes =
        Rings.outcomes(
            kind,
            ranks,
            Deadlines.of(AMPLE),
            collective -> {
              if (collective.rank() != 1) {
                collective.allReduce(direct(new float[1_000_000]));
              }
              return null;
            });
    for (int rank = 0; rank < ranks; rank++) {
      if (rank != 1) {
        CollectiveException failure = outcomes.get(rank).collectiveFailure();
        assertThat(failure.reason()).isEqualTo(Reason.GONE);
        assertThat(failure)
            .hasMessageMatching(
                "Cannot combine gradients: (rank 1 has left"
                    + "|rank \\d lost rank \\d, the one (before|after) it, in operation 1 after \\d+"
                    + " ms: .+)");
        assertThat(outcomes.get(rank).took()).isLessThan(Duration.ofSeconds(5));
      }
    }
    assertThat(outcomes.get(0).collectiveFailure().awaitedRank()).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void endsWhenItsThreadIsInterrupted(Kind kind) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    List<Outcome<Object>> outcomes =
        Rings.outcomes(
            kind,
            2,
            Deadlines.of(AMPLE),
            collective -> {
              if (collective.rank() == 0) {
                Thread.currentThread().interrupt();
                try {
                  collective.allReduce(direct(new float[10]));
                } finally {
                  assertThat(Thread.interrupted()).isTrue();
                  end.countDown();
                }
              }
              end.await();
              collective.allReduce(direct(new float[10]));
              return null;
            });
    CollectiveException failure = outcomes.get(0).collectiveFailure();
    assertThat(failure).hasMessage("Cannot combine gradients: rank 0 was interrupted");
    assertThat(failure.reason()).isEqualTo(Reason.INTERRUPTED);
    assertThat(failure.awaitedRank()).isEmpty();
    CollectiveException other = outcomes.get(1).collectiveFailure();
    assertThat(other).hasMessageContaining("was interrupted");
    assertThat(other.reason()).isEqualTo(Reason.GONE);
    assertThat(other.awaitedRank()).hasValue(0);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void tellsOnceThatAnOperationStalls(Kind kind) throws Exception {
    CountDownLatch stalled = new CountDownLatch(1);
    Queue<String> told = new ConcurrentLinkedQueue<>();
    List<Outcome<Object>> outcomes =
        Rings.outcomes(
            kind,
            2,
            new Deadlines(AMPLE, Duration.ofSeconds(8)),
            collective -> {
              collective.onWait(
                  (ranks, soFar) -> {
                    assertThat(soFar).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(8));
                    told.add(collective.rank() + " waits for " + ranks);
                    stalled.countDown();
                  });
              collective.allReduce(direct(new float[10]));
              if (collective.rank() == 1) {
                stalled.await();
              }
              collective.allReduce(direct(new float[10]));
              return null;
            });
    for (Outcome<Object> outcome : outcomes) {
      assertThat(outcome.failure()).isEmpty();
    }
    assertThat(told).containsExactly("0 waits for [1]");
  }

  @ParameterizedTest
  @CsvSource({"CUT,2", "CUT,3", "BLACKHOLE,2", "BLACKHOLE,3"})
  void findsAConnectionThatBreaksInTheMiddle(Fault fault, int ranks) throws Exception {
    List<Proxy> proxies = new ArrayList<>();
    try {
      List<Outcome<Object>> outcomes =
          Rings.overRing(
              ranks,
              GUARD,
              new Deadlines(AMPLE, Duration.ofSeconds(2)),
              (rank, address) -> {
                if (rank != 1) {
                  return address;
                }
                proxies.add(new Proxy(0, address, fault));
                return proxies.get(0).address();
              },
              collective -> {
                collective.allReduce(direct(new float[4_000_000]));
                return null;
              });
      for (Outcome<Object> outcome : outcomes) {
        CollectiveException failure = outcome.collectiveFailure();
        assertThat(failure.reason()).isIn(Reason.LATE, Reason.GONE);
        assertThat(failure.awaitedRank()).isNotEmpty();
        assertThat(outcome.took())
            .isLessThan(Duration.ofSeconds(2).plus(SLACK))
            .isGreaterThan(
                fault == Fault.BLACKHOLE ? Duration.ofMillis(1900) : Duration.ofMillis(1));
      }
      // The one that lost the connection first says so; whom it was connected with is in it.
      assertThat(outcomes)
          .anySatisfy(
              outcome ->
                  assertThat(outcome.collectiveFailure())
                      .hasMessageMatching(
                          fault == Fault.CUT
                              ? ".*rank [01] lost rank [01], the one (before|after) it, .*"
                              : ".*rank \\d waited \\d+ ms for rank \\d, .*"));
    } finally {
      for (Proxy proxy : proxies) {
        proxy.close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2", "3"})
  void givesTheSameBitsThroughADelayingNetwork(int ranks) throws Exception {
    int length = 500_000;
    Queue<Proxy> proxies = new ConcurrentLinkedQueue<>();
    try {
      List<Outcome<float[]>> outcomes =
          Rings.overRing(
              ranks,
              GUARD,
              Deadlines.of(AMPLE),
              (rank, address) -> {
                Proxy proxy = new Proxy(0, address, Fault.DELAYS);
                proxies.add(proxy);
                return proxy.address();
              },
              collective -> Rings.sum(collective, length));
      float[] expected = Rings.undisturbed(ranks, length);
      for (Outcome<float[]> outcome : outcomes) {
        assertThat(Arrays.equals(outcome.orThrow(), expected)).isTrue();
      }
    } finally {
      for (Proxy proxy : proxies) {
        proxy.close();
      }
    }
  }

  @Test
  void saysWhoRefusesConnections() throws Exception {
    Duration meet = Duration.ofSeconds(3);
    InetSocketAddress nobody;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
      nobody = new InetSocketAddress("localhost", server.getLocalPort());
    }
    List<Outcome<Object>> outcomes =
        Rings.overRing(
            3,
            GUARD,
            new Deadlines(meet, AMPLE),
            (rank, address) -> rank == 1 ? nobody : address,
            collective -> {
              collective.allReduce(direct(new float[10]));
              return null;
            });
    CollectiveException caller = outcomes.get(0).collectiveFailure();
    assertThat(caller)
        .hasMessageMatching(
            "Cannot connect rank 0 with its neighbours: rank 1 at localhost/127.0.0.1:\\d+:"
                + " Connection refused \\(\\d+ calls\\) \\(expected within 3000 ms\\)");
    assertThat(caller.reason()).isEqualTo(Reason.GONE);
    assertThat(caller.awaitedRank()).hasValue(1);
    CollectiveException called = outcomes.get(1).collectiveFailure();
    assertThat(called)
        .hasMessage(
            "Cannot connect rank 1 with its neighbours: rank 0 did not connect (expected within 3000"
                + " ms)");
    assertThat(called.reason()).isEqualTo(Reason.LATE);
    assertThat(called.awaitedRank()).hasValue(0);
    for (int rank = 0; rank < 2; rank++) {
      assertThat(outcomes.get(rank).took()).isLessThan(meet.plus(SLACK));
    }
    // It had both its neighbours, and lost them in its first operation.
    assertThat(outcomes.get(2).collectiveFailure().reason()).isEqualTo(Reason.GONE);
  }

  @Test
  void waitsForARankThatStartsLate() throws Exception {
    RingEndpoint first = RingEndpoint.open("localhost");
    InetSocketAddress later;
    try (RingEndpoint freed = RingEndpoint.open("localhost")) {
      later = Rings.addressOf(freed);
    }
    // Nothing listens there at first; then a proxy to the rank that has started.
    List<InetSocketAddress> addresses = List.of(Rings.addressOf(first), later);
    Deadlines deadlines = Deadlines.of(AMPLE);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Collective> early =
          threads.submit(() -> RingCollective.connect(0, first, addresses, GUARD, deadlines));
      // Some calls are refused meanwhile: its endpoint has been asked before it is there.
      assertThatThrownBy(() -> early.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      RingEndpoint second = RingEndpoint.open("localhost");
      try (Proxy proxy = new Proxy(later.getPort(), Rings.addressOf(second), Fault.NONE);
          Collective late = RingCollective.connect(1, second, addresses, GUARD, deadlines);
          Collective collective = early.get()) {
        assertThat(proxy.address()).isEqualTo(later);
        Future<?> other = threads.submit(() -> late.allReduce(direct(1, 2)));
        collective.allReduce(direct(3, 4));
        other.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Wherever in the operation it was; here where it tells its listener. */
  @Test
  void knowsThatItStoodStillItself() throws Exception {
    CountDownLatch stands = new CountDownLatch(1);
    CountDownLatch thaw = new CountDownLatch(1);
    List<Outcome<Object>> outcomes =
        Rings.outcomes(
            Kind.RING,
            2,
            new Deadlines(AMPLE, Duration.ofSeconds(2)),
            collective -> {
              if (collective.rank() == 1) {
                collective.onWait(
                    (ranks, soFar) -> {
                      stands.countDown();
                      try {
                        thaw.await();
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                    });
              } else {
                stands.await();
              }
              try {
                collective.allReduce(direct(new float[4_000_000]));
              } finally {
                thaw.countDown();
              }
              return null;
            });
    assertThat(outcomes.get(0).collectiveFailure().awaitedRank()).hasValue(1);
    CollectiveException itself = outcomes.get(1).collectiveFailure();
    assertThat(itself.reason()).isEqualTo(Reason.LATE);
    assertThat(itself.awaitedRank()).isEmpty();
    assertThat(itself)
        .hasMessageMatching(
            "Cannot combine gradients: rank 1 stood still for \\d+ ms in operation 1: rank 1 .*");
  }

  /** A short operation it can still complete, with what others sent before they gave up. */
  @ParameterizedTest
  @CsvSource({
    "2, 'rank 1 came too late to operation 3: rank 0 gave up, for it waited for rank 1 in vain'",
    "4000000, rank 1 stood still for \\d+ ms in operation 2: rank 1 .*"
  })
  @EnabledOnOs(OS.LINUX)
  void knowsAProcessThatWasStopped(int length, String itself) throws Exception {
    RingEndpoint endpoint = RingEndpoint.open("localhost");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RankProcess.class.getName(),
                String.valueOf(endpoint.port()),
                String.valueOf(length))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader says = process.inputReader(StandardCharsets.UTF_8)) {
      int port = Integer.parseInt(says.readLine());
      List<InetSocketAddress> addresses =
          List.of(Rings.addressOf(endpoint), new InetSocketAddress("localhost", port));
      Deadlines deadlines = new Deadlines(AMPLE, RankProcess.DEADLINE);
      CollectiveException failure;
      try (Collective collective =
          RingCollective.connect(0, endpoint, addresses, GUARD, deadlines)) {
        collective.allReduce(direct(1, 2));
        assertThat(says.readLine()).isEqualTo("waits for [0]");
        signal("STOP", process);
        awaitStopped(process);
        long start = System.nanoTime();
        failure =
            catchThrowableOfType(
                CollectiveException.class, () -> collective.allReduce(direct(new float[length])));
        assertThat(Rings.since(start))
            .isBetween(RankProcess.DEADLINE, RankProcess.DEADLINE.plus(SLACK));
      }
      assertThat(failure.reason()).isEqualTo(Reason.LATE);
      assertThat(failure.awaitedRank()).hasValue(1);
      signal("CONT", process);
      assertThat(says.readLine())
          .matches("LATE OptionalInt.empty Cannot combine gradients: " + itself);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void signal(String signal, Process process) throws Exception {
    int exit =
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
    assertThat(exit).isZero();
  }

  private static void awaitStopped(Process process) throws Exception {
    Path status = Path.of("/proc", String.valueOf(process.pid()), "stat");
    while (!Files.readString(status).contains(") T ")) {
      Thread.onSpinWait();
    }
  }

  /** Rank 1 of two, in a process that can be stopped. */
  static final class RankProcess {
    static final Duration DEADLINE = Duration.ofSeconds(2);

    private RankProcess() {}

    /**
     * @param args the port of rank 0; the length of all vectors but the first
     */
    public static void main(String[] args) {
      RingEndpoint endpoint = RingEndpoint.open("localhost");
      System.out.println(endpoint.port());
      List<InetSocketAddress> addresses =
          List.of(
              new InetSocketAddress("localhost", Integer.parseInt(args[0])),
              Rings.addressOf(endpoint));
      try (Collective collective =
          RingCollective.connect(1, endpoint, addresses, GUARD, new Deadlines(AMPLE, DEADLINE))) {
        collective.onWait((ranks, soFar) -> System.out.println("waits for " + ranks));
        collective.allReduce(direct(1, 2));
        int length = Integer.parseInt(args[1]);
        while (true) {
          collective.allReduce(direct(new float[length]));
        }
      } catch (CollectiveException e) {
        System.out.println(e.reason() + " " + e.awaitedRank() + " " + e.getMessage());
      }
    }
  }
}
