package dev.zone.datasets.format;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts delimited text between records, so that each piece can be read by itself: a line end within
 * quotes is none. Quotes count where a field begins with one, as RFC 4180 has it.
 */
final class RecordChunks {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;

  /** What is read at a time stays in a processor's cache until it is looked at. */
  private static final int SLICE = 1 << 17;

  /** UTF-8's byte order mark. */
  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream in;
  private final byte[] separator;
  private final int chunkBytes;
  private final Spares spares;
  private byte[] begun = new byte[0];
  private long line;

  /** Where the next chunk begins. */
  private long place;

  private boolean ended;

  /** Of the last look at a buffer. */
  private int end;

  private long lines;

  /**
   * Whole records.
   *
   * @param bytes from 0 to length
   * @param place of the first of them in the text
   * @param firstLine number of the line that it begins with, from 1
   * @param hasQuotes whether there may be a quote anywhere
   * @param lines about how many
   */
  record Chunk(
      byte[] bytes, int length, long place, long firstLine, boolean hasQuotes, int lines) {}

  /**
   * @param in in which line ends, quotes and separator are their ASCII bytes, and those bytes
   *     nothing else
   * @param skip lines before the first record, whatever they hold
   * @param separator empty if there are no quotes
   * @param chunkBytes no record may be longer
   * @param spares what chunks are made of
   */
  RecordChunks(
      InputStream in,
      int skip,
      Optional<String> separator,
      Charset charset,
      int chunkBytes,
      Spares spares)
      throws IOException {
    this.in = skip == 0 ? in : skipped(in, skip);
    this.line = 1L + skip;
    this.separator = separator.map(text -> text.getBytes(charset)).orElse(new byte[0]);
    this.chunkBytes = chunkBytes;
    this.spares = spares;
  }

  private InputStream skipped(InputStream in, int count) throws IOException {
    PushbackInputStream from = new PushbackInputStream(new BufferedInputStream(in, 1 << 16));
    for (int left = count; left > 0; left--) {
      int b = read(from);
      while (b >= 0 && b != '\n' && b != '\r') {
        b = read(from);
      }
      int next = b == '\r' ? read(from) : -1;
      if (next >= 0 && next != '\n') {
        from.unread(next);
        place--;
      }
    }
    return from;
  }

  private int read(InputStream from) throws IOException {
    int b = from.read();
    place += b < 0 ? 0 : 1;
    return b;
  }

  /** Whether text in that charset can be cut: bytes of line ends and quotes are nothing else. */
  static boolean canCut(Charset charset) {
    return charset
        .name()
        .matches(
            "UTF-8|US-ASCII|ISO-8859-\\d+|windows-\\d+|GB18030|GBK|GB2312|Big5|Shift_JIS|EUC-..");
  }

  /**
   * The next records.
   *
   * @throws FormatException if a record is longer than a chunk may be
   */
  Optional<Chunk> next() throws IOException {
    if (ended) {
      return Optional.empty();
    }
    byte[] buffer = spares.bytes(chunkBytes);
    int filled = fill(buffer);
    long first = line;
    if (filled < chunkBytes) {
      ended = true;
      return filled == 0
          ? Optional.empty()
          : Optional.of(new Chunk(buffer, filled, place, first, anyQuotes, newlines + 1));
    }
    look(buffer, filled);
    if (end == 0) {
      throw new FormatException(
          "Cannot read text: a row of more than %d bytes (line %d)".formatted(chunkBytes, first));
    }
    begun = Arrays.copyOfRange(buffer, end, filled);
    line += lines;
    long from = place;
    place += end;
    return Optional.of(new Chunk(buffer, end, from, first, anyQuotes, newlines + 1));
  }

  /** Reads what comes next, behind what was begun, and looks at it; says how much there is. */
  private int fill(byte[] buffer) throws IOException {
    anyReturns = false;
    anyQuotes = false;
    newlines = 0;
    System.arraycopy(begun, 0, buffer, 0, begun.length);
    int filled = begun.length;
    int seen = 0;
    int read;
    do {
      read = in.readNBytes(buffer, filled, Math.min(SLICE, chunkBytes - filled));
      filled += read;
      survey(buffer, seen, filled);
      seen = filled;
    } while (read > 0 && filled < chunkBytes);
    return filled;
  }

  /** The chunk's first record that is no empty line, and what comes after it. */
  Chunk[] first(Chunk chunk) {
    byte[] bytes = chunk.bytes();
    boolean marked =
        chunk.length() >= MARK.length && Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length);
    int from = marked ? MARK.length : 0;
    long skipped = 0;
    while (from < chunk.length() && isBlank(bytes[from])) {
      boolean half = bytes[from] == '\r' && from + 1 < chunk.length() && bytes[from + 1] == '\n';
      skipped += !half && (bytes[from] == '\n' || bytes[from] == '\r') ? 1 : 0;
      from++;
    }
    boolean found = follow(bytes, from, chunk.length(), 1) == 1;
    int cut = found ? end : chunk.length();
    byte[] rest = Arrays.copyOfRange(bytes, cut, chunk.length());
    return new Chunk[] {
      new Chunk(
          Arrays.copyOf(bytes, cut), cut, chunk.place(), chunk.firstLine(), chunk.hasQuotes(), 1),
      new Chunk(
          rest,
          rest.length,
          chunk.place() + cut,
          chunk.firstLine() + skipped + lines,
          chunk.hasQuotes(),
          chunk.lines())
    };
  }

  private boolean isBlank(byte b) {
    return b == '\n' || b == '\r' || (separator.length == 0 && (b == ' ' || b == '\t'));
  }

  /** Finds where the last record ends, and how many lines end before it. */
  private void look(byte[] bytes, int length) {
    if (anyReturns || (separator.length > 0 && anyQuotes)) {
      int unused = follow(bytes, 0, length, Integer.MAX_VALUE);
      return;
    }
    end = length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    // After the last of them there is none.
    lines = newlines;
  }

  /** Goes through so many records, byte by byte; says how many there were. */
  private int follow(byte[] bytes, int from, int length, int records) {
    boolean quotes = separator.length > 0;
    boolean atStart = true;
    boolean quoted = false;
    int closed = -1;
    long seen = 0;
    int found = 0;
    end = from;
    lines = 0;
    for (int i = from; i < length && found < records; i++) {
      byte b = bytes[i];
      if (b == '\n' || b == '\r') {
        if (b == '\r' && i + 1 == length) {
          // Perhaps the other half of this line end is still to come.
          return found;
        }
        if (b == '\n' || bytes[i + 1] != '\n') {
          seen++;
          if (!quoted) {
            atStart = true;
            end = i + 1;
            lines = seen;
            found++;
          }
        }
      } else if (quoted) {
        if (b == '"') {
          quoted = false;
          closed = i;
        }
      } else if (b == '"' && quotes) {
        // The second of two quotes within a quoted field opens it again.
        quoted = atStart || closed == i - 1;
        atStart = false;
      } else {
        atStart = quotes && endsSeparator(bytes, i);
      }
    }
    return found;
  }

  private boolean endsSeparator(byte[] bytes, int at) {
    int from = at + 1 - separator.length;
    return from >= 0 && Arrays.equals(bytes, from, at + 1, separator, 0, separator.length);
  }

  /** What a look at all bytes of a buffer told. */
  private boolean anyReturns;

  private boolean anyQuotes;
  private int newlines;

  /** Looks eight bytes at a time: three questions at the price of one. */
  private void survey(byte[] bytes, int from, int length) {
    long returns = 0;
    long quotes = 0;
    int count = 0;
    int at = from;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      long word = (long) LONGS.get(bytes, at);
      returns |= zeros(word ^ ONES * '\r');
      quotes |= zeros(word ^ ONES * '"');
      long other = word ^ ONES * '\n';
      // The high bit of each byte: whether any of its bits differs.
      long any = (((other & LOW_BITS) + LOW_BITS) | other) & ~LOW_BITS;
      count += Long.BYTES - Long.bitCount(any);
    }
    anyReturns |= returns != 0;
    anyQuotes |= quotes != 0;
    for (; at < length; at++) {
      anyReturns |= bytes[at] == '\r';
      anyQuotes |= bytes[at] == '"';
      count += bytes[at] == '\n' ? 1 : 0;
    }
    newlines += count;
  }

  /** Not 0 if any byte is. */
  private static long zeros(long word) {
    return (word - ONES) & ~word & ~LOW_BITS;
  }
}
