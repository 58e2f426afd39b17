package dev.zone.datasets.generate;

import dev.zone.datasets.SeededRandom;
import java.util.Arrays;

/**
 * A round wafer of dies on a square grid, each with its probability to fail. Coordinates go from -1
 * to 1, the wafer's radius is 1. Used again for each map.
 */
final class Wafer {
  private static final byte NO_DIE = 0;
  private static final byte PASS = 1;
  private static final byte FAIL = 2;

  private final int size;
  private final double[] radius;
  private final double[] failing;

  Wafer(int size) {
    this.size = size;
    radius = new double[size * size];
    failing = new double[size * size];
    for (int i = 0; i < radius.length; i++) {
      radius[i] = Math.sqrt(x(i) * x(i) + y(i) * y(i));
    }
  }

  int dies() {
    return radius.length;
  }

  int size() {
    return size;
  }

  double x(int die) {
    return (die % size + 0.5) * 2 / size - 1;
  }

  double y(int die) {
    int row = die / size;
    return (row + 0.5) * 2 / size - 1;
  }

  double radius(int die) {
    return radius[die];
  }

  /** The die at a place, or -1 if that is off the grid. */
  int at(double x, double y) {
    int column = (int) Math.floor((x + 1) * size / 2);
    int row = (int) Math.floor((y + 1) * size / 2);
    return column < 0 || row < 0 || column >= size || row >= size ? -1 : row * size + column;
  }

  void clear() {
    Arrays.fill(failing, 0);
  }

  /** One more independent cause for the die to fail. */
  void raise(int die, double probability) {
    failing[die] = 1 - (1 - failing[die]) * (1 - Math.max(0, Math.min(1, probability)));
  }

  /** Tests each die once. */
  void test(SeededRandom random, byte[] into, int start) {
    for (int die = 0; die < failing.length; die++) {
      boolean fails = random.nextDouble() < failing[die];
      into[start + die] = radius[die] > 1 ? NO_DIE : fails ? FAIL : PASS;
    }
  }
}
