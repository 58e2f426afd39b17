package dev.zone.datasets.transform;

import java.util.Arrays;

/**
 * The distinct values seen, in ascending order. No boxes: images have many values, few distinct.
 */
final class Distinct {
  private float[] values = new float[8];
  private int count;

  void add(float value) {
    // -0 is 0.
    float key = value + 0f;
    int at = Arrays.binarySearch(values, 0, count, key);
    if (at >= 0) {
      return;
    }
    if (count == values.length) {
      values = Arrays.copyOf(values, 2 * count);
    }
    int place = -at - 1;
    System.arraycopy(values, place, values, place + 1, count - place);
    values[place] = key;
    count++;
  }

  int count() {
    return count;
  }

  float[] toArray() {
    return Arrays.copyOf(values, count);
  }
}
