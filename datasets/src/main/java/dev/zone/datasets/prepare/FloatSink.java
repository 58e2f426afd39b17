package dev.zone.datasets.prepare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;

/** Writes little endian floats to a file from some place on. For one thread. */
final class FloatSink {
  private final FileChannel channel;
  private final ByteBuffer bytes =
      ByteBuffer.allocateDirect(1 << 18).order(ByteOrder.LITTLE_ENDIAN);
  private final FloatBuffer floats = bytes.asFloatBuffer();
  private long at;

  FloatSink(FileChannel channel, long at) {
    this.channel = channel;
    this.at = at;
  }

  /**
   * @throws UncheckedIOException if storage fails
   */
  void write(float[] values) {
    int from = 0;
    while (from < values.length) {
      int part = Math.min(values.length - from, floats.remaining());
      floats.put(values, from, part);
      from += part;
      if (!floats.hasRemaining()) {
        flush();
      }
    }
  }

  /**
   * @throws UncheckedIOException if storage fails
   */
  void flush() {
    bytes.position(0).limit(floats.position() * Float.BYTES);
    try {
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bytes.clear();
    floats.clear();
  }
}
