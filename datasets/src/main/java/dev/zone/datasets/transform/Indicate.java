package dev.zone.datasets.transform;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** All fields, and after them one a watched field that is 1 where it misses its value. */
final class Indicate implements Step {
  private final Shape in;
  private final Shape out;
  private final int[] watched;

  Indicate(Shape in, Shape out, int[] watched) {
    this.in = in;
    this.out = out;
    this.watched = watched;
  }

  @Override
  public Shape out() {
    return out;
  }

  static Indicate of(Shape in, int[] watched) {
    List<Field> fields = new ArrayList<>(in.fields());
    for (int field : watched) {
      fields.add(Field.number(in.fields().get(field).name() + " missing"));
    }
    return new Indicate(in, in.with(fields), watched);
  }

  @Override
  public String name() {
    return "missingIndicator";
  }

  @Override
  public void apply(float[] from, float[] into) {
    int plane = in.plane();
    int at = in.fields().size() * plane;
    System.arraycopy(from, 0, into, 0, at);
    for (int field : watched) {
      boolean category = in.fields().get(field).isCategory();
      for (int i = field * plane; i < (field + 1) * plane; i++) {
        into[at++] = isMissing(from[i], category) ? 1 : 0;
      }
    }
  }

  static boolean isMissing(float value, boolean category) {
    return Float.isNaN(value) || (category && value < 0);
  }

  @Override
  public void write(JsonObject json) {
    json.add("columns", Json.integers(watched));
  }

  static Indicate read(Shape in, JsonObject json) {
    return of(in, Json.positions(json, "columns", in.fields().size()));
  }
}
