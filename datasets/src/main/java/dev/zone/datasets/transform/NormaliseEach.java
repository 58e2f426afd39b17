package dev.zone.datasets.transform;

import com.google.gson.JsonObject;

/** (x - mean) / standard deviation over all present values of one example; 0 if they are equal. */
record NormaliseEach(Shape out) implements Step {
  @Override
  public String name() {
    return "normaliseEach";
  }

  @Override
  public void apply(float[] in, float[] into) {
    int elements = out.elements();
    int count = 0;
    double sum = 0;
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < elements; i++) {
      float value = in[i];
      if (!Float.isNaN(value)) {
        count++;
        sum += value;
        low = value < low ? value : low;
        high = value > high ? value : high;
      }
    }
    double mean = sum / count;
    double squares = 0;
    for (int i = 0; i < elements; i++) {
      if (!Float.isNaN(in[i])) {
        squares += (in[i] - mean) * (in[i] - mean);
      }
    }
    double factor = low < high ? 1 / Math.sqrt(squares / count) : 0;
    for (int i = 0; i < elements; i++) {
      into[i] = (float) ((in[i] - mean) * factor);
    }
  }

  @Override
  public void write(JsonObject json) {}
}
