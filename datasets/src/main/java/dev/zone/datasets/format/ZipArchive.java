package dev.zone.datasets.format;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A zip whose directory was checked: no entry leaves the folder it would be unpacked to, none is
 * larger than the limits allow. Entries are read in place, never unpacked to disk.
 */
final class ZipArchive implements AutoCloseable {
  private final ZipFile zip;
  private final List<ZipEntry> entries;

  private ZipArchive(ZipFile zip, List<ZipEntry> entries) {
    this.zip = zip;
    this.entries = entries;
  }

  /**
   * @throws FormatException if the file is not a zip, or not one to be read
   */
  static ZipArchive open(Path file, Limits limits) throws IOException {
    ZipFile zip;
    try {
      zip = new ZipFile(file.toFile());
    } catch (ZipException e) {
      throw new FormatException(
          "Cannot read zip: %s (expected a complete zip)".formatted(e.getMessage()), e);
    }
    try {
      return new ZipArchive(zip, check(zip, limits));
    } catch (RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private static List<ZipEntry> check(ZipFile zip, Limits limits) {
    if (zip.size() > limits.entries()) {
      throw new FormatException(
          "Cannot read zip: %d entries (expected at most %d)"
              .formatted(zip.size(), limits.entries()));
    }
    List<ZipEntry> found = new ArrayList<>();
    long total = 0;
    for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
      ZipEntry entry = all.nextElement();
      checkName("zip", entry.getName());
      checkSize(entry, limits);
      total += entry.getSize();
      if (total > limits.archiveBytes()) {
        throw new FormatException(
            "Cannot read zip: it unpacks to more than %d bytes (expected at most that)"
                .formatted(limits.archiveBytes()));
      }
      if (!entry.isDirectory()) {
        found.add(entry);
      }
    }
    found.sort(Comparator.comparing(ZipEntry::getName));
    return found;
  }

  /**
   * @param archive what has the entry, in a word
   * @throws FormatException if the entry would not be unpacked below the archive's folder
   */
  static void checkName(String archive, String name) {
    boolean absolute =
        name.startsWith("/") || name.startsWith("\\") || name.matches("(?s)[A-Za-z]:.*");
    if (absolute || ("/" + name.replace('\\', '/') + "/").contains("/../")) {
      throw new FormatException(
          "Cannot read %s: entry '%s' escapes its folder (expected a path inside)"
              .formatted(archive, Texts.shown(name)));
    }
  }

  private static void checkSize(ZipEntry entry, Limits limits) {
    long size = entry.getSize();
    if (size < 0 || size > limits.entryBytes()) {
      throw new FormatException(
          "Cannot read zip: entry '%s' unpacks to %d bytes (expected at most %d)"
              .formatted(Texts.shown(entry.getName()), size, limits.entryBytes()));
    }
    long packed = Math.max(1, entry.getCompressedSize());
    if (size > limits.ratioFromBytes() && size / packed > limits.ratio()) {
      throw new FormatException(
          "Cannot read zip: entry '%s' unpacks %d times larger (expected at most %d times)"
              .formatted(Texts.shown(entry.getName()), size / packed, limits.ratio()));
    }
  }

  /** Files in the zip, by name. */
  List<ZipEntry> entries() {
    return entries;
  }

  /**
   * The entry's bytes: as many as its directory says and no more, else an {@link IOException}; a
   * wrong checksum is one too, at the end.
   */
  InputStream open(ZipEntry entry) throws IOException {
    InputStream raw = zip.getInputStream(entry);
    if (raw == null) {
      throw new ZipException("entry " + entry.getName() + " is missing");
    }
    return new CheckedEntry(raw, entry);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  private static final class CheckedEntry extends FilterInputStream {
    private final ZipEntry entry;
    private final CRC32 checksum = new CRC32();
    private long left;
    private boolean ended;

    CheckedEntry(InputStream in, ZipEntry entry) {
      super(in);
      this.entry = entry;
      this.left = entry.getSize();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (left == 0) {
        end();
        return -1;
      }
      int read = in.read(into, from, (int) Math.min(length, left));
      if (read < 0) {
        throw new EOFException(
            "entry %s ends %d bytes early".formatted(Texts.shown(entry.getName()), left));
      }
      checksum.update(into, from, read);
      left -= read;
      if (left == 0) {
        end();
      }
      return read;
    }

    private void end() throws IOException {
      if (ended) {
        return;
      }
      ended = true;
      if (in.read() >= 0) {
        throw new ZipException(
            "entry " + Texts.shown(entry.getName()) + " is longer than the zip says");
      }
      if (checksum.getValue() != entry.getCrc()) {
        throw new ZipException(
            "entry " + Texts.shown(entry.getName()) + " does not match its checksum");
      }
    }

    @Override
    public long skip(long count) throws IOException {
      byte[] sink = new byte[(int) Math.min(8192, Math.max(1, count))];
      int read = read(sink, 0, (int) Math.min(sink.length, count));
      return Math.max(0, read);
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
