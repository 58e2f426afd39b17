package dev.zone.datasets.prepare;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Npy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A memory-mapped float32 npy file, in segments of whole examples below 2 GiB. */
final class FloatArray {
  private static final long SEGMENT_BYTES = 1L << 30;

  private final FloatBuffer[] segments;
  private final int perSegment;
  private final int width;
  private final int size;

  private FloatArray(FloatBuffer[] segments, int perSegment, int width, int size) {
    this.segments = segments;
    this.perSegment = perSegment;
    this.width = width;
    this.size = size;
  }

  /**
   * @param width floats of an example
   * @throws ZoneException of kind ENVIRONMENT if the file is not such an array
   */
  static FloatArray map(Path file, int size, int width) throws IOException {
    return map(file, size, width, SEGMENT_BYTES);
  }

  static FloatArray map(Path file, int size, int width, long segmentBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer start = ByteBuffer.allocate((int) Math.min(channel.size(), 1 << 12));
      while (start.hasRemaining() && channel.read(start, start.position()) >= 0) {
        // Reads until the buffer is full.
      }
      ByteArrayInputStream in = new ByteArrayInputStream(start.array(), 0, start.position());
      int header;
      Npy npy;
      try {
        npy = Npy.read(in);
        header = start.position() - in.available();
      } catch (IOException | RuntimeException e) {
        throw broken(file, "no float32 array");
      }
      long bytes = (long) size * width * Float.BYTES;
      if (npy.type() != Npy.Type.F4
          || npy.dataBytes() != bytes
          || channel.size() != header + bytes) {
        throw broken(file, channel.size() + " bytes (expected " + (header + bytes) + ")");
      }
      int perSegment = (int) Math.max(1, segmentBytes / Math.max(1, (long) width * Float.BYTES));
      FloatBuffer[] segments = new FloatBuffer[(size + perSegment - 1) / perSegment];
      for (int i = 0; i < segments.length; i++) {
        int first = Math.multiplyExact(i, perSegment);
        long length = (long) Math.min(perSegment, size - first) * width * Float.BYTES;
        segments[i] =
            channel
                .map(MapMode.READ_ONLY, header + (long) first * width * Float.BYTES, length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
      }
      return new FloatArray(segments, perSegment, width, size);
    }
  }

  static ZoneException broken(Path file, String how) {
    return new ZoneException(
        ErrorKind.ENVIRONMENT,
        "Cannot use prepared data %s: %s; delete its folder and run again".formatted(file, how));
  }

  int size() {
    return size;
  }

  /** The example's first value. */
  float first(int example) {
    return segments[example / perSegment].get(example % perSegment * width);
  }

  void copy(int example, FloatBuffer into) {
    int at = into.position();
    into.put(at, segments[example / perSegment], example % perSegment * width, width);
    into.position(at + width);
  }
}
