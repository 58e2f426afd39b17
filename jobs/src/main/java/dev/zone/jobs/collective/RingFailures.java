package dev.zone.jobs.collective;

import dev.zone.jobs.collective.CollectiveException.Reason;
import java.io.IOException;

/** How one rank of a ring words what ends it. */
final class RingFailures {
  private static final String CANNOT = "Cannot combine gradients: ";
  private static final int NOBODY = CollectiveException.NOBODY;

  private final int rank;
  private final int size;

  RingFailures(int rank, int size) {
    this.rank = rank;
    this.size = size;
  }

  CollectiveException closed() {
    return new CollectiveException(
        Reason.CLOSED, CANNOT + "rank " + rank + " has closed its collective");
  }

  CollectiveException interrupted() {
    return new CollectiveException(
        Reason.INTERRUPTED, CANNOT + "rank " + rank + " was interrupted");
  }

  /** This rank has waited for another, since it began the operation. */
  CollectiveException late(int awaited, long operation, long nanos) {
    return new CollectiveException(Reason.LATE, awaited, lateWords(awaited, operation, nanos));
  }

  private String lateWords(int awaited, long operation, long nanos) {
    return String.format(
        CANNOT + "rank %d waited %d ms for rank %d, %s, in operation %d in vain",
        rank,
        nanos / 1_000_000,
        awaited,
        place(awaited),
        operation);
  }

  CollectiveException lost(int neighbour, long operation, long nanos, IOException e) {
    String what = lostWords(neighbour, operation, nanos, e.getMessage());
    return new CollectiveException(Reason.GONE, neighbour, what, e);
  }

  private String lostWords(int neighbour, long operation, long nanos, String why) {
    return String.format(
        CANNOT + "rank %d lost rank %d, %s, in operation %d after %d ms: %s",
        rank,
        neighbour,
        place(neighbour),
        operation,
        nanos / 1_000_000,
        why);
  }

  private String place(int neighbour) {
    return neighbour == Math.floorMod(rank - 1, size) ? "the one before it" : "the one after it";
  }

  /** The sender's frame is not the one that is due, which every rank of the attempt can tell. */
  CollectiveException outOfStep(Frame frame, Frame due) {
    int sender = due.rank();
    return new CollectiveException(
        Reason.OUT_OF_STEP,
        sender,
        CANNOT + "rank " + sender + " is out of step: " + frame.difference(due));
  }

  /**
   * Another rank has given up.
   *
   * @param awaited for whom this rank waits, or -1
   */
  CollectiveException gaveUp(Frame farewell, int awaited, long operation, long nanos) {
    int sender = farewell.rank();
    String why = farewell.farewellWords();
    if (farewell.length() != rank || farewell.farewellReason() != Reason.LATE) {
      return new CollectiveException(
          Reason.GONE, sender, lostWords(sender, operation, nanos, "it gave up, for " + why));
    }
    // The other waited for this rank: because this one is late, or because it waits itself.
    return awaited == NOBODY
        ? new CollectiveException(
            Reason.LATE,
            String.format(
                CANNOT + "rank %d came too late to operation %d: rank %d gave up, for %s",
                rank,
                operation,
                sender,
                why))
        : new CollectiveException(
            Reason.LATE,
            awaited,
            String.format(
                "%s; rank %d gave up, for %s", lateWords(awaited, operation, nanos), sender, why));
  }

  CollectiveException stoodStill(long nanos, long operation, CollectiveException seen) {
    return new CollectiveException(
        Reason.LATE,
        NOBODY,
        String.format(
            CANNOT + "rank %d stood still for %d ms in operation %d: %s",
            rank,
            nanos / 1_000_000,
            operation,
            seen.getMessage().substring(CANNOT.length())),
        seen);
  }
}
