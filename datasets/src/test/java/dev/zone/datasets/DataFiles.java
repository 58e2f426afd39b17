package dev.zone.datasets;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Files for tests. */
public final class DataFiles {
  private DataFiles() {}

  public static void text(Path file, String... lines) {
    bytes(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  public static void bytes(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names and contents after one another: String or byte[]. */
  public static void zip(Path file, boolean stored, Object... entries) {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      contents.put(
          (String) entries[i],
          entries[i + 1] instanceof byte[] raw
              ? raw
              : ((String) entries[i + 1]).getBytes(StandardCharsets.UTF_8));
    }
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> each : contents.entrySet()) {
        ZipEntry entry = new ZipEntry(each.getKey());
        if (stored) {
          CRC32 crc = new CRC32();
          crc.update(each.getValue());
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(each.getValue().length);
          entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(each.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A version 1.0 array with the given header values. */
  public static byte[] npy(String descr, String shape, byte[] data) {
    return npy(
        "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(descr, shape), data);
  }

  public static byte[] npy(String dictionary, byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] text = (dictionary + "\n").getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer header = ByteBuffer.allocate(10 + text.length).order(ByteOrder.LITTLE_ENDIAN);
    header.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    header.putShort((short) text.length).put(text);
    out.writeBytes(header.array());
    out.writeBytes(data);
    return out.toByteArray();
  }

  /** Little-endian. */
  public static byte[] floats(float... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  public static byte[] ints(int... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asIntBuffer().put(values);
    return buffer.array();
  }

  public static byte[] longs(long... values) {
    ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      buffer.putLong(value);
    }
    return buffer.array();
  }

  public static byte[] doubles(double... values) {
    ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      buffer.putDouble(value);
    }
    return buffer.array();
  }

  /** A PPM of one colour. */
  public static byte[] ppm(int width, int height, int red, int green, int blue) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        "P6\n# made\n%d %d\n255\n".formatted(width, height).getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < width * height; i++) {
      out.write(red);
      out.write(green);
      out.write(blue);
    }
    return out.toByteArray();
  }

  /** Packed as a file's ending says: gz, xz or zst. */
  public static byte[] pack(String ending, byte[] text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (ending) {
          case "gz" -> new GZIPOutputStream(bytes);
          case "xz" -> new XZOutputStream(bytes, new LZMA2Options(1));
          default -> new ZstdOutputStream(bytes);
        }) {
      out.write(text);
    }
    return bytes.toByteArray();
  }
}
