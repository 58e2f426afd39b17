package dev.zone.jobs.collective;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Optional;

/**
 * A chunk of a vector on its way to another rank: from where it lies, or copied a piece at a time.
 */
final class Outgoing {
  private final ByteBuffer header = Frame.direct(Frame.BYTES);
  private final ByteBuffer copy = Frame.direct(Frame.PIECE);
  private final FloatBuffer floats = copy.asFloatBuffer();
  private ByteBuffer piece = copy;
  private FloatBuffer values = floats;
  private int next;
  private int end;

  Outgoing() {
    header.limit(0);
    piece.limit(0);
  }

  /**
   * Begins with a chunk.
   *
   * @param span the vector's bytes, if they can be sent as they lie
   * @param start of the chunk in the vector
   * @param count floats of the chunk
   */
  void begin(Frame frame, FloatBuffer vector, Optional<ByteBuffer> span, int start, int count) {
    frame.put(header.clear());
    header.flip();
    values = vector;
    end = start + count;
    if (span.isPresent()) {
      piece = span.get().duplicate().limit(end * Float.BYTES).position(start * Float.BYTES);
      next = end;
    } else {
      piece = copy.limit(0);
      next = start;
    }
  }

  /** Sends what goes without waiting; says whether anything did. */
  boolean send(Wire wire) throws IOException {
    if (isDone()) {
      return false;
    }
    if (!piece.hasRemaining() && next < end) {
      int count = Math.min(floats.capacity(), end - next);
      floats.put(0, values, next, count);
      piece.clear().limit(count * Float.BYTES);
      next += count;
    }
    return wire.write(header, piece) > 0;
  }

  /** Whether all of it has gone. */
  boolean isDone() {
    return !header.hasRemaining() && !piece.hasRemaining() && next == end;
  }

  /** Whether some of it has gone, but not all. */
  boolean isUnderWay() {
    return header.position() > 0 && !isDone();
  }
}
