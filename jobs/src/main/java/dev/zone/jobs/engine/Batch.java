package dev.zone.jobs.engine;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The examples of one local batch. All buffers are direct, in native byte order, and hold their
 * values from 0 on; engines read them by absolute index and leave positions alone.
 *
 * @param size examples, at least 1
 * @param inputs one buffer an input of the model, [size, shape…], row-major
 * @param targets [size, outputs], or [size, outputs, steps] if each step has one: what the output
 *     layer's loss compares with (one-hot classes, 0/1 labels, scaled numbers)
 * @param weights [size], or [size, steps]: factor of each target's loss; empty if all are 1
 * @param mask [size, steps] of the inputs that are windows [columns, steps]: 1 for a step that the
 *     model sees, 0 for one that it skips and whose target, if each step has one, does not count;
 *     at least one 1 in each row; empty if it sees them all
 */
public record Batch(
    int size,
    List<FloatBuffer> inputs,
    FloatBuffer targets,
    Optional<FloatBuffer> weights,
    Optional<FloatBuffer> mask) {
  public Batch {
    if (size < 1) {
      throw new IllegalArgumentException(
          "Cannot have a batch of " + size + " examples (expected 1 or more)");
    }
    inputs = List.copyOf(inputs);
  }

  /** A batch of which the model sees every step. */
  public Batch(
      int size, List<FloatBuffer> inputs, FloatBuffer targets, Optional<FloatBuffer> weights) {
    this(size, inputs, targets, weights, Optional.empty());
  }
}
