package dev.zone.datasets.format;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.stream.ImageInputStream;

/**
 * PNG, JPEG, BMP and TIFF images, decoded by the JDK. What could make its decoders take memory or
 * time out of proportion is looked at before they see a pixel.
 */
final class CodedImage {
  /** Beside its pixels an image has headers, and notes of cameras and programs. */
  private static final int HEADER_BYTES = 16 << 20;

  private static final int MOST_BYTES_A_PIXEL = 4;
  private static final List<String> FORMATS = List.of("png", "jpeg", "bmp", "tif");

  /**
   * None, the three of fax machines, LZW, both Deflates, PackBits. JPEG within TIFF is left out.
   */
  private static final List<Integer> TIFF_COMPRESSIONS = List.of(1, 2, 3, 4, 5, 8, 32946, 32773);

  private CodedImage() {}

  /**
   * Decodes a whole image.
   *
   * @throws FormatException if it is none that can be read
   * @throws IOException if the stream fails; what the decoders say of its bytes is never one
   */
  static Picture read(InputStream in, Limits limits) throws IOException {
    byte[] bytes = in.readNBytes(mostBytes(limits));
    if (in.read() >= 0) {
      throw tooLong(bytes.length);
    }
    ByteArrayImageStream stream = new ByteArrayImageStream(bytes);
    ImageReader reader = reader(stream);
    try {
      return decode(reader, stream, bytes, limits);
    } catch (FormatException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // All bytes are in memory: whatever a decoder throws, the image is not as it should be.
      throw new FormatException(
          "Cannot read image: %s (expected a complete image)"
              .formatted(Texts.shown(e.getMessage() == null ? "it is damaged" : e.getMessage())),
          e);
    } finally {
      reader.dispose();
    }
  }

  /** Bytes of the longest image that is read. */
  static int mostBytes(Limits limits) {
    return (int)
        Math.min((long) limits.pixels() * MOST_BYTES_A_PIXEL + HEADER_BYTES, Integer.MAX_VALUE - 8);
  }

  static FormatException tooLong(int most) {
    return new FormatException(
        "Cannot read image: more than %d bytes (expected at most that)".formatted(most));
  }

  private static ImageReader reader(ImageInputStream stream) {
    for (Iterator<ImageReader> all = ImageIO.getImageReaders(stream); all.hasNext(); ) {
      ImageReader reader = all.next();
      if (FORMATS.contains(format(reader))) {
        return reader;
      }
    }
    throw new FormatException("Cannot read image (expected PNG, JPEG, BMP, TIFF, PPM or PGM)");
  }

  private static String format(ImageReader reader) {
    return reader.getOriginatingProvider().getFormatNames()[0].toLowerCase(Locale.ROOT);
  }

  private static Picture decode(
      ImageReader reader, ImageInputStream stream, byte[] bytes, Limits limits) throws IOException {
    String format = format(reader);
    if (format.equals("jpeg")) {
      ImageBytes.checkJpeg(bytes);
    } else if (format.equals("bmp")) {
      ImageBytes.checkBmp(bytes);
    }
    reader.setInput(stream, true, true);
    // Before a pixel is unpacked: a small file may claim a huge image.
    Picture.checkSize(reader.getHeight(0), reader.getWidth(0), limits);
    if (format.equals("tif")) {
      checkTiff(reader, limits);
    }
    return of(reader.read(0));
  }

  private static void checkTiff(ImageReader reader, Limits limits) throws IOException {
    TIFFDirectory directory = TIFFDirectory.createFromMetadata(reader.getImageMetadata(0));
    TIFFField field = directory.getTIFFField(BaselineTIFFTagSet.TAG_COMPRESSION);
    int compression = field == null ? 1 : field.getAsInt(0);
    if (!TIFF_COMPRESSIONS.contains(compression)) {
      throw new FormatException(
          "Cannot read image: TIFF of compression %d (expected none, LZW, Deflate, PackBits or fax)"
              .formatted(compression));
    }
    if (directory.containsTIFFField(BaselineTIFFTagSet.TAG_TILE_WIDTH)) {
      // A tile is unpacked as a whole, and may be larger than the image.
      Picture.checkSize(reader.getTileHeight(0), reader.getTileWidth(0), limits);
    }
    Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
    if (!types.hasNext()) {
      throw new FormatException("Cannot read image: TIFF of unknown samples (expected 8 bits)");
    }
    ImageTypeSpecifier type = types.next();
    int bits = type.getSampleModel().getSampleSize(0);
    if (type.getNumBands() > MOST_BYTES_A_PIXEL || bits > 8) {
      throw new FormatException(
          "Cannot read image: %d samples of %d bits a pixel (expected 1 to 4 of at most 8)"
              .formatted(type.getNumBands(), bits));
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
