package dev.zone.datasets.transform;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * piecewiseLinear: after each field, one field a bin that says how much of the bin the value fills,
 * 0 to 1. A linear layer on these is a piecewise linear function of the value (Gorishniy et al.,
 * "On Embeddings for Numerical Features in Tabular Deep Learning", 2022, section 3.2; here with
 * bins of equal width).
 */
final class Hinges implements Step {
  private final Shape in;
  private final Shape out;
  private final int bins;
  private final double[] lows;
  private final double[] widths;

  /**
   * @param lows where each field's first bin begins
   * @param widths of each field's bins; 0 for constant fields, whose bins are all 0
   */
  Hinges(Shape in, int bins, double[] lows, double[] widths) {
    this.in = in;
    this.bins = bins;
    this.lows = lows;
    this.widths = widths;
    List<Field> fields = new ArrayList<>();
    for (Field field : in.fields()) {
      fields.add(field);
      for (int bin = 1; bin <= bins; bin++) {
        fields.add(Field.number(field.name() + "/" + bin));
      }
    }
    out = in.with(fields);
  }

  @Override
  public String name() {
    return "piecewiseLinear";
  }

  @Override
  public Shape out() {
    return out;
  }

  @Override
  public void apply(float[] from, float[] into) {
    int plane = in.plane();
    for (int field = 0; field < lows.length; field++) {
      int start = field * plane;
      int at = field * (bins + 1) * plane;
      System.arraycopy(from, start, into, at, plane);
      for (int bin = 0; bin < bins; bin++) {
        at += plane;
        for (int i = 0; i < plane; i++) {
          into[at + i] = filled(field, bin, from[start + i]);
        }
      }
    }
  }

  private float filled(int field, int bin, float value) {
    if (widths[field] == 0) {
      return 0;
    }
    double share = (value - lows[field]) / widths[field] - bin;
    return share <= 0 ? 0 : share >= 1 ? 1 : (float) share;
  }

  @Override
  public void write(JsonObject json) {
    json.addProperty("bins", bins);
    json.add("lows", Json.numbers(lows));
    json.add("widths", Json.numbers(widths));
  }

  static Hinges read(Shape in, JsonObject json) {
    int fields = in.fields().size();
    return new Hinges(
        in,
        Json.integer(json, "bins", 1, 1000),
        Json.numbers(json, "lows", fields),
        Json.numbers(json, "widths", fields));
  }
}
