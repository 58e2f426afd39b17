package dev.zone.jobs.collective;

import java.time.Duration;
import java.util.List;

/** Is told that an operation stalls, while there still is hope. */
@FunctionalInterface
public interface WaitListener {
  /**
   * A quarter of the deadline has passed in an operation, and this rank waits. Called at most once
   * an operation, by the thread that waits, so it must not take long.
   *
   * @param ranks for whom this rank waits, ascending: in a ring one, a neighbour; in shared memory
   *     all that have not arrived
   * @param soFar since this rank began the operation
   */
  void waiting(List<Integer> ranks, Duration soFar);
}
