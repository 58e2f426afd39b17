package dev.zone.bench;

import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.collective.Deadlines;
import dev.zone.jobs.collective.RingCollective;
import dev.zone.jobs.collective.RingEndpoint;
import dev.zone.jobs.collective.RingGuard;
import dev.zone.jobs.collective.SharedMemoryGroup;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The all-reduce alone. In shared memory against each rank copying a vector, which moves as many
 * bytes: an all-reduce reads one part of every rank's vector and writes it into all of them, a
 * vector's worth each way. Over TCP against plain sockets in a ring that carry as many bytes.
 */
public final class AllReduceSpeed {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final int LARGEST = 256 << 20;
  private static final int[] SIZES = {
    1 << 10, 16 << 10, 300_000, 1 << 20, 16 << 20, 64 << 20, LARGEST
  };

  /** Bytes that a measurement moves in a round, so that small ones are repeated often. */
  private static final long VOLUME = 128L << 20;

  private static final int MOST_TIMES = 2000;
  private static final int LEAST_TIMES = 3;

  private final int ranks;
  private final int rounds;

  private AllReduceSpeed(int ranks, int rounds) {
    this.ranks = ranks;
    this.rounds = rounds;
  }

  /**
   * @param arguments the repository, and how many rounds
   */
  public static void main(String[] arguments) throws Exception {
    Table table =
        new Table(
            "ranks, bytes",
            "shared memory us",
            "GB/s",
            "a copy's GB/s",
            "reached",
            "TCP us",
            "GB/s sent",
            "a socket's GB/s",
            "reached");
    List<ByteBuffer> memory = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      memory.add(ByteBuffer.allocateDirect(LARGEST).order(ByteOrder.nativeOrder()));
    }
    for (int ranks : new int[] {2, 4}) {
      new AllReduceSpeed(ranks, Integer.parseInt(arguments[1])).measure(memory, table);
    }
    System.out.print(
        "Medians over all operations of the rounds, as rank 0 sees them; ranks are threads.\n\n"
            + table);
  }

  private void measure(List<ByteBuffer> memory, Table table) throws Exception {
    try (Team team = new Team(ranks);
        SocketRing sockets = new SocketRing(ranks)) {
      Collective[] shared = new Collective[ranks];
      SharedMemoryGroup group = new SharedMemoryGroup(ranks, DEADLINE);
      Arrays.setAll(shared, group::join);
      Collective[] ring = ring(team);
      for (int bytes : SIZES) {
        row(bytes, times(team, sockets, shared, ring, memory, bytes), table);
      }
      for (int rank = 0; rank < ranks; rank++) {
        shared[rank].close();
        ring[rank].close();
      }
    }
  }

  private Collective[] ring(Team team) throws Exception {
    List<RingEndpoint> endpoints = new ArrayList<>();
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      RingEndpoint endpoint = RingEndpoint.open("127.0.0.1");
      endpoints.add(endpoint);
      addresses.add(new InetSocketAddress("127.0.0.1", endpoint.port()));
    }
    RingGuard guard = new RingGuard(new byte[32], 1, Optional.empty());
    Collective[] ring = new Collective[ranks];
    team.each(
        rank ->
            ring[rank] =
                RingCollective.connect(
                    rank, endpoints.get(rank), addresses, guard, Deadlines.of(DEADLINE)));
    return ring;
  }

  /** Median nanoseconds of each contestant, who take turns. */
  private Map<String, Double> times(
      Team team,
      SocketRing sockets,
      Collective[] shared,
      Collective[] ring,
      List<ByteBuffer> memory,
      int bytes)
      throws Exception {
    int times = (int) Math.max(LEAST_TIMES, Math.min(MOST_TIMES, VOLUME / bytes));
    Map<String, Team.Work> contestants = new LinkedHashMap<>();
    contestants.put("shared", rank -> shared[rank].allReduce(floats(memory, rank, bytes)));
    contestants.put(
        "copy",
        rank ->
            floats(memory, rank, bytes).put(0, floats(memory, rank + ranks, bytes), 0, bytes / 4));
    contestants.put("ring", rank -> ring[rank].allReduce(floats(memory, rank, bytes)));
    contestants.put("socket", rank -> sockets.exchange(rank, sent(bytes)));
    Map<String, List<Double>> measured = new LinkedHashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (Map.Entry<String, Team.Work> one : contestants.entrySet()) {
        double nanos = team.medianNanos(times, one.getValue());
        // The first round is for the compiler and for pages that nobody touched yet.
        if (round > 0) {
          measured.computeIfAbsent(one.getKey(), none -> new ArrayList<>()).add(nanos);
        }
      }
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    measured.forEach((name, nanos) -> medians.put(name, Spread.of(nanos).median()));
    return medians;
  }

  /** What each rank of a ring sends: all parts but one, twice. */
  private long sent(int bytes) {
    return 2L * (ranks - 1) * bytes / ranks;
  }

  private static FloatBuffer floats(List<ByteBuffer> memory, int index, int bytes) {
    return memory.get(index).asFloatBuffer().limit(bytes / Float.BYTES);
  }

  private void row(int bytes, Map<String, Double> nanos, Table table) {
    double sent = sent(bytes);
    table.row(
        ranks + " ranks, " + size(bytes),
        Spread.number("%,.0f", nanos.get("shared") / 1000),
        Spread.number("%.2f", bytes / nanos.get("shared")),
        Spread.number("%.2f", bytes / nanos.get("copy")),
        Spread.number("%.0f %%", 100 * nanos.get("copy") / nanos.get("shared")),
        Spread.number("%,.0f", nanos.get("ring") / 1000),
        Spread.number("%.2f", sent / nanos.get("ring")),
        Spread.number("%.2f", sent / nanos.get("socket")),
        Spread.number("%.0f %%", 100 * nanos.get("socket") / nanos.get("ring")));
  }

  private static String size(int bytes) {
    return bytes >= 1 << 20
        ? (bytes >> 20) + " MiB"
        : bytes % 1024 == 0 ? (bytes >> 10) + " KiB" : bytes / 1000 + " KB";
  }
}
