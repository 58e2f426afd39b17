package dev.zone.jobs.run;

/** Where a run is. */
public enum RunState {
  STARTING,
  PREPARING,
  TRAINING,
  EVALUATING,
  SUCCEEDED,
  FAILED,
  CANCELLED;

  public boolean isFinal() {
    return this == SUCCEEDED || this == FAILED || this == CANCELLED;
  }
}
