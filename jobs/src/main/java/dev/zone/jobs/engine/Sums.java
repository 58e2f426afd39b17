package dev.zone.jobs.engine;

import java.nio.FloatBuffer;

/**
 * Adds numbers over all ranks in the middle of a gradient. All ranks call it equally often with the
 * same lengths; the results are the same bits on all of them.
 */
@FunctionalInterface
public interface Sums {
  /**
   * Replaces the values from 0 to the limit by their sums over all ranks.
   *
   * @param values direct, in native byte order
   */
  void sum(FloatBuffer values);
}
