package dev.zone.jobs.engine.graph;

/**
 * Neighbours in the flat vectors of parameters and gradient.
 *
 * @param from the first
 * @param length how many
 */
public record Slice(int from, int length) {
  public Slice {
    if (from < 0 || length < 1) {
      throw new IllegalArgumentException(
          "Cannot have %d parameters from %d on (expected 1 or more from 0 on)"
              .formatted(length, from));
    }
  }
}
