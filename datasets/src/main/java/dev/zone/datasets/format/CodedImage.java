package dev.zone.datasets.format;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
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
   * @param channels that are wanted: how transparent pixels are is kept only if it is one of them
   * @throws FormatException if it is none that can be read
   * @throws IOException if the stream fails; what the decoders say of its bytes is never one
   */
  static Picture read(InputStream in, int channels, Limits limits) throws IOException {
    byte[] bytes = in.readNBytes(mostBytes(limits));
    if (in.read() >= 0) {
      throw tooLong(bytes.length);
    }
    ByteArrayImageStream stream = new ByteArrayImageStream(bytes);
    ImageReader reader = reader(stream);
    try {
      return of(decode(reader, stream, bytes, limits), channels);
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

  private static BufferedImage decode(
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
    } else if (format.equals("png")) {
      checkSamples(reader.getImageTypes(0).next());
    }
    return reader.read(0);
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
    checkSamples(types.next());
  }

  private static void checkSamples(ImageTypeSpecifier type) {
    checkSamples(type.getNumBands(), type.getSampleModel().getSampleSize(0));
  }

  private static void checkSamples(int samples, int bits) {
    if (samples > MOST_BYTES_A_PIXEL || bits > 8) {
      throw new FormatException(
          "Cannot read image: %d samples of %d bits a pixel (expected 1 to 4 of at most 8)"
              .formatted(samples, bits));
    }
  }

  private static Picture of(BufferedImage image, int channels) {
    ColorModel model = image.getColorModel();
    checkSamples(model.getNumComponents(), model.getComponentSize(0));
    // Of a palette the samples are no colours.
    boolean grey =
        model.getColorSpace().getType() == ColorSpace.TYPE_GRAY
            && !(model instanceof IndexColorModel);
    int colours = grey ? 1 : 3;
    boolean alpha = model.hasAlpha() && channels == colours + 1;
    if (model.hasAlpha() && !alpha) {
      requireOpaque(image, colours);
    }
    return grey ? grey(image, alpha) : colours(image, alpha);
  }

  private static void requireOpaque(BufferedImage image, int colours) {
    int[] row = new int[image.getWidth()];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, row.length, 1, row, 0, row.length);
      for (int pixel : row) {
        if (pixel >>> 24 != 0xff) {
          throw new FormatException(
              "Cannot read image: it has transparent pixels (expected none, or a column of shape [%d, %d, %d])"
                  .formatted(image.getHeight(), image.getWidth(), colours + 1));
        }
      }
    }
  }

  /** Samples as they are: a decoder's colours of grey pixels are lighter. */
  private static Picture grey(BufferedImage image, boolean alpha) {
    int height = image.getHeight();
    int width = image.getWidth();
    int channels = alpha ? 2 : 1;
    byte[] pixels = new byte[height * width * channels];
    Raster raster = image.getRaster();
    int[] row = new int[width];
    for (int channel = 0; channel < channels; channel++) {
      for (int y = 0; y < height; y++) {
        raster.getSamples(0, y, width, 1, channel, row);
        for (int x = 0; x < width; x++) {
          pixels[(y * width + x) * channels + channel] = (byte) row[x];
        }
      }
    }
    return new Picture(height, width, channels, pixels);
  }

  private static Picture colours(BufferedImage image, boolean alpha) {
    int height = image.getHeight();
    int width = image.getWidth();
    int channels = alpha ? 4 : 3;
    byte[] pixels = new byte[Math.multiplyExact(height * width, channels)];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        pixels[at++] = (byte) (row[x] >> 16);
        pixels[at++] = (byte) (row[x] >> 8);
        pixels[at++] = (byte) row[x];
        if (alpha) {
          pixels[at++] = (byte) (row[x] >> 24);
        }
      }
    }
    return new Picture(height, width, channels, pixels);
  }
}
