package dev.zone.datasets.format;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** A decoded image. */
final class Picture {
  private final int height;
  private final int width;
  private final int channels;
  private final byte[] pixels;

  /**
   * @param channels 1 (grey) or 3 (red, green, blue)
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
        || name.endsWith(".bmp");
  }

  /** Decodes by the name's ending. */
  static Picture read(String path, InputStream in, Limits limits) throws IOException {
    if (Netpbm.isNetpbm(path.toLowerCase(Locale.ROOT))) {
      return Netpbm.read(in, limits);
    }
    try (ImageInputStream stream = new MemoryCacheImageInputStream(in)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw new FormatException("Cannot read image (expected PNG, JPEG, BMP, PPM or PGM)");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(stream, true, true);
        // Before a pixel is unpacked: a small file may claim a huge image.
        checkSize(reader.getHeight(0), reader.getWidth(0), limits);
        return of(reader.read(0));
      } catch (IIOException | EOFException | IndexOutOfBoundsException e) {
        throw new FormatException(
            "Cannot read image: %s (expected a complete image)".formatted(e.getMessage()), e);
      } finally {
        reader.dispose();
      }
    }
  }

  static void checkSize(int height, int width, Limits limits) {
    if (height < 1 || width < 1 || (long) height * width > limits.pixels()) {
      throw new FormatException(
          "Cannot read image: %d x %d pixels (expected 1 to %d pixels)"
              .formatted(height, width, limits.pixels()));
    }
  }

  private static Picture of(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    if (image.getType() == BufferedImage.TYPE_BYTE_GRAY) {
      byte[] grey = new byte[height * width];
      Raster raster = image.getRaster();
      int[] row = new int[width];
      for (int y = 0; y < height; y++) {
        raster.getSamples(0, y, width, 1, 0, row);
        for (int x = 0; x < width; x++) {
          grey[y * width + x] = (byte) row[x];
        }
      }
      return new Picture(height, width, 1, grey);
    }
    byte[] colours = new byte[height * width * 3];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        colours[at++] = (byte) (row[x] >> 16);
        colours[at++] = (byte) (row[x] >> 8);
        colours[at++] = (byte) row[x];
      }
    }
    return new Picture(height, width, 3, colours);
  }
}
