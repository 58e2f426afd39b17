package dev.zone.jobs.training;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.collective.Collective;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Small exchanges among ranks, built on the sum. */
final class Replicas {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final int LANES = 4;
  private static final int PIECE = 4096;

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
   * FNV-1a over the floats' bits, in lanes that take turns, one round a float: enough against
   * drift, not against forgery. Lanes, because a round waits for the one before it in the same
   * lane.
   */
  static long digest(FloatBuffer... vectors) {
    long[] lanes = new long[LANES];
    Arrays.fill(lanes, FNV_OFFSET);
    float[] piece = new float[PIECE];
    for (FloatBuffer vector : vectors) {
      for (int at = 0; at < vector.capacity(); at += PIECE) {
        int count = Math.min(PIECE, vector.capacity() - at);
        vector.get(at, piece, 0, count);
        mix(lanes, piece, count);
      }
    }
    long hash = FNV_OFFSET;
    for (long lane : lanes) {
      hash = (hash ^ lane) * FNV_PRIME;
    }
    return hash;
  }

  private static void mix(long[] lanes, float[] piece, int count) {
    long a = lanes[0];
    long b = lanes[1];
    long c = lanes[2];
    long d = lanes[3];
    int whole = count - count % LANES;
    for (int i = 0; i < whole; i += LANES) {
      a = (a ^ Float.floatToRawIntBits(piece[i])) * FNV_PRIME;
      b = (b ^ Float.floatToRawIntBits(piece[i + 1])) * FNV_PRIME;
      c = (c ^ Float.floatToRawIntBits(piece[i + 2])) * FNV_PRIME;
      d = (d ^ Float.floatToRawIntBits(piece[i + 3])) * FNV_PRIME;
    }
    for (int i = whole; i < count; i++) {
      a = (a ^ Float.floatToRawIntBits(piece[i])) * FNV_PRIME;
    }
    lanes[0] = a;
    lanes[1] = b;
    lanes[2] = c;
    lanes[3] = d;
  }
}
