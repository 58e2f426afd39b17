package dev.zone.datasets.transform;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * oneHot: for an encoded field one field a value, which is 1 where the value is. Other fields pass.
 */
final class Encode implements Step {
  private final Shape in;
  private final Shape out;

  /** For each field its values in ascending order (the codes of categories); none if it passes. */
  private final float[][] values;

  private final boolean[] encoded;

  Encode(Shape in, Shape out, float[][] values, boolean[] encoded) {
    this.in = in;
    this.out = out;
    this.values = values;
    this.encoded = encoded;
  }

  @Override
  public Shape out() {
    return out;
  }

  static Encode of(Shape in, float[][] values, boolean[] encoded) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < encoded.length; i++) {
      Field field = in.fields().get(i);
      if (!encoded[i]) {
        fields.add(field);
        continue;
      }
      for (float value : values[i]) {
        fields.add(Field.number(field.name() + "=" + text(field, value)));
      }
    }
    return new Encode(in, in.with(fields), values, encoded);
  }

  private static String text(Field field, float value) {
    if (field.isCategory()) {
      return field.categories().get((int) value);
    }
    return value == (int) value ? Integer.toString((int) value) : Float.toString(value);
  }

  @Override
  public String name() {
    return "oneHot";
  }

  @Override
  public void apply(float[] from, float[] into) {
    int plane = in.plane();
    int at = 0;
    for (int field = 0; field < encoded.length; field++) {
      int start = field * plane;
      if (!encoded[field]) {
        System.arraycopy(from, start, into, at, plane);
        at += plane;
        continue;
      }
      for (float value : values[field]) {
        for (int i = 0; i < plane; i++) {
          into[at + i] = from[start + i] == value ? 1 : 0;
        }
        at += plane;
      }
    }
  }

  @Override
  public void write(JsonObject json) {
    JsonArray all = new JsonArray(values.length);
    for (int field = 0; field < values.length; field++) {
      all.add(encoded[field] ? Json.numbers(values[field]) : JsonNull.INSTANCE);
    }
    json.add("values", all);
  }

  static Encode read(Shape in, JsonObject json) {
    JsonArray all = Json.array(json, "values", in.fields().size());
    float[][] values = new float[all.size()][];
    boolean[] encoded = new boolean[all.size()];
    for (int field = 0; field < values.length; field++) {
      encoded[field] = !all.get(field).isJsonNull();
      values[field] = encoded[field] ? Json.floats(all.get(field)) : new float[0];
      int categories = in.fields().get(field).categories().size();
      for (float value : values[field]) {
        if (categories > 0 && (value != (int) value || value < 0 || value >= categories)) {
          throw Json.wrong("code " + value, "a category's, 0 to " + (categories - 1));
        }
      }
    }
    return of(in, values, encoded);
  }
}
