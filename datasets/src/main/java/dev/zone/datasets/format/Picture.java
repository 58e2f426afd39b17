package dev.zone.datasets.format;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** A decoded image. */
final class Picture {
  private final int height;
  private final int width;
  private final int channels;
  private final byte[] pixels;

  /**
   * @param channels 1 (grey) or 3 (red, green, blue), and one more where transparency is kept
   * @param pixels [height, width, channels], unsigned; kept, not copied
   */
  Picture(int height, int width, int channels, byte[] pixels) {
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.pixels = pixels;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  int channels() {
    return channels;
  }

  byte[] pixels() {
    return pixels;
  }

  static boolean isImage(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    return Netpbm.isNetpbm(name)
        || name.endsWith(".png")
        || name.endsWith(".jpg")
        || name.endsWith(".jpeg")
        || name.endsWith(".bmp")
        || name.endsWith(".tif")
        || name.endsWith(".tiff");
  }

  /**
   * Decodes an image: PPM and PGM by the name's ending, the others by their first bytes.
   *
   * @param channels that are wanted, if they are known; the picture may have others
   * @throws FormatException if it is none, or not a whole one
   */
  static Picture read(String path, InputStream in, int channels, Limits limits) throws IOException {
    return Netpbm.isNetpbm(path.toLowerCase(Locale.ROOT))
        ? Netpbm.read(in, limits)
        : CodedImage.read(in, channels, limits);
  }

  static void checkSize(int height, int width, Limits limits) {
    if (height < 1 || width < 1 || (long) height * width > limits.pixels()) {
      throw new FormatException(
          "Cannot read image: %d x %d pixels (expected 1 to %d pixels)"
              .formatted(height, width, limits.pixels()));
    }
  }
}
