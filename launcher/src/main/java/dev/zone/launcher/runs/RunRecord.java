package dev.zone.launcher.runs;

import dev.zone.conf.RunState;
import java.util.Map;

/** What a run reports while it goes on. */
public sealed interface RunRecord {
  /** The run's state changed. */
  record State(RunState state, String message) implements RunRecord {}

  /** Something happened that people want to know. */
  record Event(String event, String message) implements RunRecord {}

  /**
   * Training begins.
   *
   * @param stepsPerEpoch optimizer steps of an epoch
   * @param examples of the training split
   * @param folds 1 without cross-validation
   */
  record Start(
      int epochs, int stepsPerEpoch, long examples, long parameters, int workers, int folds)
      implements RunRecord {}

  /**
   * Optimizer steps were done.
   *
   * @param fold from 1
   * @param epoch from 1
   * @param step counts over the fold
   * @param seconds since the fold's first step
   */
  record Step(int fold, int epoch, long step, double loss, double examplesPerSecond, double seconds)
      implements RunRecord {}

  /**
   * An epoch is done.
   *
   * @param validation metrics by name; empty without a validation split
   * @param best whether it is the best epoch so far
   */
  record Epoch(
      int fold,
      int epoch,
      long step,
      double loss,
      double examplesPerSecond,
      double seconds,
      Map<String, Double> validation,
      boolean best)
      implements RunRecord {}

  /** The state of the training was saved. */
  record Checkpoint(int fold, int epoch, long step) implements RunRecord {}
}
