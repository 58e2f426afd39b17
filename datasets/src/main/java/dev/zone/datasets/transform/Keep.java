package dev.zone.datasets.transform;

import com.google.gson.JsonObject;
import java.util.Arrays;

/** Some of the fields, in their order: select and dropConstant. */
final class Keep implements Step {
  private final String name;
  private final Shape out;
  private final int[] fields;

  Keep(String name, Shape out, int[] fields) {
    this.name = name;
    this.out = out;
    this.fields = fields;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Shape out() {
    return out;
  }

  static Keep of(String name, Shape in, int[] fields) {
    return new Keep(
        name, in.with(Arrays.stream(fields).mapToObj(in.fields()::get).toList()), fields);
  }

  @Override
  public void apply(float[] in, float[] into) {
    int plane = out.plane();
    for (int i = 0; i < fields.length; i++) {
      System.arraycopy(in, fields[i] * plane, into, i * plane, plane);
    }
  }

  @Override
  public void write(JsonObject json) {
    json.add("columns", Json.integers(fields));
  }

  static Keep read(String name, Shape in, JsonObject json) {
    return of(name, in, Json.positions(json, "columns", in.fields().size()));
  }
}
