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
    window = new float[average > 1 ? width * length : 0];
    ring = new float[length][length == 0 ? 0 : width];
    places = new int[length];
    Arrays.fill(places, -1);
    boolean blocks = input.parts().stream().anyMatch(part -> part.window().isPresent());
    block = new float[blocks ? largest * length * 2 : 0];
  }

  /** Fills in one example's values. */
  void example(int example, float[] into) {
    if (length == 0) {
      row(examples.row(example), into);
      return;
    }
    if (average == 1) {
      window(example, into);
      return;
    }
    window(example, window);
    for (int i = 0; i < into.length; i++) {
      double sum = 0;
      for (int k = i * average; k < (i + 1) * average; k++) {
        sum += window[k];
      }
      into[i] = (float) (sum / average);
    }
  }

  private void window(int example, float[] into) {
    int end = examples.end(example);
    int start = examples.seriesStart(end);
    for (int t = 0; t < length; t++) {
      int place = Math.max(start, end - length + 1 + t);
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
