package dev.zone.jobs.training;

/** Changes a training example at random. Confined to one thread. */
@FunctionalInterface
public interface Augmenter {
  /**
   * @param example one input's values, changed in place
   * @param seed decides every draw
   */
  void augment(float[] example, long seed);
}
