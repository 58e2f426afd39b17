package dev.zone.jobs.engine;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * The examples of one local batch. All buffers are direct, in native byte order, and hold their
 * values from 0 on; engines read them by absolute index and leave positions alone.
 *
 * @param size examples, at least 1
 * @param inputs one buffer an input of the model, [size, shape…], row-major
 * @param targets [size, outputs]: what the output layer's loss compares with (one-hot classes, 0/1
 *     labels, scaled numbers)
 * @param weights [size]: factor of each example's loss; empty if all are 1
 */
public record Batch(
    int size,
    List<FloatBuffer> inputs,
    FloatBuffer targets,
    java.util.Optional<FloatBuffer> weights) {
  public Batch {
    if (size < 1) {
      throw new IllegalArgumentException(
          "Cannot have a batch of " + size + " examples (expected 1 or more)");
    }
    inputs = List.copyOf(inputs);
  }
}
