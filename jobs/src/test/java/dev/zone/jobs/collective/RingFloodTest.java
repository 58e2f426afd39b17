package dev.zone.jobs.collective;

import static dev.zone.jobs.collective.Rings.GUARD;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten thousand hostile connections change nothing. */
@Timeout(120)
class RingFloodTest {
  private static final int LENGTH = 300_000;
  private static final Deadlines DEADLINES = Deadlines.of(Duration.ofSeconds(60));

  /** Of one rank's strangers at once, of the flood's own connections, and a margin. */
  private static final int DESCRIPTORS = 2 * 256 + 600 + 300;

  private static final long HEAP_BYTES = 8L << 20;

  @Test
  void givesTheSameBitsUnderTenThousandHostileConnections() throws Exception {
    float[] expected = Rings.undisturbed(2, LENGTH);
    byte[] replay = recordedHello();
    List<byte[]> sayings =
        List.of(
            new byte[0],
            "GET / HTTP/1.1\r\nHost: ring\r\nUser-Agent: a stranger\r\nAccept: */*\r\n\r\n"
                .repeat(3)
                .getBytes(StandardCharsets.US_ASCII),
            Arrays.copyOf(replay, Handshake.HELLO_BYTES / 2),
            replay,
            new byte[100_000]);
    RingEndpoint first = RingEndpoint.open("localhost");
    RingEndpoint second = RingEndpoint.open("localhost");
    List<InetSocketAddress> addresses = List.of(Rings.addressOf(first), Rings.addressOf(second));
    ExecutorService threads = Executors.newFixedThreadPool(3);
    long heapBefore = usedHeap();
    long openBefore = openDescriptors();
    try (Flood flood = new Flood(addresses, sayings)) {
      CountDownLatch going = new CountDownLatch(2);
      CountDownLatch hitWhileItRuns = new CountDownLatch(1);
      Future<float[]> one = threads.submit(() -> work(0, first, addresses, going, hitWhileItRuns));
      flood.strike(8000);
      assertThat(openDescriptors() - openBefore).isLessThan(DESCRIPTORS);
      assertThat(usedHeap() - heapBefore).isLessThan(HEAP_BYTES);
      Future<Integer> more = threads.submit(() -> strikeUntil(flood, going));
      Future<float[]> other =
          threads.submit(() -> work(1, second, addresses, going, hitWhileItRuns));
      assertThat(more.get()).isPositive();
      int reached = flood.reached();
      assertThat(openDescriptors() - openBefore).isLessThan(DESCRIPTORS);
      flood.strike(2000);
      hitWhileItRuns.countDown();
      assertThat(Arrays.equals(one.get(), expected)).isTrue();
      assertThat(Arrays.equals(other.get(), expected)).isTrue();
      assertThat(flood.opened()).isGreaterThanOrEqualTo(10_000);
      // A ring that runs listens no more; what comes then is refused by the system.
      assertThat(reached).isGreaterThan(4000);
      assertThat(flood.reached() - reached).isLessThan(200);
    } finally {
      threads.shutdownNow();
    }
    assertThat(openDescriptors() - openBefore).isLessThan(20);
    assertThat(usedHeap() - heapBefore).isLessThan(HEAP_BYTES);
  }

  @Test
  void closesTheOldestStrangerForANewOneAndAllAfterAWhile() throws Exception {
    RingEndpoint first = RingEndpoint.open("localhost");
    ExecutorService threads = Executors.newFixedThreadPool(1);
    List<Socket> strangers = new ArrayList<>();
    try (RingEndpoint second = RingEndpoint.open("localhost")) {
      List<InetSocketAddress> addresses = List.of(Rings.addressOf(first), Rings.addressOf(second));
      Future<Collective> connecting =
          threads.submit(() -> RingCollective.connect(0, first, addresses, GUARD, DEADLINES));
      long start = System.nanoTime();
      for (int i = 0; i < 300; i++) {
        strangers.add(new Socket("localhost", first.port()));
      }
      for (Socket early : strangers.subList(0, 300 - 256)) {
        early.getInputStream().readAllBytes();
      }
      assertThat(Rings.since(start)).isLessThan(Duration.ofSeconds(4));
      Socket last = strangers.get(299);
      assertThat(last.getInputStream().readAllBytes()).hasSize(Handshake.NONCE_BYTES);
      assertThat(Rings.since(start)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(15));
      assertThat(connecting).isNotDone();
    } finally {
      threads.shutdownNow();
      for (Socket stranger : strangers) {
        stranger.close();
      }
    }
  }

  private static float[] work(
      int rank,
      RingEndpoint endpoint,
      List<InetSocketAddress> addresses,
      CountDownLatch going,
      CountDownLatch hitWhileItRuns)
      throws Exception {
    try (Collective collective =
        RingCollective.connect(rank, endpoint, addresses, GUARD, DEADLINES)) {
      going.countDown();
      float[] sum;
      FloatBuffer goesOn;
      do {
        sum = Rings.sum(collective, LENGTH);
        goesOn = Rings.direct(rank == 0 ? (float) hitWhileItRuns.getCount() : 0);
        collective.allReduce(goesOn);
      } while (goesOn.get(0) > 0);
      return sum;
    }
  }

  private static int strikeUntil(Flood flood, CountDownLatch going) throws Exception {
    int before = flood.opened();
    do {
      flood.strike(100);
    } while (going.getCount() > 0 && flood.opened() < 200_000);
    return flood.opened() - before;
  }

  /** What rank 0 said in a handshake with rank 1, in a ring with the same secret. */
  private static byte[] recordedHello() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(1);
    try (FakeNeighbour neighbour = new FakeNeighbour();
        RingEndpoint endpoint = RingEndpoint.open("localhost")) {
      Future<Collective> connecting =
          threads.submit(
              () ->
                  RingCollective.connect(
                      1,
                      endpoint,
                      List.of(neighbour.address(), Rings.addressOf(endpoint)),
                      GUARD,
                      DEADLINES));
      neighbour.meet(Rings.addressOf(endpoint));
      connecting.get().close();
      return neighbour.recordedHello();
    } finally {
      threads.shutdownNow();
    }
  }

  private static long openDescriptors() {
    return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getOpenFileDescriptorCount();
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
