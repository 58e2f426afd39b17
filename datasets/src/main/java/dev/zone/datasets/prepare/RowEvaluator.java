package dev.zone.datasets.prepare;

import java.util.Arrays;

/** Computes examples of one input, one after another. For one thread. */
final class RowEvaluator {
  private final ModelInput input;
  private final Examples examples;
  private final float[][] raw;
  private final float[][] transformed;
  private final int width;
  private final int length;

  /** Of windows: the last rows, transformed, by place modulo the window's length. */
  private final float[][] ring;

  private final int[] places;
  private final float[] block;
  private final int average;
  private final boolean masked;

  /** A window before its rows are averaged. */
  private final float[] window;

  RowEvaluator(ModelInput input, Examples examples) {
    this.input = input;
    this.examples = examples;
    int parts = input.parts().size();
    raw = new float[parts][];
    transformed = new float[parts][];
    int largest = 0;
    for (int i = 0; i < parts; i++) {
      raw[i] = new float[input.parts().get(i).row().in().elements()];
      transformed[i] = new float[input.parts().get(i).row().out().elements()];
      largest = Math.max(largest, transformed[i].length);
    }
    width = input.rowElements();
    length = input.window().map(ModelInput.Window::rows).orElse(0);
    average = input.window().map(ModelInput.Window::average).orElse(1);
    masked = input.window().map(ModelInput.Window::masked).orElse(false);
    window = new float[average > 1 ? width * length : 0];
    ring = new float[length][length == 0 ? 0 : width];
    places = new int[length];
    Arrays.fill(places, -1);
    boolean blocks = input.parts().stream().anyMatch(part -> part.window().isPresent());
    block = new float[blocks ? largest * length * 2 : 0];
  }

  /** Fills in one example's values; 0 in the steps at the end that are padding. */
  void example(int example, float[] into) {
    if (length == 0) {
      row(examples.row(example), into);
      return;
    }
    int padding = masked ? examples.missingRows(example, length) : 0;
    if (average > 1) {
      window(example, padding, window);
      average(padding, into);
      return;
    }
    window(example, padding, into);
    for (int column = 0; padding > 0 && column < width; column++) {
      Arrays.fill(into, (column + 1) * length - padding, (column + 1) * length, 0);
    }
  }

  /** Means over the rows of each step; rows that are padding do not count. */
  private void average(int padding, float[] into) {
    for (int i = 0; i < into.length; i++) {
      int from = i * average;
      int rows = (from / length + 1) * length - padding;
      int end = Math.min(from + average, rows);
      double sum = 0;
      for (int k = from; k < end; k++) {
        sum += window[k];
      }
      into[i] = from < end ? (float) (sum / (end - from)) : 0;
    }
  }

  /**
   * Fills in a whole window; padding is NaN, which window transforms pass over and leave.
   *
   * @param padding rows at the end that the series does not have
   */
  private void window(int example, int padding, float[] into) {
    int end = examples.end(example);
    int start = examples.seriesStart(end);
    for (int column = 0; column < width; column++) {
      Arrays.fill(into, (column + 1) * length - padding, (column + 1) * length, Float.NaN);
    }
    for (int t = 0; t < length - padding; t++) {
      int place = Math.max(start, end - length + 1 + padding + t);
      float[] values = ring[place % length];
      if (places[place % length] != place) {
        row(examples.order()[place], values);
        places[place % length] = place;
      }
      for (int column = 0; column < width; column++) {
        into[column * length + t] = values[column];
      }
    }
    wholeWindow(into);
  }

  private void row(int row, float[] into) {
    int at = 0;
    for (int i = 0; i < raw.length; i++) {
      ModelInput.Part part = input.parts().get(i);
      part.features().read(row, raw[i]);
      if (raw.length == 1) {
        part.row().apply(raw[i], into);
        return;
      }
      part.row().apply(raw[i], transformed[i]);
      System.arraycopy(transformed[i], 0, into, at, transformed[i].length);
      at += transformed[i].length;
    }
  }

  private void wholeWindow(float[] into) {
    int at = 0;
    for (int i = 0; i < raw.length; i++) {
      int values = transformed[i].length * length;
      if (input.parts().get(i).window().isPresent()) {
        float[] from = Arrays.copyOfRange(into, at, at + values);
        input.parts().get(i).window().get().apply(from, block);
        System.arraycopy(block, 0, into, at, values);
      }
      at += values;
    }
  }
}
