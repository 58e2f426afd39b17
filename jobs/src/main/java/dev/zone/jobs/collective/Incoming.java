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

  /** Bytes that are still to come. */
  private int left;

  /** Bytes that came, but are no float yet. */
  private int pending;

  /**
   * Begins with a chunk.
   *
   * @param count floats of the chunk
   */
  void begin(int count) {
    header.clear();
    piece.clear();
    left = count * Float.BYTES;
    pending = 0;
  }

  /** Takes what is there: the header first, then as much as a piece holds. */
  boolean receive(Wire wire) throws IOException {
    if (header.hasRemaining()) {
      return read(wire, header) > 0;
    }
    if (left == 0) {
      return false;
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
