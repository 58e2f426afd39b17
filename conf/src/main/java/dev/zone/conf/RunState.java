package dev.zone.conf;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Where a run stands, as its {@code state.json} says. {@link #next} is the table of legal moves;
 * nothing else moves a run.
 */
public enum RunState {
  /** Accepted: its record is kept, and it is being handed to the cluster. */
  SUBMITTED,
  /** The cluster has it; its driver does not run yet. */
  QUEUED,
  /** The application starts. */
  STARTING,
  /** The data are read, checked and turned into examples. */
  PREPARING,
  /** All is ready but the places for the workers. */
  WAITING,
  TRAINING,
  EVALUATING,
  SUCCEEDED,
  /** It ended, and it is known how. */
  FAILED,
  CANCELLED,
  /** Nobody hears of it: whether it goes on or ended is not known. */
  LOST;

  private static final Set<RunState> ENDED = EnumSet.of(SUCCEEDED, FAILED, CANCELLED);

  /** The states that may come after this one. */
  public Set<RunState> next() {
    return switch (this) {
      case SUBMITTED -> orEnd(QUEUED, STARTING);
      case QUEUED -> orEnd(STARTING);
      // Whose record of a state could not be written goes on to the next.
      case STARTING -> orEnd(PREPARING, WAITING, TRAINING, EVALUATING);
      case PREPARING -> orEnd(WAITING, TRAINING, EVALUATING);
      case WAITING -> orEnd(TRAINING, EVALUATING);
      // A further attempt waits for its places again.
      case TRAINING -> orEnd(WAITING, EVALUATING);
      case EVALUATING -> orEnd(SUCCEEDED);
      // Going on with it.
      case FAILED, CANCELLED -> EnumSet.of(SUBMITTED, STARTING);
      case SUCCEEDED -> EnumSet.noneOf(RunState.class);
      // It may turn up again wherever it is by then.
      case LOST -> EnumSet.complementOf(EnumSet.of(LOST));
    };
  }

  private static Set<RunState> orEnd(RunState... others) {
    Set<RunState> next = EnumSet.of(FAILED, CANCELLED, LOST);
    next.addAll(Set.of(others));
    return next;
  }

  /** Whether a run may begin its life in it. */
  public boolean isFirst() {
    return this == SUBMITTED || this == STARTING;
  }

  /** Whether the run ended: nothing comes after it by itself. */
  public boolean isFinal() {
    return ENDED.contains(this);
  }

  /** For people: {@code preparing}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
