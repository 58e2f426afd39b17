package dev.zone.jobs.engine.onednn;

/**
 * What a plan is made for.
 *
 * @param batch examples
 * @param training whether gradients are wanted, and layers behave as in training
 * @param masked whether windows may end with steps that are not seen
 * @param steps of the graph's windows
 * @param window steps of the batch's windows
 * @param precision of the values between layers
 */
record Form(
    int batch, boolean training, boolean masked, int steps, int window, Precision precision) {

  /** Whether windows come in pieces, so that recurrent layers have a state before and after. */
  boolean inPieces() {
    return steps < window;
  }
}
