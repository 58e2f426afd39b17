package dev.zone.jobs.training;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.collective.Collective;
import java.nio.FloatBuffer;

/** Small exchanges among ranks, built on the sum. */
final class Replicas {
  private Replicas() {}

  /**
   * Every rank's numbers, by rank.
   *
   * @param mine as many on every rank
   * @return [ranks][numbers]
   */
  static float[][] gather(Collective collective, float... mine) {
    FloatBuffer all = BatchAssembler.direct(collective.size() * mine.length);
    all.put(collective.rank() * mine.length, mine);
    collective.allReduce(all);
    float[][] result = new float[collective.size()][mine.length];
    for (int r = 0; r < result.length; r++) {
      all.get(r * mine.length, result[r]);
    }
    return result;
  }

  /**
   * Makes sure that all ranks hold the same bits.
   *
   * @throws ZoneException (internal) naming the rank that differs from rank 0, and the step
   */
  static void requireEqual(Collective collective, int step, FloatBuffer... vectors) {
    long digest = digest(vectors);
    // 16 bits a float: whole numbers that a float holds exactly.
    float[][] all =
        gather(
            collective,
            digest & 0xFFFF,
            (digest >>> 16) & 0xFFFF,
            (digest >>> 32) & 0xFFFF,
            (digest >>> 48) & 0xFFFF);
    for (int r = 1; r < all.length; r++) {
      for (int k = 0; k < all[r].length; k++) {
        if (all[r][k] != all[0][k]) {
          throw new ZoneException(
              ErrorKind.INTERNAL,
              String.format(
                  "Cannot trust the training: rank %d differs from rank 0 after step %d (expected the same parameters and"
                      + " updater state to the bit)",
                  r, step));
        }
      }
    }
  }

  /**
   * FNV-1a over the floats' bits, 64 bits wide, one round a float: enough against drift, not
   * against forgery.
   */
  static long digest(FloatBuffer... vectors) {
    long hash = 0xcbf29ce484222325L;
    for (FloatBuffer vector : vectors) {
      for (int i = 0; i < vector.capacity(); i++) {
        hash = (hash ^ Float.floatToRawIntBits(vector.get(i))) * 0x100000001b3L;
      }
    }
    return hash;
  }
}
