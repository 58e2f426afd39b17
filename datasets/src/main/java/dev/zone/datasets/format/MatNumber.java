package dev.zone.datasets.format;

import java.nio.ByteBuffer;

/** How numbers lie in a MATLAB file: a code of the format's table of data types, and a width. */
enum MatNumber {
  INT8(1, 1),
  UINT8(2, 1),
  INT16(3, 2),
  UINT16(4, 2),
  INT32(5, 4),
  UINT32(6, 4),
  SINGLE(7, 4),
  DOUBLE(9, 8),
  INT64(12, 8),
  UINT64(13, 8);

  private final int code;
  private final int bytes;

  MatNumber(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  static MatNumber of(long code) {
    for (MatNumber each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    throw new FormatException(
        "Cannot read MATLAB file: data of type %d (expected numbers)".formatted(code));
  }

  int bytes() {
    return bytes;
  }

  /** The number at a byte offset, in the buffer's byte order. */
  double read(ByteBuffer buffer, int at) {
    return switch (this) {
      case INT8 -> buffer.get(at);
      case UINT8 -> buffer.get(at) & 0xff;
      case INT16 -> buffer.getShort(at);
      case UINT16 -> buffer.getShort(at) & 0xffff;
      case INT32 -> buffer.getInt(at);
      case UINT32 -> buffer.getInt(at) & 0xffffffffL;
      case SINGLE -> buffer.getFloat(at);
      case DOUBLE -> buffer.getDouble(at);
      case INT64 -> buffer.getLong(at);
      case UINT64 -> unsigned(buffer.getLong(at));
    };
  }

  private static double unsigned(long value) {
    // Half of it has no sign; the last bit, kept, rounds as the whole would.
    return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
  }
}
