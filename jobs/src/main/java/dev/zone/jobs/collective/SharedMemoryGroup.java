package dev.zone.jobs.collective;

import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Ranks that are threads of one JVM. Each rank adds one chunk of all the vectors and writes it into
 * all of them.
 */
public final class SharedMemoryGroup {
  private final int size;
  private final Duration deadline;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All below: guarded by lock.
  private final FloatBuffer[] vectors;
  private int arrived;
  private long generation;
  private String fault;

  /**
   * @param deadline the longest that a rank waits for the others in one operation
   */
  public SharedMemoryGroup(int size, Duration deadline) {
    this.size = size;
    this.deadline = deadline;
    this.vectors = new FloatBuffer[size];
  }

  /** The collective of one rank; to be used by one thread. */
  public Collective join(int rank) {
    if (rank < 0 || rank >= size) {
      throw new IllegalArgumentException(
          "Cannot join as rank " + rank + " (expected 0 to " + (size - 1) + ")");
    }
    return new Member(rank);
  }

  /**
   * Waits until all ranks are here, each with its vector.
   *
   * @return the vectors by rank
   */
  private FloatBuffer[] meet(int rank, FloatBuffer values) {
    lock.lock();
    try {
      throwOnFault();
      vectors[rank] = values;
      if (++arrived == size) {
        checkLengths();
        arrived = 0;
        generation++;
        changed.signalAll();
      } else {
        awaitNext(rank);
      }
      return vectors.clone();
    } finally {
      lock.unlock();
    }
  }

  private void checkLengths() {
    for (int r = 1; r < size; r++) {
      if (vectors[r].limit() != vectors[0].limit()) {
        fail(
            "rank "
                + r
                + " reduces "
                + vectors[r].limit()
                + " values, rank 0 reduces "
                + vectors[0].limit());
      }
    }
  }

  private void awaitNext(int rank) {
    long mine = generation;
    long nanos = deadline.toNanos();
    try {
      while (generation == mine) {
        throwOnFault();
        if (nanos <= 0) {
          fail(
              "rank "
                  + rank
                  + " waited "
                  + deadline.toMillis()
                  + " ms for the other ranks in vain");
        }
        nanos = changed.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail("rank " + rank + " was interrupted");
    }
  }

  private void fail(String what) {
    if (fault == null) {
      fault = what;
    }
    changed.signalAll();
    throwOnFault();
  }

  private void throwOnFault() {
    if (fault != null) {
      throw new CollectiveException("Cannot combine gradients: " + fault);
    }
  }

  private void leave(int rank) {
    lock.lock();
    try {
      if (fault == null) {
        fault = "rank " + rank + " has left";
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private final class Member implements Collective {
    private final int rank;

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
    public void allReduce(FloatBuffer values) {
      if (size == 1) {
        return;
      }
      FloatBuffer[] all = meet(rank, values);
      int length = values.limit();
      int start = Chunks.start(rank, size, length);
      int end = start + Chunks.length(rank, size, length);
      for (int i = start; i < end; i++) {
        float sum = all[rank].get(i);
        for (int k = 1; k < size; k++) {
          sum += all[(rank + k) % size].get(i);
        }
        for (FloatBuffer vector : all) {
          vector.put(i, sum);
        }
      }
      meet(rank, values);
    }

    /** The others' next operation fails at once, instead of at its deadline. */
    @Override
    public void close() {
      leave(rank);
    }
  }
}
