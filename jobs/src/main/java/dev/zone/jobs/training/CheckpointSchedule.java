package dev.zone.jobs.training;

import dev.zone.conf.TrainingSpec.CheckpointSpec;

/**
 * When a checkpoint is due: every so many steps or minutes, else at each epoch's end. What is due
 * stays so until it is taken.
 */
final class CheckpointSchedule {
  private final CheckpointSpec spec;
  private long lastNanos;
  private boolean due;

  CheckpointSchedule(CheckpointSpec spec, long nowNanos) {
    this.spec = spec;
    this.lastNanos = nowNanos;
  }

  /**
   * @param step optimizer steps done, the one at work included
   */
  boolean isDueAfter(int step, long nowNanos) {
    due |= spec.everySteps().isPresent() && step % spec.everySteps().get() == 0;
    due |=
        spec.everyMinutes().isPresent() && nowNanos - lastNanos >= spec.everyMinutes().get() * 60e9;
    return due;
  }

  boolean isDueAtEpochEnd(long nowNanos) {
    due |= spec.everySteps().isEmpty() && spec.everyMinutes().isEmpty();
    due |=
        spec.everyMinutes().isPresent() && nowNanos - lastNanos >= spec.everyMinutes().get() * 60e9;
    return due;
  }

  void taken(long nowNanos) {
    due = false;
    lastNanos = nowNanos;
  }
}
