package dev.zone.jobs.evaluation;

import java.util.List;

/**
 * A thinned curve, from 0 on by its x axis.
 *
 * @param series index of the class or label it stands for
 * @param x false positive rate (ROC) or recall (precision-recall), rounded to 6 decimals
 * @param y true positive rate or precision, rounded to 6 decimals
 */
public record Curve(int series, List<Double> x, List<Double> y) {
  public Curve {
    x = List.copyOf(x);
    y = List.copyOf(y);
    if (x.size() != y.size()) {
      throw new IllegalArgumentException(
          "Cannot draw a curve: %d x and %d y (expected as many)".formatted(x.size(), y.size()));
    }
  }

  static double rounded(double value) {
    return Math.rint(value * 1e6) / 1e6;
  }
}
