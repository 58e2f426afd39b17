package dev.zone.jobs.collective;

import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.collective.CollectiveException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A ring over TCP: each rank sends to the next and receives from the one before. An all-reduce is
 * N-1 steps in which sums travel (reduce-scatter) and N-1 in which results do (all-gather), so each
 * rank sends about twice the vector, however many ranks.
 *
 * <p>Each message has a header ({@link Frame}) that must be exactly what is due; anything else ends
 * the attempt. A rank that gives up tells both neighbours why, if that goes without waiting, and
 * closes its connections.
 */
public final class RingCollective implements Collective {
  private static final int NOBODY = CollectiveException.NOBODY;

  /**
   * So long a rank looks for bytes before it sleeps: to fall asleep and to be woken takes about as
   * long, and ranks with equal shares come nearly together.
   */
  private static final long LOOK_NANOS = 50_000;

  /** Looking takes the processor from a rank that it waits for, if there is only one. */
  private static final boolean LOOKS = Runtime.getRuntime().availableProcessors() > 1;

  /** Waits are cut into slices, so that this thread notices when it was not running. */
  private static final long SLICE_NANOS = Duration.ofMillis(250).toNanos();

  /** Longer than a busy machine keeps a thread from running. */
  private static final long STANDSTILL_NANOS = Duration.ofSeconds(1).toNanos();

  /** A standstill that others waited for in vain is no smaller part of the deadline. */
  private static final int STANDSTILL_PART = 4;

  private final int rank;
  private final int size;
  private final int before;
  private final int after;
  private final int attempt;
  private final Duration deadline;
  private final Wire previous;
  private final Wire next;
  private final Selector selector;
  private final SelectionKey previousKey;
  private final SelectionKey nextKey;
  private final RingFailures failures;
  private final Chunks chunks = new Chunks();
  private final Outgoing outgoing = new Outgoing();
  private final Incoming incoming = new Incoming();

  /** The next rank sends nothing but a farewell. */
  private final ByteBuffer fromNext = Frame.direct(Frame.BYTES);

  private WaitListener listener = (ranks, soFar) -> {};
  private boolean nextEnded;
  private boolean closed;

  // Of the operation under way.
  private long operation;
  private long begun;
  private boolean told;
  private int awaited;

  /** When this thread last looked at the clock. */
  private long looked;

  /** The longest time for which it did not, beyond what it meant to wait. */
  private long stoodStill;

  private RingCollective(
      int rank, int size, int attempt, Duration deadline, RingConnector.Neighbours neighbours)
      throws IOException {
    this.rank = rank;
    this.size = size;
    this.before = Math.floorMod(rank - 1, size);
    this.after = (rank + 1) % size;
    this.attempt = attempt;
    this.failures = new RingFailures(rank, size);
    this.deadline = deadline;
    this.previous = neighbours.previous();
    this.next = neighbours.next();
    this.selector = Selector.open();
    this.previousKey = previous.channel().register(selector, 0);
    this.nextKey = next.channel().register(selector, 0);
  }

  /**
   * Connects this rank to its neighbours.
   *
   * @param endpoint this rank's own, already known to the others; closed when the rank before has
   *     come, or in failure
   * @param addresses of all ranks' endpoints, by rank
   * @param guard the same for all ranks
   * @throws CollectiveException if a neighbour does not come, is not reached, or is a stranger
   */
  public static Collective connect(
      int rank,
      RingEndpoint endpoint,
      List<InetSocketAddress> addresses,
      RingGuard guard,
      Deadlines deadlines) {
    RingConnector connector = new RingConnector(rank, addresses, guard, deadlines.meet());
    try (endpoint) {
      return new RingCollective(
          rank,
          addresses.size(),
          guard.attempt(),
          deadlines.operation(),
          connector.connect(endpoint));
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot connect rank " + rank + " with its neighbours: " + e.getMessage(), e);
    }
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void onWait(WaitListener newListener) {
    listener = newListener;
  }

  @Override
  public void allReduce(FloatBuffer values) {
    if (closed) {
      throw failures.closed();
    }
    operation++;
    begun = System.nanoTime();
    told = false;
    awaited = NOBODY;
    looked = begun;
    stoodStill = 0;
    try {
      hearFarewell();
      Optional<ByteBuffer> span = Span.of(values);
      for (int step = 0; step < size - 1; step++) {
        exchange(values, span, rank - step, step);
      }
      for (int step = 0; step < size - 1; step++) {
        exchange(values, span, rank + 1 - step, size - 1 + step);
      }
    } catch (CollectiveException e) {
      CollectiveException failure = rooted(e);
      sayFarewell(failure);
      close();
      throw failure;
    }
  }

  /**
   * Sends one chunk to the next rank while the one before it in the vector comes from the previous
   * rank; both may be longer than the sockets hold. What comes is added, or copied, as it comes.
   */
  private void exchange(FloatBuffer values, Optional<ByteBuffer> span, int chunk, int step) {
    int length = values.limit();
    int sent = Math.floorMod(chunk, size);
    int due = Math.floorMod(chunk - 1, size);
    int at = Chunks.start(due, size, length);
    int sends = Chunks.length(sent, size, length);
    int comes = Chunks.length(due, size, length);
    outgoing.begin(
        frame(step, rank, sends * Float.BYTES),
        values,
        span,
        Chunks.start(sent, size, length),
        sends);
    boolean adds = step < size - 1;
    if (adds || span.isEmpty()) {
      incoming.begin(comes);
    } else {
      incoming.begin(span.get(), at, comes);
    }
    Frame expected = frame(step, before, comes * Float.BYTES);
    boolean checked = false;
    boolean idle = false;
    long idleSince = 0;
    while (true) {
      noticeStandstill(0);
      boolean progress = send();
      progress |= receive();
      if (!checked && incoming.hasHeader()) {
        check(expected);
        checked = true;
      }
      int count = incoming.count();
      if (count > 0) {
        take(values, at, count, adds);
        at += count;
      }
      boolean isReceiving = !incoming.isDone();
      boolean isSending = !outgoing.isDone() || !flushed();
      if (!isReceiving && !isSending) {
        return;
      }
      if (nextEnded && (isSending || step < 2 * size - 3)) {
        throw lost(after, new EOFException("it closed its connection"));
      }
      idleSince = progress || !idle ? looked : idleSince;
      idle = !progress;
      if (!progress && LOOKS && looked - idleSince < LOOK_NANOS) {
        Thread.onSpinWait();
      } else if (!progress) {
        await(isReceiving, isSending);
      }
    }
  }

  private Frame frame(int step, int from, int bytes) {
    return new Frame(Frame.DATA, attempt, operation, step, from, bytes);
  }

  private void take(FloatBuffer values, int at, int count, boolean adds) {
    if (adds) {
      chunks.add(values, at, incoming.floats(), 0, count);
    } else {
      values.put(at, incoming.floats(), 0, count);
    }
    incoming.taken();
  }

  private boolean send() {
    try {
      return outgoing.send(next);
    } catch (IOException e) {
      throw lost(after, e);
    }
  }

  private boolean flushed() {
    try {
      return next.flush();
    } catch (IOException e) {
      throw lost(after, e);
    }
  }

  private boolean receive() {
    try {
      return incoming.receive(previous);
    } catch (IOException e) {
      throw lost(before, e);
    }
  }

  private void check(Frame due) {
    Frame frame = incoming.header();
    if (!frame.equals(due)) {
      throw unexpected(frame, due);
    }
  }

  private void await(boolean receives, boolean sends) {
    long now = System.nanoTime();
    long passed = now - begun;
    long all = deadline.toNanos();
    awaited = receives ? before : after;
    if (passed >= all) {
      throw failures.late(awaited, operation, passed);
    }
    if (!told && passed >= all / 4) {
      told = true;
      listener.waiting(List.of(awaited), Duration.ofNanos(passed));
      return;
    }
    previousKey.interestOps(previous.interest(receives, false));
    nextKey.interestOps(next.interest(!nextEnded, sends));
    long left = Math.min(SLICE_NANOS, (told ? all : all / 4) - passed);
    try {
      selector.select(Math.max(1, left / 1_000_000));
    } catch (IOException e) {
      throw lost(awaited, e);
    }
    noticeStandstill(left);
    boolean heard = nextKey.isReadable();
    selector.selectedKeys().clear();
    if (Thread.currentThread().isInterrupted()) {
      throw failures.interrupted();
    }
    if (heard) {
      hearFarewell();
    }
  }

  /**
   * Asked in every round of an operation and in its end: a process can be stopped anywhere.
   *
   * @param meant nanoseconds that this thread meant to wait since it last looked
   */
  private void noticeStandstill(long meant) {
    long now = System.nanoTime();
    stoodStill = Math.max(stoodStill, now - looked - meant);
    looked = now;
  }

  /** The next rank owes nothing; if it sends something all the same, it gives up. */
  private void hearFarewell() {
    try {
      while (fromNext.hasRemaining()) {
        int count = next.read(fromNext);
        nextEnded |= count < 0;
        if (count <= 0) {
          return;
        }
      }
    } catch (IOException e) {
      throw lost(after, e);
    }
    throw unexpected(Frame.take(fromNext.rewind()), frame(0, after, 0));
  }

  private CollectiveException unexpected(Frame frame, Frame due) {
    return frame.isFarewell(attempt, due.rank(), size)
        ? failures.gaveUp(frame, awaited, operation, System.nanoTime() - begun)
        : failures.outOfStep(frame, due);
  }

  /**
   * The failure as whoever looks for its root has to know it: if this rank stood still itself, as
   * one that was stopped did, it is the root, whatever it sees of the others now. And if it sees
   * the rank before it go, it hears first what the one after it, which may have waited for it, has
   * to say.
   */
  private CollectiveException rooted(CollectiveException failure) {
    noticeStandstill(0);
    boolean secondary = failure.reason() == Reason.LATE || failure.reason() == Reason.GONE;
    long standstill = Math.max(STANDSTILL_NANOS, deadline.toNanos() / STANDSTILL_PART);
    if (secondary && stoodStill >= standstill) {
      return failures.stoodStill(stoodStill, operation, failure);
    }
    if (failure.reason() == Reason.GONE) {
      try {
        hearFarewell();
      } catch (CollectiveException said) {
        return said.reason() == Reason.LATE ? said : failure;
      }
    }
    return failure;
  }

  private CollectiveException lost(int neighbour, IOException e) {
    return failures.lost(neighbour, operation, System.nanoTime() - begun, e);
  }

  /**
   * To the next rank only between messages, to the previous one, to whom nothing else goes, always.
   */
  private void sayFarewell(CollectiveException failure) {
    ByteBuffer farewell = Frame.direct(Frame.BYTES);
    Frame.farewell(attempt, operation, rank, failure).put(farewell);
    farewell.flip();
    try {
      if (!outgoing.isUnderWay()) {
        next.write(farewell.duplicate());
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    try {
      previous.write(farewell);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    closed = true;
    Closing.quietly(previous);
    Closing.quietly(next);
    Closing.quietly(selector);
  }
}
