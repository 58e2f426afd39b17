package dev.zone.jobs.checkpoint;

import java.util.Optional;

/**
 * All that a training needs to go on as if nothing had happened. Whoever makes one no longer
 * changes its arrays.
 *
 * @param position where it is
 * @param parameters [n]
 * @param updaterState flat state of the updater; of length 0 if it has none
 * @param average moving average of the parameters [n]
 * @param best the best parameters so far [n]
 * @param origin what it is a checkpoint of
 * @param transforms text of {@code transforms.json}, the transforms fitted on the training split;
 *     empty if the job has none
 */
public record Checkpoint(
    Position position,
    float[] parameters,
    float[] updaterState,
    Optional<float[]> average,
    Optional<float[]> best,
    Origin origin,
    String transforms) {

  /**
   * @param fold from 1
   * @param step optimizer steps done
   * @param epoch epochs done
   * @param epochLoss sum over the running epoch's examples of the loss
   * @param epochExamples targets of the running epoch so far: one an example, or one for each step
   *     of its window that is not padding
   * @param bestValue early stopping's best value; NaN if there is none
   * @param bestEpoch its epoch, from 1; 0 if there is none
   * @param bestStep optimizer steps done when it was measured; 0 if there is none or it is not
   *     known
   * @param epochsSinceBest epochs, or validations, since
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
      int bestStep,
      int epochsSinceBest,
      double seconds) {}

  /**
   * What a checkpoint is one of.
   *
   * <p>No random generator keeps a state from one step to the next: every rank seeds anew for each
   * thing that it draws, from seed, fold, epoch, step, rank and example alone, in the way that
   * {@code draws} names. So the state of the generators of all ranks is exactly (draws, seed,
   * position), which every checkpoint has. One whose {@code draws} this version does not follow
   * cannot be gone on from to the bit.
   *
   * @param key digest of all that decides the arithmetic, as the writer computes it; empty if not
   *     known. With equal key, workers, seed and draws, going on gives the bits that an undisturbed
   *     training would have given; with another number of workers the sums are rounded otherwise
   * @param workers ranks that trained; 0 if not known
   * @param seed of everything random
   * @param draws name of the scheme by which random draws follow from the seed; empty if not known
   */
  public record Origin(String key, int workers, long seed, String draws) {
    /** That of checkpoints in format 1, which do not say. */
    public static final Origin UNKNOWN = new Origin("", 0, 0, "");
  }

  @Override
  public String toString() {
    return "Checkpoint[" + position + ", " + origin + "]";
  }
}
