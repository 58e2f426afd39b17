package dev.zone.jobs.training;

import dev.zone.conf.MetricName;
import java.util.Map;

/**
 * What rank 0 tells of a training while it goes on. Calls come on the training's thread and must
 * not take long.
 */
public interface TrainingListener {
  /**
   * After each step.
   *
   * @param epoch from 1
   * @param step steps done
   * @param loss mean over the global batch, weighted by class, without penalties of the weights
   * @param examplesPerSecond since the last call's moment, all ranks together
   */
  default void step(
      int fold, int epoch, int step, double loss, double examplesPerSecond, double seconds) {}

  default void epoch(EpochSummary summary) {}

  /** A checkpoint is written and will be found. */
  default void checkpoint(int fold, int epoch, int step) {}

  /**
   * A validation that is not an epoch's.
   *
   * @param epoch at work, from 1
   */
  default void validation(
      int fold, int epoch, int step, Map<MetricName, Double> metrics, boolean best) {}

  /** Something that people want to know: a slow rank, a skipped step. */
  default void event(String event, String message) {}

  /**
   * @param epoch from 1
   * @param loss mean over the epoch's steps
   * @param seconds since the first step
   * @param validation empty if there is no validation split; undefined metrics are absent
   * @param best whether it is the best epoch so far
   */
  record EpochSummary(
      int fold,
      int epoch,
      int step,
      double loss,
      double learningRate,
      double seconds,
      double examplesPerSecond,
      Map<MetricName, Double> validation,
      boolean best) {}
}
