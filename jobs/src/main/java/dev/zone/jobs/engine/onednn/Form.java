package dev.zone.jobs.engine.onednn;

import dev.zone.conf.TrainingSpec.Precision;

/**
 * What a plan is made for.
 *
 * @param batch examples
 * @param training whether gradients are wanted, and layers behave as in training
 * @param masked whether windows may end with steps that are not seen
 * @param steps of the graph's windows
 * @param window steps of the batch's windows
 * @param precision bf16 for the factors of products and for values between layers; sums, parameters
 *     and their gradient are float32
 */
record Form(
    int batch, boolean training, boolean masked, int steps, int window, Precision precision) {

  /** Whether windows come in pieces, so that recurrent layers have a state before and after. */
  boolean inPieces() {
    return steps < window;
  }
}
