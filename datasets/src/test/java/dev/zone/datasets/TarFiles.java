package dev.zone.datasets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Tars for tests. */
public final class TarFiles {
  private TarFiles() {}

  /** Names and contents after one another: String, byte[], or an entry that has no content. */
  public static byte[] tar(Object... entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (int i = 0; i < entries.length; i += 2) {
        if (entries[i + 1] instanceof TarArchiveEntry made) {
          tar.putArchiveEntry(made);
          tar.closeArchiveEntry();
          continue;
        }
        byte[] content =
            entries[i + 1] instanceof byte[] raw
                ? raw
                : ((String) entries[i + 1]).getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry((String) entries[i], true);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The same with the right checksum in everything that may be a header. */
  public static byte[] withChecksums(byte[] tar) {
    byte[] right = tar.clone();
    for (int at = 0; at + 512 <= right.length; at += 512) {
      if (right[at + 257] != 'u' || right[at + 258] != 's') {
        continue;
      }
      Arrays.fill(right, at + 148, at + 156, (byte) ' ');
      int sum = 0;
      for (int i = at; i < at + 512; i++) {
        sum += right[i] & 0xff;
      }
      byte[] text = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(text, 0, right, at + 148, text.length);
    }
    return right;
  }
}
