package dev.zone.jobs.model;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A vector of float32 in the form of {@code Nd4j.write} (1.0.0-M2.1), without native memory: a
 * buffer of longs that holds the shape information, then a buffer of floats; each buffer is its
 * allocation mode, its length and its type, then the values, big-endian. Only this one form is
 * read.
 */
final class Nd4jVector {
  private static final String MODE = "MIXED_DATA_TYPES";

  /** ND4J's bit for float32 in a shape's options. */
  private static final long FLOAT_OPTION = 8192;

  private static final int SHAPE_LENGTH = 6;
  private static final int ROW_SHAPE_LENGTH = 8;
  private static final int HEADERS = 2 * (2 + MODE.length() + 8) + 2 + 4 + 2 + 5;

  private Nd4jVector() {}

  static byte[] write(FloatBuffer values) {
    int n = values.limit();
    ByteBuffer out =
        ByteBuffer.allocate(Math.addExact(HEADERS + 8 * SHAPE_LENGTH, Math.multiplyExact(4, n)));
    header(out, SHAPE_LENGTH, "LONG");
    // Rank, shape, stride, options, element-wise stride, order.
    for (long number : new long[] {1, n, 1, FLOAT_OPTION, 1, 'c'}) {
      out.putLong(number);
    }
    header(out, n, "FLOAT");
    out.asFloatBuffer().put(0, values, 0, n);
    return out.array();
  }

  /** Bytes of the larger form that holds so many numbers. */
  static long mostBytes(long count) {
    return HEADERS + 8L * ROW_SHAPE_LENGTH + 4 * count;
  }

  private static void header(ByteBuffer out, long length, String type) {
    text(out, MODE);
    out.putLong(length);
    text(out, type);
  }

  private static void text(ByteBuffer out, String ascii) {
    out.putShort((short) ascii.length()).put(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  /** Empty if the bytes are anything else than one vector of float32. */
  static Optional<FloatBuffer> read(ByteBuffer in) {
    try {
      if (!isText(in, MODE)) {
        return Optional.empty();
      }
      long shapeLength = in.getLong();
      boolean row = shapeLength == ROW_SHAPE_LENGTH;
      if (!row && shapeLength != SHAPE_LENGTH || !isText(in, "LONG")) {
        return Optional.empty();
      }
      boolean ranked = in.getLong() == (row ? 2 : 1) && (!row || in.getLong() == 1);
      long n = in.getLong();
      if (row) {
        in.getLong();
      }
      long stride = in.getLong();
      long options = in.getLong();
      in.getLong();
      in.getLong();
      boolean vector = ranked && n >= 0 && stride == 1 && options == FLOAT_OPTION;
      if (!vector || !isHeader(in, n, "FLOAT") || in.remaining() != 4 * n) {
        return Optional.empty();
      }
      return Optional.of(in.slice().asFloatBuffer());
    } catch (BufferUnderflowException e) {
      return Optional.empty();
    }
  }

  private static boolean isHeader(ByteBuffer in, long length, String type) {
    return isText(in, MODE) && in.getLong() == length && isText(in, type);
  }

  private static boolean isText(ByteBuffer in, String expected) {
    byte[] bytes = new byte[expected.length()];
    if (in.getShort() != bytes.length) {
      return false;
    }
    in.get(bytes);
    return expected.equals(new String(bytes, StandardCharsets.US_ASCII));
  }
}
