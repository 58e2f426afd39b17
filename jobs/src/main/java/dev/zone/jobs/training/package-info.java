/**
 * The loop of one rank: batches, step, validation, early stopping, checkpoints. Knows engines,
 * collectives and updates by their interfaces alone; nothing of Spark, and nothing of what a layer
 * is.
 *
 * <p>The global batch is cut into the ranks' shares by a rule that depends on seed, epoch, step and
 * number of ranks only. Each rank sums its examples' gradients; the collective sums those; every
 * rank divides by the size of the global batch and applies the same update. Any share may be empty,
 * as it can be in an epoch's last batch.
 */
package dev.zone.jobs.training;
