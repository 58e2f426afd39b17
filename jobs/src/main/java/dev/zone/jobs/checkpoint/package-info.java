/**
 * The state of a training on disk: written complete or not visible, checked to the last bit before
 * it is used.
 *
 * <h2>Format 2</h2>
 *
 * <p>A checkpoint is a folder {@code step-00000400}: the optimizer steps done, in eight digits or
 * more. What is published is never replaced; a second checkpoint of the same step, written after
 * going on from an older one, is {@code step-00000400-2}, then {@code -3}. The folder has:
 *
 * <ul>
 *   <li>{@code parameters.f32} and {@code updater.f32}, and, where the job has them, {@code
 *       average.f32} (moving average of the parameters) and {@code best.f32} (the best parameters
 *       so far): raw float32, little-endian, in the model's flat order, nothing before or after
 *       them. An updater without state has a file of 0 bytes.
 *   <li>{@code transforms.json}: the transforms fitted on the training split; missing if there are
 *       none.
 *   <li>{@code checkpoint.json}: one JSON object in UTF-8, at most 1 MiB, with these members:
 *       <ul>
 *         <li>{@code format}: 2;
 *         <li>{@code fold} (from 1), {@code step}, {@code epoch} (both: done);
 *         <li>{@code epochLoss}, {@code epochExamples}: sum of the loss over, and number of, the
 *             running epoch's targets so far: one an example, or one a row of its window; step and
 *             epoch tell the position in the epoch;
 *         <li>{@code bestValue} (missing if there is none), {@code bestEpoch}, {@code bestStep},
 *             {@code epochsSinceBest}: early stopping's state;
 *         <li>{@code seconds}: of training so far;
 *         <li>{@code origin}: {@code key} (digest of all that decides the arithmetic), {@code
 *             workers}, {@code seed}, {@code draws} (the scheme by which random draws follow from
 *             the seed);
 *         <li>{@code transforms}, if there is such a file: its {@code bytes} and {@code sha256};
 *         <li>{@code vectors}: by name, without {@code .f32}, each file's {@code length} in floats
 *             and {@code sha256}.
 *       </ul>
 *       Numbers are written so that they read back to the bit; one that is not finite is a string
 *       ({@code "NaN"}, {@code "Infinity"}, {@code "-Infinity"}).
 *   <li>{@code checkpoint.sha256}: a line for each of the files above, {@code checkpoint.json}
 *       first, then the vectors by name, then {@code transforms.json}: SHA-256 in lower-case
 *       hexadecimal, two spaces, the file's name, a line feed. {@code sha256sum -c
 *       checkpoint.sha256} checks them. It is written last and must agree with {@code
 *       checkpoint.json} to the byte, so that one wrong bit in any file is found.
 * </ul>
 *
 * <p>The state of every rank's random generators is (draws, seed, position): no generator keeps a
 * state from one step to the next, see {@link dev.zone.jobs.checkpoint.Checkpoint.Origin}.
 *
 * <h2>Format 1</h2>
 *
 * <p>Is still read: without {@code checkpoint.sha256}, {@code transforms}, {@code origin} and
 * {@code bestStep}. Its vectors have digests; its {@code checkpoint.json} has none.
 *
 * <h2>Publishing</h2>
 *
 * <p>The files are written into a hidden folder {@code .step-00000400.<unique>.writing}, each
 * forced to disk, and the folder is renamed to its name. The outcome is one of three, see {@link
 * dev.zone.jobs.checkpoint.Publication.Outcome}: after a failure the storage is asked whether the
 * checkpoint is there with the very digests that were written; its answer decides between done and
 * failed, and if it does not answer, the outcome is unknown and nothing is deleted. What an unknown
 * outcome or a death leaves hidden goes after the next checkpoint is done.
 *
 * <p>On an object store renaming a folder copies it file by file. A checkpoint that is seen half
 * renamed lacks a file or a byte, is passed over like a damaged one, and the one before is used.
 *
 * <h2>Which are kept</h2>
 *
 * <p>After a checkpoint is done: the newest K steps and the step of the best validation so far, as
 * far as it had a checkpoint; of a step's generations the last. Those that were passed over when
 * the training went on from an older one do not count, and go when a later step is done; later
 * steps than the one written are not touched.
 */
package dev.zone.jobs.checkpoint;
