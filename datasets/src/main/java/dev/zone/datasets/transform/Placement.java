package dev.zone.datasets.transform;

import dev.zone.conf.AugmentationSpec;
import dev.zone.datasets.SeededRandom;

/**
 * Where each pixel of a moved image comes from: an affine map from new to old coordinates, relative
 * to the image's centre. Moves are composed here and pixels are read once, so several moves cost
 * and blur no more than one.
 */
final class Placement {
  private final int height;
  private final int width;

  // Old x = xx * x + xy * y + x0, old y = yx * x + yy * y + y0.
  private double xx;
  private double xy;
  private double x0;
  private double yx;
  private double yy;
  private double y0;

  // Of one new line, for all channels.
  private final int[] corners;
  private final int[] right;
  private final int[] below;
  private final float[] shareX;
  private final float[] shareY;

  Placement(int height, int width) {
    this.height = height;
    this.width = width;
    corners = new int[width];
    right = new int[width];
    below = new int[width];
    shareX = new float[width];
    shareY = new float[width];
  }

  void reset() {
    xx = 1;
    xy = 0;
    x0 = 0;
    yx = 0;
    yy = 1;
    y0 = 0;
  }

  /** Draws a move and appends it; what is no move draws nothing. */
  void draw(AugmentationSpec spec, SeededRandom random) {
    if (spec instanceof AugmentationSpec.Flip flip) {
      boolean across = flip.horizontal() && random.nextBoolean();
      boolean down = flip.vertical() && random.nextBoolean();
      linear(across ? -1 : 1, 0, 0, down ? -1 : 1);
    } else if (spec instanceof AugmentationSpec.Rotate rotate) {
      turn(rotate, random);
    } else if (spec instanceof AugmentationSpec.Shift shift) {
      double across = random.nextDouble(-shift.fraction(), shift.fraction()) * width;
      double down = random.nextDouble(-shift.fraction(), shift.fraction()) * height;
      x0 -= xx * across + xy * down;
      y0 -= yx * across + yy * down;
    } else if (spec instanceof AugmentationSpec.Zoom zoom) {
      double factor = 1 / random.nextDouble(1 - zoom.fraction(), 1 + zoom.fraction());
      linear(factor, 0, 0, factor);
    }
  }

  private void turn(AugmentationSpec.Rotate rotate, SeededRandom random) {
    if (rotate.quarterTurns()) {
      int quarters = random.nextInt(4);
      int cosine = quarters % 2 == 0 ? 1 - quarters : 0;
      int sine = quarters % 2 == 1 ? 2 - quarters : 0;
      linear(cosine, sine, -sine, cosine);
    } else {
      double angle = random.nextDouble(-rotate.degrees(), rotate.degrees()) * (Math.PI / 180);
      double cosine = StrictMath.cos(angle);
      double sine = StrictMath.sin(angle);
      linear(cosine, sine, -sine, cosine);
    }
  }

  /** Multiplies by the inverse of the next move. */
  private void linear(double a, double b, double c, double d) {
    double left = xx * a + xy * c;
    xy = xx * b + xy * d;
    xx = left;
    left = yx * a + yy * c;
    yy = yx * b + yy * d;
    yx = left;
  }

  boolean isIdentity() {
    return xx == 1 && xy == 0 && x0 == 0 && yx == 0 && yy == 1 && y0 == 0;
  }

  /** For flips and quarter turns: every new pixel is an old one. */
  void permute(float[] from, float[] into) {
    int across = (int) xx + ((int) yx) * width;
    int down = (int) xy + ((int) yy) * width;
    int start = (int) startX() + ((int) startY()) * width;
    int at = 0;
    for (int channel = 0; at < into.length; channel += height * width) {
      for (int y = 0; y < height; y++) {
        int source = channel + start + y * down;
        for (int x = 0; x < width; x++, source += across) {
          into[at++] = from[source];
        }
      }
    }
  }

  /** Old x of the first new pixel, from the first old one. */
  private double startX() {
    return x0 + (width - 1) / 2.0 - xx * (width - 1) / 2.0 - xy * (height - 1) / 2.0;
  }

  private double startY() {
    return y0 + (height - 1) / 2.0 - yx * (width - 1) / 2.0 - yy * (height - 1) / 2.0;
  }

  /** The nearest old pixel; outside, the edge's. */
  void nearest(float[] from, float[] into) {
    int plane = height * width;
    for (int y = 0; y < height; y++) {
      // Adding a half and cutting rounds; what is below 0 becomes 0 either way.
      float lineX = (float) (startX() + xy * y) + 0.5f;
      float lineY = (float) (startY() + yy * y) + 0.5f;
      for (int x = 0; x < width; x++) {
        int oldX = (int) (lineX + (float) xx * x);
        int oldY = (int) (lineY + (float) yx * x);
        oldX = Math.min(width - 1, Math.max(0, oldX));
        oldY = Math.min(height - 1, Math.max(0, oldY));
        corners[x] = oldY * width + oldX;
      }
      for (int start = 0; start < into.length; start += plane) {
        int at = start + y * width;
        for (int x = 0; x < width; x++) {
          into[at + x] = from[start + corners[x]];
        }
      }
    }
  }

  /** The four old pixels around, by their nearness; outside, the edge's. */
  void bilinear(float[] from, float[] into) {
    int plane = height * width;
    for (int y = 0; y < height; y++) {
      aim(y);
      for (int start = 0; start < into.length; start += plane) {
        int at = start + y * width;
        for (int x = 0; x < width; x++) {
          int k = start + corners[x];
          int under = k + below[x];
          int next = right[x];
          float upper = from[k] + shareX[x] * (from[k + next] - from[k]);
          float lower = from[under] + shareX[x] * (from[under + next] - from[under]);
          into[at + x] = upper + shareY[x] * (lower - upper);
        }
      }
    }
  }

  /** For each pixel of a new line: its old upper left neighbour and the shares of the others. */
  private void aim(int y) {
    float lineX = (float) (startX() + xy * y);
    float lineY = (float) (startY() + yy * y);
    float lastX = width - 1;
    float lastY = height - 1;
    for (int x = 0; x < width; x++) {
      float oldX = lineX + (float) xx * x;
      float oldY = lineY + (float) yx * x;
      // Not Math.min and max: their care for NaN and -0 takes half of the time.
      oldX = oldX < 0 ? 0 : oldX > lastX ? lastX : oldX;
      oldY = oldY < 0 ? 0 : oldY > lastY ? lastY : oldY;
      int left = (int) oldX;
      int top = (int) oldY;
      corners[x] = top * width + left;
      right[x] = left + 1 < width ? 1 : 0;
      below[x] = top + 1 < height ? width : 0;
      shareX[x] = oldX - left;
      shareY[x] = oldY - top;
    }
  }
}
