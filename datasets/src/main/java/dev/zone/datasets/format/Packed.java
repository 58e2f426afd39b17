package dev.zone.datasets.format;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZIOException;
import org.tukaani.xz.XZInputStream;

/** Files that are packed as a whole, by the ending of their names: gz, xz and zst. */
final class Packed {
  private static final int BUFFER = 1 << 16;

  /** What the largest preset of xz asks for when it unpacks, and a little. */
  private static final int MOST_KIB = 80 << 10;

  private static final List<String> FOREIGN =
      List.of(".bz2", ".tbz", ".tbz2", ".lz4", ".lzma", ".7z", ".rar");

  private Packed() {}

  /** Whether the name says that the file is packed. */
  static boolean isPacked(String name) {
    return !ending(name).isEmpty();
  }

  /** The name without the ending that says so. */
  static String unpackedName(String name) {
    return name.substring(0, name.length() - ending(name).length());
  }

  /**
   * Refuses what would be read as if it were not packed: packed in another way, or twice.
   *
   * @throws FormatException if the name says so
   */
  static void requireKnown(String name) {
    String inside = TarArchive.isTar(name) ? "" : unpackedName(name);
    boolean twice = isPacked(name) && (isPacked(inside) || TarArchive.isTar(inside));
    if (twice || isForeign(inside)) {
      throw new FormatException(
          "Cannot unpack file: it is packed %s (expected .gz, .xz or .zst, once)"
              .formatted(twice ? "twice" : "in another way"));
    }
  }

  /** Whether the name says that the file is packed as no reader knows. */
  static boolean isForeign(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return FOREIGN.stream().anyMatch(lower::endsWith);
  }

  /** How the name says that the file is packed: {@code .gz}, {@code .xz}, {@code .zst}, or not. */
  static String ending(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (String ending : new String[] {".gz", ".xz", ".zst"}) {
      if (lower.endsWith(ending)) {
        return ending;
      }
    }
    return "";
  }

  /**
   * The file's bytes, unpacked if it is packed: as many as the limits allow and no more.
   *
   * @throws FormatException while it is read, if it is not packed as its name says or unpacks to
   *     more than the limits allow
   */
  static InputStream open(Path path, String name, Limits limits) throws IOException {
    String ending = ending(name);
    InputStream in = Files.newInputStream(path);
    if (ending.isEmpty()) {
      return in;
    }
    Counted packed = new Counted(new BufferedInputStream(in, BUFFER));
    try {
      return new Bounded(unpacking(packed, ending), packed, limits);
    } catch (IOException e) {
      in.close();
      throw wrong(e);
    }
  }

  /**
   * Unpacks, without looking at how much comes of it.
   *
   * @param ending {@code .gz}, {@code .xz} or {@code .zst}
   */
  static InputStream unpacking(InputStream packed, String ending) throws IOException {
    return switch (ending) {
      case ".gz" -> new GZIPInputStream(packed, BUFFER);
      case ".xz" -> new XZInputStream(packed, MOST_KIB);
      case ".zst" -> new ZstdInputStreamNoFinalizer(packed);
      default -> throw new IllegalArgumentException("expected an ending: " + ending);
    };
  }

  private static IOException wrong(IOException e) {
    if (e instanceof ZipException
        || e instanceof EOFException
        || e instanceof XZIOException
        || e instanceof ZstdIOException) {
      String why =
          e instanceof MemoryLimitException
              ? "it asks for more than " + MOST_KIB + " KiB of memory"
              : String.valueOf(e.getMessage());
      throw new FormatException(
          "Cannot unpack file: %s (expected a complete file as its name says)"
              .formatted(Texts.shown(why)),
          e);
    }
    return e;
  }

  /** Counts what was read. */
  private static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int read = super.read(into, from, length);
      count += Math.max(0, read);
      return read;
    }
  }

  private static final class Bounded extends FilterInputStream {
    private final Counted packed;
    private final Limits limits;
    private long count;

    Bounded(InputStream in, Counted packed, Limits limits) {
      super(in);
      this.packed = packed;
      this.limits = limits;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int read;
      try {
        read = super.read(into, from, length);
      } catch (IOException e) {
        throw wrong(e);
      }
      count += Math.max(0, read);
      if (count > limits.archiveBytes()) {
        throw new FormatException(
            "Cannot unpack file: to more than %d bytes (expected at most that)"
                .formatted(limits.archiveBytes()));
      }
      if (count > limits.ratioFromBytes() && count / Math.max(1, packed.count) > limits.ratio()) {
        throw new FormatException(
            "Cannot unpack file: it becomes more than %d times larger (expected at most that)"
                .formatted(limits.ratio()));
      }
      return read;
    }
  }
}
