package dev.zone.datasets.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Images that the JDK's decoders would be too kind to, told by their bytes. */
final class ImageBytes {
  /** A decoder goes over all pixels once for each; cameras write one, other encoders ten. */
  private static final int MOST_SCANS = 200;

  private static final int JPEG_END = 0xd9;
  private static final int JPEG_SCAN = 0xda;

  /** Marks from here up to the end's have no length: restarts, within a scan. */
  private static final int JPEG_FIRST_RESTART = 0xd0;

  private static final int BMP_COMPRESSION = 30;
  private static final int BMP_JPEG = 4;
  private static final int BMP_PNG = 5;

  private ImageBytes() {}

  /**
   * Refuses a JPEG that ends early, of which decoders make up the rest in grey, and one whose
   * pixels are gone over again and again.
   */
  static void checkJpeg(byte[] bytes) {
    int scans = 0;
    int at = 2;
    int mark = 0;
    while (at + 1 < bytes.length && mark != JPEG_END) {
      mark = bytes[at] == (byte) 0xff ? bytes[at + 1] & 0xff : 0;
      boolean isPart = mark > 1 && mark < 0xff && (mark < JPEG_FIRST_RESTART || mark > JPEG_END);
      if (isPart && at + 3 < bytes.length) {
        scans += mark == JPEG_SCAN ? 1 : 0;
        at += 2 + ((bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff);
      } else {
        at++;
      }
    }
    if (mark != JPEG_END) {
      throw new FormatException(
          "Cannot read image: JPEG without its mark of the end (expected a complete image)");
    }
    if (scans > MOST_SCANS) {
      throw new FormatException(
          "Cannot read image: JPEG of %d scans (expected at most %d)".formatted(scans, MOST_SCANS));
    }
  }

  /** Refuses a BMP that is another image's wrapping: that one's size would not be looked at. */
  static void checkBmp(byte[] bytes) {
    if (bytes.length < BMP_COMPRESSION + Integer.BYTES) {
      return;
    }
    int compression = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(BMP_COMPRESSION);
    if (compression == BMP_JPEG || compression == BMP_PNG) {
      throw new FormatException(
          "Cannot read image: BMP of compression %d (expected none, or run lengths)"
              .formatted(compression));
    }
  }
}
