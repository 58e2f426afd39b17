package dev.zone.datasets.format;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Iterator;
import java.util.regex.Pattern;

/** Text to fields: RFC 4180 with any one separator, or runs of blanks. Empty lines are no rows. */
final class DelimitedText {
  private static final String BLANKS = "whitespace";
  private static final Pattern LINE = Pattern.compile("line (\\d{1,18})");
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String separator;
  private final Charset charset;
  private final Limits limits;

  /**
   * @throws FormatException if separator or encoding are none
   */
  DelimitedText(String separator, String encoding, Limits limits) {
    if (!separator.equals(BLANKS) && separator.length() != 1) {
      throw new FormatException(
          "Cannot use separator: '%s' (expected one character, or whitespace)"
              .formatted(Texts.shown(separator)));
    }
    if ("\"\r\n".contains(separator)) {
      throw new FormatException(
          "Cannot use separator: '%s' (expected neither quote nor end of line)"
              .formatted(Texts.shown(separator)));
    }
    this.separator = separator;
    this.limits = limits;
    charset = charset(encoding);
  }

  /**
   * @throws FormatException if there is none of that name
   */
  static Charset charset(String encoding) {
    try {
      return Charset.forName(encoding);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new FormatException(
          "Cannot use encoding: '%s' (expected one such as UTF-8 or ISO-8859-1)"
              .formatted(Texts.shown(encoding)),
          e);
    }
  }

  /**
   * @param firstLine number of the text's first line; a byte order mark may only be before line 1
   * @param skip lines before the first record, whatever they hold
   * @throws FormatException if the text is malformed
   */
  void read(InputStream in, long firstLine, int skip, FieldSink sink) throws IOException {
    Reader reader =
        new BufferedReader(
            new InputStreamReader(
                in,
                charset
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)),
            1 << 16);
    try {
      reader.mark(1);
      if (firstLine > 1 || reader.read() != BYTE_ORDER_MARK) {
        reader.reset();
      }
      skipLines(reader, skip);
      if (separator.equals(BLANKS)) {
        new BlankSeparated(reader, (int) (firstLine + skip), limits).read(sink);
      } else {
        readSeparated(reader, firstLine + skip, sink);
      }
    } catch (CharacterCodingException e) {
      throw new FormatException(
          "Cannot read text: bytes that are not in the encoding " + charset.name(), e);
    }
  }

  private static void skipLines(Reader reader, int count) throws IOException {
    int left = count;
    while (left > 0) {
      int c = reader.read();
      if (c < 0) {
        return;
      }
      if (c == '\r') {
        reader.mark(1);
        if (reader.read() != '\n') {
          reader.reset();
        }
      }
      if (c == '\n' || c == '\r') {
        left--;
      }
    }
  }

  private void readSeparated(Reader reader, long firstLine, FieldSink sink) throws IOException {
    try (CsvReader<Object> csv =
        CsvReader.builder()
            .fieldSeparator(separator.charAt(0))
            .allowUnclosedQuote(false)
            .maxBufferSize(limits.fieldChars())
            .build(new Handler(sink, firstLine - 1), reader)) {
      // The handler keeps no record, so the first question reads everything.
      Iterator<Object> records = csv.iterator();
      while (records.hasNext()) {
        records.next();
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CsvParseException e) {
      if (e.getCause() instanceof FormatException format) {
        throw format;
      }
      if (e.getCause() instanceof RuntimeException bug) {
        throw bug;
      }
      throw new FormatException("Cannot read text: " + message(e, firstLine - 1), e);
    }
  }

  private String message(CsvParseException e, long linesBefore) {
    String message =
        LINE.matcher(String.valueOf(e.getMessage()).replaceAll("\\s+", " ").trim())
            .replaceAll(found -> "line " + (Long.parseLong(found.group(1)) + linesBefore));
    return message.startsWith("The maximum buffer size")
        ? "a field of more than %d characters (expected a closing quote before) %s"
            .formatted(limits.fieldChars(), message.replaceAll(".*(\\(record.*\\))", "$1"))
        : message;
  }

  private static final class Handler extends AbstractBaseCsvCallbackHandler<Object> {
    private final FieldSink sink;
    private final long before;
    private boolean empty;

    /**
     * @param before lines before the text's first
     */
    Handler(FieldSink sink, long before) {
      this.sink = sink;
      this.before = before;
    }

    @Override
    protected void handleBegin(long line) {
      empty = false;
      sink.begin((int) (line + before));
    }

    @Override
    protected void handleField(int index, char[] text, int from, int length, boolean quoted) {
      sink.field(index, text, from, length, quoted);
    }

    @Override
    protected void handleEmpty() {
      empty = true;
    }

    @Override
    protected Object buildRecord() {
      if (!empty) {
        sink.end(getFieldCount());
      }
      return null;
    }
  }
}
