package dev.zone.jobs.engine.onednn;

/**
 * What a plan is made for.
 *
 * @param batch examples
 * @param training whether gradients are wanted, and layers behave as in training
 * @param masked whether windows may end with steps that are not seen
 * @param window steps of the batch's windows; the graph's are fewer in a plan for pieces of these,
 *     whose recurrent layers begin with a state and leave one
 */
record Form(int batch, boolean training, boolean masked, int window) {}
