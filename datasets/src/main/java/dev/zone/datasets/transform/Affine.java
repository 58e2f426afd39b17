package dev.zone.datasets.transform;

import com.google.gson.JsonObject;
import java.util.Arrays;

/**
 * (x - subtract) * factor + add, field by field, in double precision: scale, standardise and
 * minMax. A field that is left alone has 0, 1, 0; a constant one factor 0.
 */
final class Affine implements Step {
  private final String name;
  private final Shape out;
  private final double[] subtract;
  private final double[] factor;
  private final double[] add;

  Affine(String name, Shape out, double[] subtract, double[] factor, double[] add) {
    this.name = name;
    this.out = out;
    this.subtract = subtract;
    this.factor = factor;
    this.add = add;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Shape out() {
    return out;
  }

  @Override
  public void apply(float[] in, float[] into) {
    int plane = out.plane();
    for (int field = 0; field < subtract.length; field++) {
      double minus = subtract[field];
      double times = factor[field];
      double plus = add[field];
      for (int i = field * plane; i < (field + 1) * plane; i++) {
        into[i] = (float) ((in[i] - minus) * times + plus);
      }
    }
  }

  @Override
  public void write(JsonObject json) {
    json.add("subtract", Json.numbers(subtract));
    json.add("factor", Json.numbers(factor));
    json.add("add", Json.numbers(add));
  }

  static Affine read(String name, Shape in, JsonObject json) {
    int fields = in.fields().size();
    return new Affine(
        name,
        in,
        Json.numbers(json, "subtract", fields),
        Json.numbers(json, "factor", fields),
        Json.numbers(json, "add", fields));
  }

  /** A step in the making; fields that are not set stay as they are. */
  static final class Parts {
    private final Shape shape;
    private final double[] subtract;
    private final double[] factor;
    private final double[] add;

    Parts(Shape shape) {
      this.shape = shape;
      int fields = shape.fields().size();
      subtract = new double[fields];
      factor = new double[fields];
      add = new double[fields];
      Arrays.fill(factor, 1);
    }

    void set(int field, double minus, double times, double plus) {
      subtract[field] = minus;
      factor[field] = times;
      add[field] = plus;
    }

    Affine step(String name) {
      return new Affine(name, shape, subtract, factor, add);
    }
  }
}
