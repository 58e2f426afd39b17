package dev.zone.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes NumPy arrays, as {@code numpy.savez} does (NumPy's format, version 1.0). */
final class NpzWriter implements AutoCloseable {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;
  private static final int CHUNK = 8192;

  private final ZipOutputStream out;

  NpzWriter(Path file) throws IOException {
    out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
    out.setLevel(Deflater.NO_COMPRESSION);
  }

  /** An array of float32, row-major. */
  void floats(String name, float[] values, int... shape) throws IOException {
    begin(name, "<f4", shape);
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      bytes.asFloatBuffer().put(values, from, count);
      out.write(bytes.array(), 0, count * Float.BYTES);
    }
    out.closeEntry();
  }

  /** A vector of int64. */
  void longs(String name, long[] values) throws IOException {
    begin(name, "<i8", values.length);
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    out.write(bytes.array());
    out.closeEntry();
  }

  private void begin(String name, String type, int... shape) throws IOException {
    ZipEntry entry = new ZipEntry(name + ".npy");
    // The same bytes whenever they are written: prepared data are found by them.
    entry.setTime(0);
    out.putNextEntry(entry);
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s,), }"
            .formatted(
                type,
                Arrays.stream(shape).mapToObj(String::valueOf).collect(Collectors.joining(", ")));
    int before = MAGIC.length + Short.BYTES;
    int padding = ALIGNMENT - (before + header.length() + 1) % ALIGNMENT;
    byte[] text = (header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    out.write(MAGIC);
    out.write(text.length & 0xFF);
    out.write(text.length >> 8);
    out.write(text);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
