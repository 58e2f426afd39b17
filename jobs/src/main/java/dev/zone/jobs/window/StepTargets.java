package dev.zone.jobs.window;

import java.io.Serializable;
import java.util.Optional;

/**
 * How targets stand along an example's window, and in which pieces they are learned.
 *
 * @param steps targets of an example: 1, or as many as its window has steps
 * @param segment steps of a piece of truncated backpropagation through time (Williams and Peng,
 *     1990; the pieces do not overlap, as DL4J has it); the last piece may be shorter; {@code
 *     steps} if all are learned at once
 */
public record StepTargets(int steps, int segment) implements Serializable {
  /** One target an example. */
  public static final StepTargets ONE = new StepTargets(1, 1);

  public StepTargets {
    if (steps < 1 || segment < 1 || segment > steps) {
      throw new IllegalArgumentException(
          "Cannot learn %d steps in pieces of %d (expected 1 or more, pieces at most as long)"
              .formatted(steps, segment));
    }
  }

  /**
   * @param length steps of a piece; empty for all
   */
  public static StepTargets of(int steps, Optional<Integer> length) {
    return new StepTargets(steps, Math.min(steps, length.orElse(steps)));
  }

  /** Whether each step of a window has its own target. */
  public boolean isEach() {
    return steps > 1;
  }

  /** Pieces of a window, each an optimizer step. */
  public int segments() {
    return (steps + segment - 1) / segment;
  }

  public Segment segment(int index) {
    return new Segment(index, index * segment, Math.min(steps, (index + 1) * segment));
  }

  /** All steps at once. */
  public Segment whole() {
    return new Segment(0, 0, steps);
  }
}
