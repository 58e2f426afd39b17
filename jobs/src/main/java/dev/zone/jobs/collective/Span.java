package dev.zone.jobs.collective;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;

/** Vectors that sockets can read and write in place. */
final class Span {
  /** For fewer bytes a copy costs less than finding the address. */
  private static final int LEAST = (1 << 16) / Float.BYTES;

  /** A buffer of bytes holds no more. */
  private static final int MOST = Integer.MAX_VALUE / Float.BYTES;

  private Span() {}

  /**
   * The bytes of all a vector's elements up to its limit, as they lie in memory; good for as long
   * as the vector is reachable. None if they do not lie as they travel, are few, or more than a
   * buffer holds.
   */
  static Optional<ByteBuffer> of(FloatBuffer vector) {
    if (!vector.isDirect()
        || vector.order() != ByteOrder.LITTLE_ENDIAN
        || vector.limit() < LEAST
        || vector.limit() > MOST) {
      return Optional.empty();
    }
    // Java itself has no way back from floats to bytes.
    FloatPointer floats = new FloatPointer(vector.duplicate().position(0));
    BytePointer bytes = new BytePointer(floats).capacity((long) vector.limit() * Float.BYTES);
    return Optional.of(bytes.asByteBuffer());
  }
}
