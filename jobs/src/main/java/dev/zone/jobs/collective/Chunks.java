package dev.zone.jobs.collective;

import java.nio.FloatBuffer;

/**
 * How every implementation cuts and adds, so that the sum's bits do not depend on which one runs: a
 * vector is cut into as many chunks as there are ranks, and chunk c is added in the order c, c+1,
 * …, c-1 (modulo the number of ranks), which is the order in which a ring passes it on.
 *
 * <p>Adds by way of two small arrays: the loop over arrays is one that the compiler turns into
 * vector instructions, the one over buffers is not. To be used by one thread.
 */
final class Chunks {
  /** Both arrays together fit in the first-level cache of any processor of today. */
  private static final int BLOCK = 2048;

  private final float[] sums = new float[BLOCK];
  private final float[] terms = new float[BLOCK];

  static int start(int chunk, int chunks, int length) {
    return (int) ((long) length * chunk / chunks);
  }

  static int length(int chunk, int chunks, int length) {
    return start(chunk + 1, chunks, length) - start(chunk, chunks, length);
  }

  /** into[at + i] += values[from + i], for i from 0 to length - 1. */
  void add(FloatBuffer into, int at, FloatBuffer values, int from, int length) {
    for (int done = 0; done < length; done += BLOCK) {
      int count = Math.min(BLOCK, length - done);
      into.get(at + done, sums, 0, count);
      addTerms(values, from + done, count);
      into.put(at + done, sums, 0, count);
    }
  }

  /**
   * Adds a chunk of all vectors, beginning with the chunk's own rank, and puts the sum into each of
   * them.
   */
  void addAll(FloatBuffer[] vectors, int first, int start, int length) {
    for (int done = 0; done < length; done += BLOCK) {
      int at = start + done;
      int count = Math.min(BLOCK, length - done);
      vectors[first].get(at, sums, 0, count);
      for (int k = 1; k < vectors.length; k++) {
        addTerms(vectors[(first + k) % vectors.length], at, count);
      }
      for (FloatBuffer vector : vectors) {
        vector.put(at, sums, 0, count);
      }
    }
  }

  private void addTerms(FloatBuffer values, int from, int count) {
    values.get(from, terms, 0, count);
    for (int i = 0; i < count; i++) {
      sums[i] += terms[i];
    }
  }
}
