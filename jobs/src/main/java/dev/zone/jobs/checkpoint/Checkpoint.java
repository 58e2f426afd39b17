package dev.zone.jobs.checkpoint;

import java.util.Optional;

/**
 * All that a training needs to go on as if nothing had happened.
 *
 * @param position where it is
 * @param parameters [n]
 * @param updaterState flat state of the updater; of length 0 if it has none
 * @param average moving average of the parameters [n]
 * @param best parameters of the best epoch so far [n]
 */
public record Checkpoint(
    Position position,
    float[] parameters,
    float[] updaterState,
    Optional<float[]> average,
    Optional<float[]> best) {

  /**
   * @param fold from 1
   * @param step optimizer steps done
   * @param epoch epochs done
   * @param epochLoss sum over the running epoch's examples of the loss
   * @param epochExamples examples of the running epoch so far
   * @param bestValue early stopping's best value; NaN if there is none
   * @param bestEpoch its epoch, from 1; 0 if there is none
   * @param epochsSinceBest epochs since
   * @param seconds of training so far
   */
  public record Position(
      int fold,
      int step,
      int epoch,
      double epochLoss,
      long epochExamples,
      double bestValue,
      int bestEpoch,
      int epochsSinceBest,
      double seconds) {}

  @Override
  public String toString() {
    return "Checkpoint[" + position + "]";
  }
}
