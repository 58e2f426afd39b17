package dev.zone.datasets.transform;

import com.google.gson.JsonObject;

/** Keeps values between two bounds a field; an infinite bound is none. */
final class Clamp implements Step {
  private final Shape out;
  private final double[] low;
  private final double[] high;

  Clamp(Shape out, double[] low, double[] high) {
    this.out = out;
    this.low = low;
    this.high = high;
  }

  @Override
  public Shape out() {
    return out;
  }

  @Override
  public String name() {
    return "clip";
  }

  @Override
  public void apply(float[] in, float[] into) {
    int plane = out.plane();
    for (int field = 0; field < low.length; field++) {
      double least = low[field];
      double most = high[field];
      for (int i = field * plane; i < (field + 1) * plane; i++) {
        float value = in[i];
        // NaN is neither below nor above, and stays.
        into[i] = value < least ? (float) least : value > most ? (float) most : value;
      }
    }
  }

  @Override
  public void write(JsonObject json) {
    json.add("low", Json.numbers(low));
    json.add("high", Json.numbers(high));
  }

  static Clamp read(Shape in, JsonObject json) {
    int fields = in.fields().size();
    return new Clamp(
        in,
        Json.bounds(json, "low", fields, Double.NEGATIVE_INFINITY),
        Json.bounds(json, "high", fields, Double.POSITIVE_INFINITY));
  }
}
