package dev.zone.jobs.collective;

import dev.zone.jobs.collective.CollectiveException.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;

/**
 * Brings a rank together with its neighbours. One thread, the caller's, accepts and connects, by a
 * selector; whoever connects must prove that he knows the secret before anything he sends is
 * believed.
 */
final class RingConnector {
  private final int rank;
  private final List<InetSocketAddress> addresses;
  private final RingGuard guard;
  private final Duration deadline;

  record Neighbours(Wire previous, Wire next) {}

  RingConnector(int rank, List<InetSocketAddress> addresses, RingGuard guard, Duration deadline) {
    this.rank = rank;
    this.addresses = List.copyOf(addresses);
    this.guard = guard;
    this.deadline = deadline;
  }

  Neighbours connect(RingEndpoint endpoint) throws IOException {
    int before = Math.floorMod(rank - 1, addresses.size());
    int after = (rank + 1) % addresses.size();
    long until = System.nanoTime() + deadline.toNanos();
    try (Selector selector = Selector.open();
        Door door = new Door(selector, endpoint, guard, before, rank);
        Caller caller = new Caller(selector, addresses.get(after), guard, rank, after)) {
      while (true) {
        long now = System.nanoTime();
        door.tick(now);
        caller.tick(now);
        if (door.isDone() && caller.isDone()) {
          return new Neighbours(door.take(), caller.take());
        }
        if (now - until >= 0) {
          throw late(door, caller);
        }
        await(
            selector, Math.min(until - now, Math.min(door.nanosLeft(now), caller.nanosLeft(now))));
      }
    }
  }

  private void await(Selector selector, long nanos) throws IOException {
    selector.select(Math.max(1, nanos / 1_000_000));
    if (Thread.currentThread().isInterrupted()) {
      throw new CollectiveException(
          Reason.INTERRUPTED,
          "Cannot connect rank " + rank + " with its neighbours: it was interrupted");
    }
    for (SelectionKey key : selector.selectedKeys()) {
      // Whoever was heard before may have led to this one's end.
      if (key.isValid()) {
        ((Runnable) key.attachment()).run();
      }
    }
    selector.selectedKeys().clear();
  }

  /** If both are missing, the one of whom more is known is the one to name. */
  private CollectiveException late(Door door, Caller caller) {
    int before = Math.floorMod(rank - 1, addresses.size());
    int after = (rank + 1) % addresses.size();
    String previous = "rank " + before + " did not connect";
    boolean nextOnly = door.isDone() || (!caller.isDone() && caller.reason() == Reason.GONE);
    String what =
        door.isDone()
            ? caller.trouble()
            : caller.isDone() ? previous : caller.trouble() + "; " + previous;
    return new CollectiveException(
        nextOnly ? caller.reason() : Reason.LATE,
        nextOnly ? after : before,
        String.format(
            "Cannot connect rank %d with its neighbours: %s (expected within %d ms)",
            rank, what, deadline.toMillis()));
  }
}
