package dev.zone.jobs.collective;

import dev.zone.jobs.collective.CollectiveException.Reason;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Ranks that are threads of one JVM. Each rank adds one chunk of all the vectors and writes it into
 * all of them.
 */
public final class SharedMemoryGroup {
  private static final String CANNOT = "Cannot combine gradients: ";

  /**
   * So long a rank looks for the others before it sleeps: to fall asleep and to be woken takes
   * about as long, and ranks with equal shares come nearly together.
   */
  private static final long LOOK_NANOS = 100_000;

  private final int size;
  private final Duration deadline;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Looking takes the processor from a rank that it waits for, if there are too few. */
  private final boolean looks;

  // All below: changed under the lock only; generation and fault are looked at without. What stands
  // in vectors has arrived; met is what stood there when
  // the last meeting was complete.
  private final FloatBuffer[] vectors;
  private int arrived;
  private FloatBuffer[] met = {};
  private volatile long generation;
  private volatile Fault fault = Fault.NONE;

  /** Why the group has ended; of whom the culprits' others may say that they waited for them. */
  private record Fault(Reason reason, List<Integer> culprits, String what) {
    static final Fault NONE = new Fault(Reason.CLOSED, List.of(), "");

    boolean isReal() {
      return !what.isEmpty();
    }
  }

  /**
   * @param deadline the longest that a rank waits for the others in one operation
   */
  public SharedMemoryGroup(int size, Duration deadline) {
    Deadlines.require("combine", deadline);
    this.size = size;
    this.deadline = deadline;
    this.vectors = new FloatBuffer[size];
    this.looks = size <= Runtime.getRuntime().availableProcessors();
  }

  /** The collective of one rank; to be used by one thread. */
  public Collective join(int rank) {
    if (rank < 0 || rank >= size) {
      throw new IllegalArgumentException(
          "Cannot join as rank " + rank + " (expected 0 to " + (size - 1) + ")");
    }
    return new Member(rank);
  }

  private final class Member implements Collective {
    private final int rank;
    private final Chunks chunks = new Chunks();
    private WaitListener listener = (ranks, soFar) -> {};
    private boolean closed;

    // Of the operation under way.
    private long operation;
    private long begun;
    private boolean told;

    Member(int rank) {
      this.rank = rank;
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
        throw new CollectiveException(
            Reason.CLOSED, CANNOT + "rank " + rank + " has closed its collective");
      }
      operation++;
      begun = System.nanoTime();
      told = false;
      if (size == 1) {
        return;
      }
      FloatBuffer[] all = meet(values);
      int length = values.limit();
      chunks.addAll(all, rank, Chunks.start(rank, size, length), Chunks.length(rank, size, length));
      meet(values);
    }

    @Override
    public void close() {
      closed = true;
      lock.lock();
      try {
        end(Reason.GONE, List.of(rank), "rank " + rank + " has left");
      } finally {
        lock.unlock();
      }
    }

    /**
     * Waits until all ranks are here, each with its vector.
     *
     * @return the vectors by rank
     */
    private FloatBuffer[] meet(FloatBuffer values) {
      long mine = generation;
      lock.lock();
      try {
        throwOnFault();
        vectors[rank] = values;
        arrived++;
        if (arrived == size) {
          checkLengths();
          met = vectors.clone();
          Arrays.fill(vectors, null);
          arrived = 0;
          generation++;
          changed.signalAll();
          return met;
        }
      } finally {
        lock.unlock();
      }
      if (looks) {
        lookForOthers(mine);
      }
      lock.lock();
      try {
        awaitOthers(mine);
        return met;
      } finally {
        lock.unlock();
      }
    }

    private void lookForOthers(long mine) {
      long until = System.nanoTime() + LOOK_NANOS;
      while (generation == mine && !fault.isReal() && System.nanoTime() < until) {
        Thread.onSpinWait();
      }
    }

    private void checkLengths() {
      for (int r = 1; r < size; r++) {
        if (vectors[r].limit() != vectors[0].limit()) {
          end(
              Reason.OUT_OF_STEP,
              List.of(r),
              String.format(
                  "rank %d reduces %d values, rank 0 reduces %d",
                  r, vectors[r].limit(), vectors[0].limit()));
          throwOnFault();
        }
      }
    }

    private void awaitOthers(long mine) {
      long all = deadline.toNanos();
      try {
        while (generation == mine) {
          throwOnFault();
          long passed = System.nanoTime() - begun;
          if (passed >= all) {
            endLate();
            throwOnFault();
          }
          if (!told && passed >= all / 4) {
            tell(passed);
            continue;
          }
          changed.awaitNanos((told ? all : all / 4) - passed);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        end(Reason.INTERRUPTED, List.of(rank), "rank " + rank + " was interrupted");
        throwOnFault();
      }
    }

    /** Not under the lock, which others need to arrive. */
    private void tell(long passed) {
      told = true;
      List<Integer> ranks = missing();
      lock.unlock();
      try {
        listener.waiting(ranks, Duration.ofNanos(passed));
      } finally {
        lock.lock();
      }
    }

    private void endLate() {
      List<Integer> late = missing();
      String names = late.stream().map(String::valueOf).collect(Collectors.joining(", "));
      end(
          Reason.LATE,
          late,
          String.format(
              "rank %d waited %d ms for %s %s in operation %d in vain",
              rank, deadline.toMillis(), late.size() == 1 ? "rank" : "ranks", names, operation));
    }

    /** What ended the group, as this rank has to see it. */
    private void throwOnFault() {
      if (!fault.isReal()) {
        return;
      }
      boolean mine = fault.culprits().contains(rank);
      Reason reason = fault.reason();
      if (reason == Reason.INTERRUPTED && !mine) {
        reason = Reason.GONE;
      }
      if (mine && reason != Reason.OUT_OF_STEP) {
        throw new CollectiveException(reason, CANNOT + fault.what());
      }
      int other = mine ? 0 : fault.culprits().get(0);
      throw new CollectiveException(reason, other, CANNOT + fault.what());
    }
  }

  private List<Integer> missing() {
    return IntStream.range(0, size).filter(r -> vectors[r] == null).boxed().toList();
  }

  private void end(Reason reason, List<Integer> culprits, String what) {
    if (!fault.isReal()) {
      fault = new Fault(reason, culprits, what);
      changed.signalAll();
    }
  }
}
