package dev.zone.jobs.collective;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** A chunk of a vector as it comes from another rank, a piece at a time. */
final class Incoming {
  private final ByteBuffer header = Frame.direct(Frame.BYTES);
  private final ByteBuffer piece = Frame.direct(Frame.PIECE);
  private final FloatBuffer floats = piece.asFloatBuffer();

  /** Where all of it goes at once; null if it comes in pieces that are taken. */
  private ByteBuffer place;

  /** Bytes that are still to come. */
  private int left;

  /** Bytes that came, but are no float yet. */
  private int pending;

  /**
   * Begins with a chunk that is taken a piece at a time.
   *
   * @param count floats of the chunk
   */
  void begin(int count) {
    header.clear();
    piece.clear();
    place = null;
    left = count * Float.BYTES;
    pending = 0;
  }

  /**
   * Begins with a chunk that comes to its place by itself; there is nothing to be taken.
   *
   * @param span the vector's bytes
   * @param start of the chunk in the vector
   * @param count floats of the chunk
   */
  void begin(ByteBuffer span, int start, int count) {
    begin(count);
    place = span.duplicate().limit((start + count) * Float.BYTES).position(start * Float.BYTES);
  }

  /** Takes what is there: the header first, then as much as there is room for. */
  boolean receive(Wire wire) throws IOException {
    if (header.hasRemaining()) {
      return read(wire, header) > 0;
    }
    if (left == 0) {
      return false;
    }
    if (place != null) {
      int count = read(wire, place);
      left -= count;
      return count > 0;
    }
    piece.limit(Math.min(piece.capacity(), pending + left)).position(pending);
    int count = read(wire, piece);
    left -= count;
    pending += count;
    return count > 0;
  }

  private static int read(Wire wire, ByteBuffer into) throws IOException {
    int count = wire.read(into);
    if (count < 0) {
      throw new EOFException("it closed its connection");
    }
    return count;
  }

  boolean hasHeader() {
    return !header.hasRemaining();
  }

  /** Only once it has come. */
  Frame header() {
    return Frame.take(header.duplicate().order(header.order()).flip());
  }

  /** Floats that came and were not taken. */
  int count() {
    return pending / Float.BYTES;
  }

  /** The first {@link #count()} of them are what came. */
  FloatBuffer floats() {
    return floats;
  }

  /** What came was taken. */
  void taken() {
    int whole = count() * Float.BYTES;
    piece.limit(pending).position(whole);
    piece.compact();
    pending -= whole;
  }

  /** Whether the whole chunk came. */
  boolean isDone() {
    return hasHeader() && left == 0;
  }
}
