package dev.zone.jobs.window;

/**
 * A piece of the steps of a batch's windows that is learned at a time.
 *
 * @param index of the piece, from 0; piece 0 begins without state
 * @param from its first step
 * @param to the step behind its last
 */
public record Segment(int index, int from, int to) {
  public Segment {
    if (index < 0 || from < 0 || to <= from) {
      throw new IllegalArgumentException(
          "Cannot learn piece %d of the steps %d to %d (expected one step or more)"
              .formatted(index, from, to));
    }
  }

  /** How many steps it has. */
  public int steps() {
    return to - from;
  }
}
