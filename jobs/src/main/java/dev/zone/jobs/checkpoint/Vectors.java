package dev.zone.jobs.checkpoint;

import dev.zone.datasets.storage.Storage;
import dev.zone.jobs.checkpoint.Manifest.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.security.MessageDigest;

/** Files of raw little-endian float32. */
final class Vectors {
  private static final int PIECE_FLOATS = 1 << 16;

  private Vectors() {}

  /**
   * Writes a new file.
   *
   * @return SHA-256 of its bytes
   */
  static String write(Storage storage, String name, float[] values) throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] bytes = new byte[Math.min(PIECE_FLOATS, values.length) * Float.BYTES];
    ByteBuffer piece = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    storage.write(
        name,
        out -> {
          for (int at = 0; at < values.length; at += PIECE_FLOATS) {
            int count = Math.min(PIECE_FLOATS, values.length - at);
            piece.asFloatBuffer().put(values, at, count);
            digest.update(bytes, 0, count * Float.BYTES);
            out.write(bytes, 0, count * Float.BYTES);
          }
        });
    return Sha256.hex(digest);
  }

  /**
   * @param file its name, for messages
   * @param part its length, which the file's size agrees with, and its digest
   * @throws DamagedCheckpointException if the bytes are not those that the digest was made of
   */
  static float[] read(InputStream in, String file, Part part) throws IOException {
    float[] values = new float[part.length()];
    pass(in, file, part, (piece, at, count) -> piece.get(values, at, count));
    return values;
  }

  /** As {@link #read}, without keeping anything. */
  static void verify(InputStream in, String file, Part part) throws IOException {
    pass(in, file, part, (piece, at, count) -> {});
  }

  private interface Receiver {
    void take(FloatBuffer piece, int at, int count);
  }

  private static void pass(InputStream in, String file, Part part, Receiver receiver)
      throws IOException {
    int length = part.length();
    MessageDigest found = Sha256.digest();
    byte[] bytes = new byte[Math.min(PIECE_FLOATS, length) * Float.BYTES];
    ByteBuffer piece = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < length; at += PIECE_FLOATS) {
      int count = Math.min(PIECE_FLOATS, length - at);
      if (in.readNBytes(bytes, 0, count * Float.BYTES) < count * Float.BYTES) {
        throw new DamagedCheckpointException(file + " ends early");
      }
      found.update(bytes, 0, count * Float.BYTES);
      receiver.take(piece.asFloatBuffer(), at, count);
    }
    if (!Sha256.hex(found).equals(part.sha256())) {
      throw wrong(file);
    }
  }

  static DamagedCheckpointException wrong(String file) {
    return new DamagedCheckpointException(file + " does not have the digest it was written with");
  }
}
