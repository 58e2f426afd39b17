package dev.zone.jobs.collective;

import static java.util.Objects.requireNonNull;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.util.OptionalInt;

/**
 * A collective operation cannot complete: a rank is gone, late or out of step.
 *
 * <p>Whose fault it is, only all ranks together tell: whoever follows {@link #awaitedRank()} from
 * any of them comes to a rank that waits for nobody, or that says nothing at all. That one is the
 * root.
 */
public final class CollectiveException extends ZoneException {
  private static final long serialVersionUID = 1L;

  static final int NOBODY = -1;

  /** Why the operation cannot complete, as this rank sees it. */
  public enum Reason {
    /** The deadline passed while this rank waited, or while others waited for this rank. */
    LATE,
    /** A connection was lost, or another rank has left or given up. */
    GONE,
    /**
     * What another rank sent is not what is due: another operation, length, attempt, or garbage.
     */
    OUT_OF_STEP,
    /** This rank's thread was interrupted. */
    INTERRUPTED,
    /** This rank has closed its collective, or failed in it before. */
    CLOSED
  }

  private final Reason reason;
  private final int awaitedRank;

  /** A failure in which this rank waited for nobody. */
  public CollectiveException(Reason reason, String message) {
    super(ErrorKind.ENVIRONMENT, message);
    this.reason = requireNonNull(reason, "reason is null");
    this.awaitedRank = NOBODY;
  }

  /**
   * @param awaitedRank the rank that this rank waited for, or that is out of step with it
   */
  public CollectiveException(Reason reason, int awaitedRank, String message) {
    super(ErrorKind.ENVIRONMENT, message);
    this.reason = requireNonNull(reason, "reason is null");
    this.awaitedRank = awaitedRank;
  }

  /** As {@link #CollectiveException(Reason, int, String)}, with what brought it to light. */
  public CollectiveException(Reason reason, int awaitedRank, String message, Throwable cause) {
    super(ErrorKind.ENVIRONMENT, message, cause);
    this.reason = requireNonNull(reason, "reason is null");
    this.awaitedRank = awaitedRank;
  }

  public Reason reason() {
    return reason;
  }

  /**
   * The rank that this rank waited for when it failed; in shared memory, where that may be several,
   * the lowest. Empty if this rank waited for nobody: it was interrupted, has closed its
   * collective, or is itself the one for which others have waited in vain.
   */
  public OptionalInt awaitedRank() {
    return awaitedRank == NOBODY ? OptionalInt.empty() : OptionalInt.of(awaitedRank);
  }
}
