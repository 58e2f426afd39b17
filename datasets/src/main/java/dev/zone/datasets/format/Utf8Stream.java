package dev.zone.datasets.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Text of another character set as UTF-8; bytes that are not in that set end it. */
final class Utf8Stream extends InputStream {
  private static final int CHARACTERS = 1 << 13;

  private final Charset charset;
  private final Reader reader;
  private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
  private final CharBuffer characters = CharBuffer.allocate(CHARACTERS).limit(0);
  private final ByteBuffer bytes = ByteBuffer.allocate(4 * CHARACTERS).limit(0);
  private boolean ended;

  Utf8Stream(InputStream in, Charset charset) {
    this.charset = charset;
    reader =
        new InputStreamReader(
            in,
            charset
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    while (!bytes.hasRemaining()) {
      if (ended) {
        return -1;
      }
      fill();
    }
    int count = Math.min(length, bytes.remaining());
    bytes.get(into, from, count);
    return count;
  }

  private void fill() throws IOException {
    try {
      transcode();
    } catch (CharacterCodingException e) {
      throw new FormatException(
          "Cannot read text: bytes that are not in the encoding " + charset.name(), e);
    }
  }

  private void transcode() throws IOException {
    characters.compact();
    ended = reader.read(characters) < 0;
    characters.flip();
    bytes.clear();
    CoderResult result = encoder.encode(characters, bytes, ended);
    bytes.flip();
    if (result.isError()) {
      result.throwException();
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
