package dev.zone.datasets.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;

/**
 * Delimited text in which no quote stands, straight from its bytes: nothing is to be unescaped, so
 * that it is read twice as fast as {@link DelimitedText} reads it, with the same fields.
 */
final class UnquotedText {
  private final byte separator;
  private final CharsetDecoder decoder;
  private final Limits limits;
  private char[] field = new char[256];

  /**
   * @param separator an ASCII character
   * @param charset in which line ends and the separator are their ASCII bytes, and those bytes
   *     nothing else
   */
  UnquotedText(char separator, Charset charset, Limits limits) {
    this.separator = (byte) separator;
    this.limits = limits;
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
  void read(RecordChunks.Chunk chunk, FieldSink sink) {
    byte[] bytes = chunk.bytes();
    int end = chunk.length();
    int line = (int) chunk.firstLine();
    int at = 0;
    while (at < end) {
      if (bytes[at] == '\n' || bytes[at] == '\r') {
        at = afterLineEnd(bytes, at, end);
        line++;
        continue;
      }
      sink.begin(line);
      int fields = 0;
      boolean more = true;
      while (more) {
        int number = sink.takesNumber(fields) ? number(bytes, at, end, fields, sink) : -1;
        at = number < 0 ? field(bytes, at, end, fields, sink) : number;
        fields++;
        more = at < end && bytes[at] == separator;
        at += more ? 1 : 0;
      }
      sink.end(fields);
      if (at < end) {
        at = afterLineEnd(bytes, at, end);
        line++;
      }
    }
  }

  private static int afterLineEnd(byte[] bytes, int at, int end) {
    boolean both = bytes[at] == '\r' && at + 1 < end && bytes[at + 1] == '\n';
    return at + (both ? 2 : 1);
  }

  /**
   * Gives the field to the sink if it is a plain number; says where it ends, or -1 if it is none.
   */
  private int number(byte[] bytes, int from, int end, int index, FieldSink sink) {
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
    sink.number(index, value);
    return at;
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
