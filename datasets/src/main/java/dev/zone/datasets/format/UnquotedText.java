package dev.zone.datasets.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;

/**
 * Delimited text in which no quote stands, straight from its bytes: nothing is to be unescaped, so
 * that it is read several times as fast as {@link DelimitedText} reads it, with the same fields.
 * Short fields are looked at eight bytes at a time, the first byte in the lowest eight bits.
 */
final class UnquotedText {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  /** A field is looked at so only where the text goes on for a sign and two words. */
  private static final int AHEAD = 1 + 2 * Long.BYTES;

  private final byte separator;
  private final long separators;
  private final CharsetDecoder decoder;
  private final Limits limits;
  private char[] field = new char[256];

  /** By field: what takes plain numbers, and what short texts; null where none does. */
  private NumberBuilder[] numbers = new NumberBuilder[0];

  private CodedBuilder[] codes = new CodedBuilder[0];

  /**
   * @param separator an ASCII character
   * @param charset in which line ends and the separator are their ASCII bytes, and those bytes
   *     nothing else
   */
  UnquotedText(char separator, Charset charset, Limits limits) {
    this.separator = (byte) separator;
    this.limits = limits;
    separators = ONES * separator;
    decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /** Whether text with that separator can be read so. */
  static boolean canRead(String separator) {
    return separator.length() == 1 && separator.charAt(0) < '0';
  }

  /**
   * @param chunk whole records without any quote
   * @throws FormatException if the text is malformed
   */
  void read(RecordChunks.Chunk chunk, DelimitedRows rows) {
    byte[] bytes = chunk.bytes();
    int end = chunk.length();
    int line = (int) chunk.firstLine();
    numbers = rows.numbers();
    codes = rows.codes();
    int at = 0;
    while (at < end) {
      if (bytes[at] != '\n' && bytes[at] != '\r') {
        rows.begin(line);
        at = row(bytes, at, end, rows);
      }
      if (at < end) {
        at = afterLineEnd(bytes, at, end);
        line++;
      }
    }
  }

  /** Reads a row; says where it ends. A method of its own, so that it is compiled once. */
  private int row(byte[] bytes, int from, int end, DelimitedRows rows) {
    int at = from;
    int fields = 0;
    boolean more = true;
    while (more) {
      int next = -1;
      if (fields < numbers.length) {
        if (numbers[fields] != null) {
          next = number(bytes, at, end, numbers[fields]);
        } else if (codes[fields] != null) {
          next = word(bytes, at, end, fields, codes[fields], rows);
        }
      }
      at = next < 0 ? field(bytes, at, end, fields, rows) : next;
      fields++;
      more = at < end && bytes[at] == separator;
      at += more ? 1 : 0;
    }
    rows.end(fields);
    return at;
  }

  private static int afterLineEnd(byte[] bytes, int at, int end) {
    boolean both = bytes[at] == '\r' && at + 1 < end && bytes[at + 1] == '\n';
    return at + (both ? 2 : 1);
  }

  /**
   * Gives the field to the column if it is a plain number; says where it ends, or -1 if it is none.
   */
  private int number(byte[] bytes, int from, int end, NumberBuilder into) {
    if (from + AHEAD > end) {
      return anyNumber(bytes, from, end, into);
    }
    boolean negative = bytes[from] == '-';
    int at = from + (negative ? 1 : 0);
    long word = Digits.of((long) LONGS.get(bytes, at));
    long others = Digits.others(word);
    long head = 0;
    boolean isLong = others == 0;
    if (isLong) {
      head = Digits.number(word);
      at += Long.BYTES;
      word = Digits.of((long) LONGS.get(bytes, at));
      others = Digits.others(word);
    }
    int count = Long.numberOfTrailingZeros(others) >>> 3;
    int decimals = 0;
    int stop = at + count;
    if (count < Long.BYTES && bytes[stop] == '.') {
      int next = Long.numberOfTrailingZeros(others & (others - 1)) >>> 3;
      decimals = next - count - 1;
      long whole = (1L << (Byte.SIZE * count)) - 1;
      word = (word & whole) | ((word >>> Byte.SIZE) & ~whole);
      count = next - 1;
      stop = at + next;
    }
    // More digits than that, or none.
    if (stop - at >= Long.BYTES || (count == 0 && !isLong)) {
      return anyNumber(bytes, from, end, into);
    }
    byte after = bytes[stop];
    if (after != separator && after != '\n' && after != '\r') {
      return -1;
    }
    long digits = count == 0 ? 0 : Digits.number(word << (Byte.SIZE * (Long.BYTES - count)));
    if (isLong) {
      digits += head * Digits.power(count);
    }
    into.plain(Numerals.scaled(digits, decimals, negative));
    return stop;
  }

  /** The same, byte by byte. */
  private int anyNumber(byte[] bytes, int from, int end, NumberBuilder into) {
    int at = from;
    boolean negative = at < end && bytes[at] == '-';
    at += negative ? 1 : 0;
    long digits = 0;
    int first = at;
    for (; at < end; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      digits = digits * 10 + digit;
    }
    int count = at - first;
    int decimals = 0;
    if (at < end && bytes[at] == '.') {
      first = ++at;
      for (; at < end; at++) {
        int digit = bytes[at] - '0';
        if (digit < 0 || digit > 9) {
          break;
        }
        digits = digits * 10 + digit;
      }
      decimals = at - first;
      count += decimals;
    }
    boolean ends = at == end || bytes[at] == separator || bytes[at] == '\n' || bytes[at] == '\r';
    if (!ends || count == 0 || count > Numerals.MOST_DIGITS) {
      return -1;
    }
    double value = Numerals.scaled(digits, decimals, negative);
    if (Double.isNaN(value)) {
      return -1;
    }
    into.plain(value);
    return at;
  }

  /**
   * Gives the field to the column if it is a short text; says where it ends, or -1 if it is not.
   */
  private int word(
      byte[] bytes, int from, int end, int index, CodedBuilder into, DelimitedRows rows) {
    if (from + Long.BYTES > end) {
      return -1;
    }
    long all = (long) LONGS.get(bytes, from);
    long ends = zeros(all ^ separators) | zeros(all ^ ONES * '\n') | zeros(all ^ ONES * '\r');
    int length = Long.numberOfTrailingZeros(ends) >>> 3;
    if (length == 0 || length == Long.BYTES) {
      return -1;
    }
    long word = all & ((1L << (Byte.SIZE * length)) - 1);
    if (word != 0 && into.word(word)) {
      return from + length;
    }
    int at = field(bytes, from, end, index, rows);
    if (word != 0) {
      into.learn(word);
    }
    return at;
  }

  /** The high bit of each byte that is 0; of those above such a one it says nothing. */
  private static long zeros(long word) {
    return (word - ONES) & ~word & HIGH_BITS;
  }

  /** Gives the field to the sink; says where it ends. */
  private int field(byte[] bytes, int from, int end, int index, FieldSink sink) {
    byte wanted = separator;
    char[] into = field;
    int at = from;
    int highest = 0;
    for (int length = 0; at < end; at++) {
      byte b = bytes[at];
      if (b == wanted || b == '\n' || b == '\r') {
        break;
      }
      if (length == into.length) {
        into = grow();
      }
      highest |= b;
      into[length++] = (char) b;
    }
    if (highest < 0) {
      String text = decode(bytes, from, at);
      sink.field(index, text.toCharArray(), 0, text.length(), false);
    } else {
      sink.field(index, into, 0, at - from, false);
    }
    return at;
  }

  private char[] grow() {
    if (field.length >= limits.fieldChars()) {
      throw new FormatException(
          "Cannot read text: a field of more than %d characters (expected fewer)"
              .formatted(limits.fieldChars()));
    }
    field = Arrays.copyOf(field, Math.min(limits.fieldChars(), 2 * field.length));
    return field;
  }

  private String decode(byte[] bytes, int from, int to) {
    try {
      return decoder.decode(ByteBuffer.wrap(bytes, from, to - from)).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException(
          "Cannot read text: bytes that are not in the encoding " + decoder.charset().name(), e);
    }
  }
}
