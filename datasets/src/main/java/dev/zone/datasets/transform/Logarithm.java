package dev.zone.datasets.transform;

import com.google.gson.JsonObject;

/** sign(x) * ln(1 + |x|) of numbers; categories stay. */
record Logarithm(Shape out) implements Step {
  @Override
  public String name() {
    return "log";
  }

  @Override
  public void apply(float[] in, float[] into) {
    int plane = out.plane();
    for (int field = 0; field < out.fields().size(); field++) {
      boolean category = out.fields().get(field).isCategory();
      for (int i = field * plane; i < (field + 1) * plane; i++) {
        float value = in[i];
        into[i] =
            category
                ? value
                : (float) Math.copySign(StrictMath.log1p(Math.abs((double) value)), value);
      }
    }
  }

  @Override
  public void write(JsonObject json) {}
}
