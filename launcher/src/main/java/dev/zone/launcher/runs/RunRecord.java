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
   * @param validation metrics by name; empty if there was none at the epoch's end
   * @param best whether it is the best so far
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

  /**
   * A validation between the ends of epochs.
   *
   * @param epoch at work, from 1
   * @param validation metrics by name
   * @param best whether it is the best validation so far
   */
  record Validation(int fold, int epoch, long step, Map<String, Double> validation, boolean best)
      implements RunRecord {}

  /** The state of the training was saved. */
  record Checkpoint(int fold, int epoch, long step) implements RunRecord {}

  /**
   * An attempt goes on from a saved state. Steps, validations and epochs of the fold that were told
   * before and lie behind it are done again.
   *
   * @param step that it goes on after; 0 from the start
   * @param attempt from 2
   */
  record Resume(int fold, int epoch, long step, int attempt) implements RunRecord {}
}
