package dev.zone.jobs.collective;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** A chunk of a vector on its way to another rank, laid out a piece at a time. */
final class Outgoing {
  private final ByteBuffer header = Frame.direct(Frame.BYTES);
  private final ByteBuffer piece = Frame.direct(Frame.PIECE);
  private final FloatBuffer floats = piece.asFloatBuffer();
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
   * @param start of the chunk in the vector
   * @param count floats of the chunk
   */
  void begin(Frame frame, FloatBuffer vector, int start, int count) {
    frame.put(header.clear());
    header.flip();
    piece.limit(0);
    values = vector;
    next = start;
    end = start + count;
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
