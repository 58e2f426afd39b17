package dev.zone.datasets.format;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** PGM (P5, as text P2) and PPM (P6, as text P3) of 8 bits, as the netpbm manual has them. */
final class Netpbm {
  private Netpbm() {}

  static boolean isNetpbm(String name) {
    return name.endsWith(".ppm") || name.endsWith(".pgm") || name.endsWith(".pnm");
  }

  /** Reads a picture; the stream stands at its first byte. */
  static Picture read(InputStream in, Limits limits) throws IOException {
    int first = in.read();
    int second = in.read();
    boolean text = second == '2' || second == '3';
    if (first != 'P' || (!text && second != '5' && second != '6')) {
      throw new FormatException("Cannot read image: not a PGM or PPM (expected P2, P3, P5 or P6)");
    }
    int channels = second == '6' || second == '3' ? 3 : 1;
    int width = number(in);
    int height = number(in);
    int largest = number(in);
    if (largest < 1 || largest > 255) {
      throw new FormatException(
          "Cannot read image: values up to %d (expected at most 255)".formatted(largest));
    }
    Picture.checkSize(height, width, limits);
    if (text) {
      return new Picture(height, width, channels, numbers(in, height * width * channels, largest));
    }
    byte[] pixels = in.readNBytes(height * width * channels);
    if (pixels.length < height * width * channels) {
      throw new EOFException(
          "the image ends after %d of %d bytes"
              .formatted(pixels.length, height * width * channels));
    }
    return new Picture(height, width, channels, pixels);
  }

  private static byte[] numbers(InputStream in, int count, int largest) throws IOException {
    // Grows with what is there: a small file may claim a huge image.
    ByteArrayOutputStream numbers = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      // Nothing needs to stand behind the last.
      int value = number(in, i == count - 1);
      if (value > largest) {
        throw new FormatException(
            "Cannot read image: a value of %d (expected at most %d)".formatted(value, largest));
      }
      numbers.write(value);
    }
    return numbers.toByteArray();
  }

  private static int number(InputStream in) throws IOException {
    return number(in, false);
  }

  /** The next number; one blank after it is taken too, comments before it are passed over. */
  private static int number(InputStream in, boolean last) throws IOException {
    int c = in.read();
    while (c == '#' || c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      if (c == '#') {
        skipLine(in);
      }
      c = in.read();
    }
    int value = 0;
    int digits = 0;
    while (c >= '0' && c <= '9' && digits < 8) {
      value = value * 10 + (c - '0');
      digits++;
      c = in.read();
    }
    if (c < 0 && !(last && digits > 0)) {
      throw new EOFException("the image ends in its header or its numbers");
    }
    if (digits == 0 || c > ' ') {
      throw new FormatException(
          "Cannot read image: malformed header or numbers (expected numbers)");
    }
    return value;
  }

  private static void skipLine(InputStream in) throws IOException {
    int c = in.read();
    while (c >= 0 && c != '\n') {
      c = in.read();
    }
  }
}
