package dev.zone.datasets.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Binary PGM (P5) and PPM (P6) of 8 bits, as the netpbm manual has them. */
final class Netpbm {
  private Netpbm() {}

  static boolean isNetpbm(String name) {
    return name.endsWith(".ppm") || name.endsWith(".pgm") || name.endsWith(".pnm");
  }

  /** Reads a picture; the stream stands at its first byte. */
  static Picture read(InputStream in, Limits limits) throws IOException {
    int first = in.read();
    int second = in.read();
    if (first != 'P' || (second != '5' && second != '6')) {
      throw new FormatException("Cannot read image: not a binary PGM or PPM (expected P5 or P6)");
    }
    int channels = second == '6' ? 3 : 1;
    int width = number(in);
    int height = number(in);
    int largest = number(in);
    if (largest < 1 || largest > 255) {
      throw new FormatException(
          "Cannot read image: values up to %d (expected at most 255)".formatted(largest));
    }
    Picture.checkSize(height, width, limits);
    byte[] pixels = in.readNBytes(height * width * channels);
    if (pixels.length < height * width * channels) {
      throw new EOFException(
          "the image ends after %d of %d bytes"
              .formatted(pixels.length, height * width * channels));
    }
    return new Picture(height, width, channels, pixels);
  }

  /** The next number; one blank after it is taken too, comments before it are passed over. */
  private static int number(InputStream in) throws IOException {
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
    if (c < 0) {
      throw new EOFException("the image ends in its header");
    }
    if (digits == 0 || c > ' ') {
      throw new FormatException("Cannot read image: malformed header (expected numbers)");
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
