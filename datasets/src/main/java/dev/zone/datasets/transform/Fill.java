package dev.zone.datasets.transform;

import com.google.gson.JsonObject;

/** A value a field for what is missing. */
final class Fill implements Step {
  private final Shape out;
  private final double[] values;

  Fill(Shape out, double[] values) {
    this.out = out;
    this.values = values;
  }

  @Override
  public Shape out() {
    return out;
  }

  @Override
  public String name() {
    return "impute";
  }

  @Override
  public void apply(float[] in, float[] into) {
    int plane = out.plane();
    for (int field = 0; field < values.length; field++) {
      float value = (float) values[field];
      for (int i = field * plane; i < (field + 1) * plane; i++) {
        into[i] = Float.isNaN(in[i]) ? value : in[i];
      }
    }
  }

  @Override
  public void write(JsonObject json) {
    json.add("values", Json.numbers(values));
  }

  static Fill read(Shape in, JsonObject json) {
    return new Fill(in, Json.numbers(json, "values", in.fields().size()));
  }
}
