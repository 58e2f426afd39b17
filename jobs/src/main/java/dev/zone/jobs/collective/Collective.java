package dev.zone.jobs.collective;

import java.nio.FloatBuffer;

/**
 * Collective operations over the ranks of one attempt. All ranks call the same operations with the
 * same lengths in the same order. Results are bit-identical on all ranks, and do not depend on
 * where ranks are placed: every implementation adds in the same order. To be used by one thread.
 */
public interface Collective extends AutoCloseable {
  int rank();

  int size();

  /**
   * Replaces the values from 0 to {@code limit()} by their sums over all ranks. After a failure the
   * values are neither what they were nor a sum, and no operation succeeds any more.
   *
   * @throws CollectiveException if a rank is gone, late beyond the deadline, or out of step
   */
  void allReduce(FloatBuffer values);

  /** From now on this listener, and no other, is told when an operation stalls. */
  void onWait(WaitListener listener);

  /** The other ranks' operations fail at once, instead of at their deadlines. */
  @Override
  void close();
}
