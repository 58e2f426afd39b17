package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.window.Segment;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;

/** How many steps of each window of a batch are seen: the first so many. */
final class Seen {
  private final int[] lengths;

  Seen(int batch) {
    this.lengths = new int[batch];
  }

  /** Of an example; 0 if none of a piece's. */
  int length(int example) {
    return lengths[example];
  }

  /**
   * Takes a batch's mask over.
   *
   * @param mask [batch, window]; all are seen if empty
   * @param window steps of the mask
   * @param piece of these
   */
  void take(Optional<FloatBuffer> mask, int window, Segment piece) {
    Arrays.fill(lengths, piece.steps());
    mask.ifPresent(
        own -> {
          for (int i = 0; i < lengths.length; i++) {
            int after = length(own, i * window, window) - piece.from();
            lengths[i] = Math.max(0, Math.min(after, piece.steps()));
          }
        });
  }

  private static int length(FloatBuffer mask, int from, int steps) {
    int length = steps;
    while (length > 0 && mask.get(from + length - 1) == 0) {
      length--;
    }
    return length;
  }

  /**
   * Whether a mask says only where windows end, and that none is empty.
   *
   * @param mask [batch, steps]
   */
  static boolean isOnlyOfEnds(FloatBuffer mask, int batch, int steps) {
    for (int i = 0; i < batch; i++) {
      int length = length(mask, i * steps, steps);
      for (int step = 0; step < length; step++) {
        if (mask.get(i * steps + step) != 1) {
          return false;
        }
      }
      if (length == 0) {
        return false;
      }
    }
    return true;
  }
}
