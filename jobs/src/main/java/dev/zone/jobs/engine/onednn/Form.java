package dev.zone.jobs.engine.onednn;

/**
 * What a plan is made for.
 *
 * @param batch examples
 * @param training whether gradients are wanted, and layers behave as in training
 * @param masked whether windows may end with steps that are not seen
 */
record Form(int batch, boolean training, boolean masked) {}
