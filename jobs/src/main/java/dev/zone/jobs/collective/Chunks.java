package dev.zone.jobs.collective;

import java.nio.FloatBuffer;

/**
 * How every implementation cuts and adds, so that the sum's bits do not depend on which one runs: a
 * vector is cut into as many chunks as there are ranks, and chunk c is added in the order c, c+1,
 * …, c-1 (modulo the number of ranks), which is the order in which a ring passes it on.
 */
final class Chunks {
  private Chunks() {}

  static int start(int chunk, int chunks, int length) {
    return (int) ((long) length * chunk / chunks);
  }

  static int length(int chunk, int chunks, int length) {
    return start(chunk + 1, chunks, length) - start(chunk, chunks, length);
  }

  /** into[at + i] += values[i]. */
  static void add(FloatBuffer into, int at, FloatBuffer values, int length) {
    for (int i = 0; i < length; i++) {
      into.put(at + i, into.get(at + i) + values.get(i));
    }
  }
}
