package dev.zone.datasets.transform;

import com.google.gson.JsonObject;
import dev.zone.conf.TransformSpec.Resize.Interpolation;

/**
 * resize: images of another height and width. Pixels are areas (the first one's centre lies at
 * 0.5). Nearest takes the pixel below the new one's centre. Bilinear weighs with a triangle that
 * grows with the reduction, so that nothing between the samples is lost when images shrink (as
 * Pillow's BILINEAR does); the edge's weights are scaled to sum to 1.
 */
final class Resample implements Step {
  private final Shape in;
  private final Shape out;
  private final Interpolation interpolation;
  private final Axis rows;
  private final Axis columns;

  Resample(Shape in, Shape out, Interpolation interpolation, Axis rows, Axis columns) {
    this.in = in;
    this.out = out;
    this.interpolation = interpolation;
    this.rows = rows;
    this.columns = columns;
  }

  @Override
  public Shape out() {
    return out;
  }

  static Resample of(Shape in, int height, int width, Interpolation interpolation) {
    return new Resample(
        in,
        Shape.image(in.fields(), height, width),
        interpolation,
        Axis.of(in.dims().get(1), height, interpolation),
        Axis.of(in.dims().get(2), width, interpolation));
  }

  /** Which old positions make a new one. */
  static final class Axis {
    /** The first of them, for each new position. */
    private final int[] first;

    /** Of this and the following ones, for each new position. */
    private final float[][] weights;

    Axis(int[] first, float[][] weights) {
      this.first = first;
      this.weights = weights;
    }

    static Axis of(int from, int to, Interpolation interpolation) {
      int[] first = new int[to];
      float[][] weights = new float[to][];
      for (int i = 0; i < to; i++) {
        if (interpolation == Interpolation.NEAREST) {
          first[i] = (int) ((2L * i + 1) * from / (2L * to));
          weights[i] = new float[] {1};
          continue;
        }
        double ratio = (double) from / to;
        double reach = Math.max(1, ratio);
        double centre = (i + 0.5) * ratio;
        int low = Math.max(0, (int) Math.floor(centre - reach + 0.5));
        int high = Math.min(from, (int) Math.floor(centre + reach + 0.5));
        double[] exact = new double[high - low];
        double sum = 0;
        for (int k = low; k < high; k++) {
          exact[k - low] = Math.max(0, 1 - Math.abs(k + 0.5 - centre) / reach);
          sum += exact[k - low];
        }
        first[i] = low;
        weights[i] = new float[exact.length];
        for (int k = 0; k < exact.length; k++) {
          weights[i][k] = (float) (exact[k] / sum);
        }
      }
      return new Axis(first, weights);
    }
  }

  @Override
  public String name() {
    return "resize";
  }

  @Override
  public void apply(float[] from, float[] into) {
    int plane = in.plane();
    int width = in.dims().get(2);
    int at = 0;
    for (int channel = 0; channel < in.fields().size(); channel++) {
      for (int y = 0; y < rows.first.length; y++) {
        int row = channel * plane + rows.first[y] * width;
        for (int x = 0; x < columns.first.length; x++) {
          into[at++] = weigh(from, row + columns.first[x], rows.weights[y], columns.weights[x]);
        }
      }
    }
  }

  private float weigh(float[] from, int start, float[] down, float[] across) {
    if (down.length == 1 && across.length == 1) {
      return from[start];
    }
    int width = in.dims().get(2);
    float sum = 0;
    for (int y = 0; y < down.length; y++) {
      float line = 0;
      for (int x = 0; x < across.length; x++) {
        line += across[x] * from[start + y * width + x];
      }
      sum += down[y] * line;
    }
    return sum;
  }

  @Override
  public void write(JsonObject json) {
    json.addProperty("height", out.dims().get(1));
    json.addProperty("width", out.dims().get(2));
    json.addProperty("interpolation", Json.word(interpolation));
  }

  static Resample read(Shape in, JsonObject json) {
    if (!in.isImage() || in.elements() == 0) {
      throw Json.wrong("resize of shape " + in.dims(), "[channels, height, width]");
    }
    return of(
        in,
        Json.integer(json, "height", 1, Json.SIDE_LIMIT),
        Json.integer(json, "width", 1, Json.SIDE_LIMIT),
        Json.word(json, "interpolation", Interpolation.values()));
  }
}
