/**
 * The state of a training on disk. A checkpoint is a folder {@code step-00000400} with:
 *
 * <ul>
 *   <li>{@code checkpoint.json}: format version, fold, step, epoch, loss so far in the epoch, early
 *       stopping's state, examples seen, seconds, and of each vector its length and SHA-256;
 *   <li>a file of raw little-endian float32 for each vector: {@code parameters.f32}, {@code
 *       updater.f32}, and, where the job has them, {@code average.f32} (moving average) and {@code
 *       best.f32} (parameters of the best epoch).
 * </ul>
 *
 * <p>It is written into a hidden folder beside its place, forced to disk, and renamed: complete or
 * invisible. Random draws depend on seed, epoch, step and rank alone, so no generator's state is
 * needed to go on.
 */
package dev.zone.jobs.checkpoint;
