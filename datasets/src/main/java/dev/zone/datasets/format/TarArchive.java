package dev.zone.datasets.format;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The files in a tar, plain or packed by gzip, xz or zstd, one after another as they stand; nothing
 * is unpacked to disk. No entry leaves the folder it would be unpacked to, none is a link or a
 * device, none is larger than the limits allow.
 */
final class TarArchive implements AutoCloseable {
  /** Headers of one entry: names and attributes of any length stand before it. */
  private static final long HEADER_BYTES = 1 << 18;

  private static final int RECORD = 512;
  private static final int BUFFER = 1 << 16;

  private final Metered metered;
  private final TarArchiveInputStream tar;
  private final Limits limits;
  private int entries;
  private long bytes;
  private Optional<Content> content = Optional.empty();

  private TarArchive(Metered metered, Limits limits) {
    this.metered = metered;
    this.tar = new TarArchiveInputStream(metered, StandardCharsets.UTF_8.name());
    this.limits = limits;
  }

  /**
   * A file in the tar.
   *
   * @param name its path, '/' between folders, without "./" before it
   */
  record Entry(String name, long bytes) {}

  /** Whether a file's name says that it is a tar. */
  static boolean isTar(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    return Packed.unpackedName(name).endsWith(".tar") || !shortPacking(name).isEmpty();
  }

  /** How a tar is packed whose name is a short one; empty if it is none. */
  private static String shortPacking(String name) {
    return name.endsWith(".tgz")
        ? ".gz"
        : name.endsWith(".txz") ? ".xz" : name.endsWith(".tzst") ? ".zst" : "";
  }

  private static String packing(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    String packing = Packed.ending(name).isEmpty() ? shortPacking(name) : Packed.ending(name);
    // A link's name may have said that it is a tar, and gzip is what most are packed by.
    return packing.isEmpty() && !name.endsWith(".tar") ? ".gz" : packing;
  }

  /**
   * Opens a tar before its first entry.
   *
   * @throws FormatException if it should be packed and is not
   */
  static TarArchive open(Path file, Limits limits) throws IOException {
    InputStream raw = new Storage(new BufferedInputStream(Files.newInputStream(file), BUFFER));
    try {
      String packing = packing(file);
      InputStream in =
          packing.isEmpty() ? raw : new BufferedInputStream(Packed.unpacking(raw, packing), BUFFER);
      return new TarArchive(new Metered(in, Files.size(file), limits), limits);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw reason(e);
    }
  }

  /** The next file; empty behind the last. What was not read of the one before is passed over. */
  Optional<Entry> next() throws IOException {
    if (content.isPresent()) {
      content.get().skipAll();
    }
    TarArchiveEntry found = nextEntry();
    while (found != null && found.isDirectory()) {
      count(found);
      found = nextEntry();
    }
    if (found == null) {
      if (!metered.endsInZeros()) {
        throw new EOFException("the tar ends without its mark of the end");
      }
      content = Optional.empty();
      return Optional.empty();
    }
    count(found);
    checkType(found);
    content = Optional.of(new Content(found.getSize()));
    String name = found.getName();
    while (name.startsWith("./")) {
      name = name.substring(2);
    }
    return Optional.of(new Entry(name, found.getSize()));
  }

  /** The bytes of the file that {@link #next} gave: as many as it says, else an IOException. */
  InputStream content() {
    return content.orElseThrow();
  }

  private TarArchiveEntry nextEntry() throws IOException {
    metered.allow(HEADER_BYTES);
    try {
      return tar.getNextEntry();
    } catch (IOException | RuntimeException e) {
      throw reason(e);
    }
  }

  private void count(TarArchiveEntry entry) {
    if (++entries > limits.entries()) {
      throw new FormatException(
          "Cannot read tar: more than %d entries (expected at most that)"
              .formatted(limits.entries()));
    }
    if (!entry.isCheckSumOK()) {
      throw new FormatException(
          "Cannot read tar: the header of entry '%s' does not match its checksum (expected a complete tar)"
              .formatted(Texts.shown(entry.getName())));
    }
    ZipArchive.checkName("tar", entry.getName());
    long size = entry.getSize();
    if (size < 0 || size > limits.entryBytes()) {
      throw new FormatException(
          "Cannot read tar: entry '%s' has %d bytes (expected at most %d)"
              .formatted(Texts.shown(entry.getName()), size, limits.entryBytes()));
    }
    bytes += size;
    if (bytes > limits.archiveBytes()) {
      throw new FormatException(
          "Cannot read tar: its entries have more than %d bytes (expected at most that)"
              .formatted(limits.archiveBytes()));
    }
  }

  private static void checkType(TarArchiveEntry entry) {
    String what = "";
    if (entry.isSymbolicLink() || entry.isLink()) {
      what = "a link";
    } else if (entry.isSparse()) {
      what = "a file with holes";
    } else if (entry.getLinkFlag() != TarArchiveEntry.LF_NORMAL
        && entry.getLinkFlag() != TarArchiveEntry.LF_OLDNORM
        && entry.getLinkFlag() != TarArchiveEntry.LF_CONTIG) {
      what = "of type %d".formatted(entry.getLinkFlag());
    }
    if (!what.isEmpty()) {
      throw new FormatException(
          "Cannot read tar: entry '%s' is %s (expected files and folders)"
              .formatted(Texts.shown(entry.getName()), what));
    }
  }

  /** What is wrong with the archive, apart from storage that fails. */
  private static IOException reason(Exception e) {
    if (e instanceof FormatException known) {
      throw known;
    }
    if (e instanceof StorageFailure failure) {
      return failure.reason;
    }
    if (e instanceof EOFException || e instanceof ZipException) {
      return (IOException) e;
    }
    // The library says by many exceptions that bytes are not as they should be.
    throw new FormatException(
        "Cannot read tar: %s (expected a complete tar)"
            .formatted(Texts.shown(String.valueOf(e.getMessage()))),
        e);
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }

  /** The file that the archive stands at. */
  private final class Content extends InputStream {
    private long left;

    Content(long bytes) {
      this.left = bytes;
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
        return -1;
      }
      int wanted = (int) Math.min(length, left);
      metered.allow(wanted);
      int read;
      try {
        read = tar.read(into, from, wanted);
      } catch (IOException | RuntimeException e) {
        throw reason(e);
      }
      if (read < 0) {
        throw new EOFException("the tar ends %d bytes early".formatted(left));
      }
      left -= read;
      return read;
    }

    void skipAll() throws IOException {
      byte[] sink = new byte[1 << 13];
      while (left > 0) {
        read(sink, 0, sink.length);
      }
    }
  }

  /** Bytes of the tar, not more of them than whoever reads it has reason to. */
  private static final class Metered extends FilterInputStream {
    private final long packedBytes;
    private final Limits limits;
    private long allowed;
    private long unpacked;

    /** Zeros that the bytes so far end with. */
    private long zeros;

    Metered(InputStream in, long packedBytes, Limits limits) {
      super(in);
      this.packedBytes = packedBytes;
      this.limits = limits;
    }

    /** Allows so many bytes from here on. */
    void allow(long more) {
      allowed = unpacked + more;
    }

    /** Whether a record of zeros came last, which marks the end. */
    boolean endsInZeros() {
      return zeros >= RECORD;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      if (length > 0 && unpacked >= allowed) {
        throw new FormatException(
            "Cannot read tar: more than %d bytes of headers before an entry (expected fewer)"
                .formatted(HEADER_BYTES));
      }
      int read = in.read(into, from, (int) Math.min(length, allowed - unpacked));
      int last = from + read - 1;
      while (last >= from && into[last] == 0) {
        last--;
      }
      if (read > 0) {
        unpacked += read;
        zeros = from + read - 1 - last + (last < from ? zeros : 0);
      }
      if (unpacked > limits.ratioFromBytes()
          && unpacked / Math.max(1, packedBytes) > limits.ratio()) {
        throw new FormatException(
            "Cannot read tar: it unpacks more than %d times larger (expected at most that)"
                .formatted(limits.ratio()));
      }
      return read;
    }

    @Override
    public long skip(long count) throws IOException {
      byte[] sink = new byte[(int) Math.min(8192, Math.max(1, count))];
      return Math.max(0, read(sink, 0, (int) Math.min(sink.length, count)));
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }

  /** Tells apart what storage throws. */
  private static final class Storage extends FilterInputStream {
    Storage(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      try {
        return in.read(into, from, length);
      } catch (IOException e) {
        throw new StorageFailure(e);
      }
    }
  }

  private static final class StorageFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient IOException reason;

    StorageFailure(IOException reason) {
      super(reason);
      this.reason = reason;
    }
  }
}
