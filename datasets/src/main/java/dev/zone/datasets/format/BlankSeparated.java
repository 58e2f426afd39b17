package dev.zone.datasets.format;

import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;

/** Fields between runs of blanks and tabs; blanks at either end of a line mean nothing. */
final class BlankSeparated {
  private final Reader reader;
  private final Limits limits;
  private final char[] buffer = new char[1 << 14];
  private char[] token = new char[64];
  private int length;
  private int fields;
  private int line;
  private boolean open;

  BlankSeparated(Reader reader, int firstLine, Limits limits) {
    this.line = firstLine;
    this.reader = reader;
    this.limits = limits;
  }

  void read(FieldSink sink) throws IOException {
    boolean afterReturn = false;
    for (int read = reader.read(buffer); read >= 0; read = reader.read(buffer)) {
      for (int i = 0; i < read; i++) {
        char c = buffer[i];
        if (c == '\n' && afterReturn) {
          afterReturn = false;
          continue;
        }
        afterReturn = c == '\r';
        if (c == '\n' || c == '\r') {
          endField(sink);
          endLine(sink);
        } else if (c == ' ' || c == '\t') {
          endField(sink);
        } else {
          add(c);
        }
      }
    }
    endField(sink);
    endLine(sink);
  }

  private void add(char c) {
    if (length == token.length) {
      if (length >= limits.fieldChars()) {
        throw new FormatException(
            "Cannot read text: a field of more than %d characters (line %d)"
                .formatted(limits.fieldChars(), line));
      }
      token = Arrays.copyOf(token, length * 2);
    }
    token[length++] = c;
  }

  private void endField(FieldSink sink) {
    if (length > 0) {
      if (!open) {
        open = true;
        sink.begin(line);
      }
      sink.field(fields++, token, 0, length, false);
      length = 0;
    }
  }

  private void endLine(FieldSink sink) {
    if (open) {
      sink.end(fields);
    }
    open = false;
    fields = 0;
    line++;
  }
}
