package dev.zone.jobs.evaluation;

import java.util.Arrays;

/** Sums that do not depend on the order of what is added. */
final class Sums {
  private Sums() {}

  /**
   * Adds in ascending order with Neumaier's compensation ("Rundungsfehleranalyse einiger Verfahren
   * zur Summation endlicher Summen", ZAMM 54, 1974). Sorts {@code values} in place.
   */
  static double of(double[] values) {
    Arrays.sort(values);
    double sum = 0;
    double lost = 0;
    for (double value : values) {
      double next = sum + value;
      lost += Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
      sum = next;
    }
    // Once the sum is infinite the compensation is NaN.
    return Double.isFinite(sum) ? sum + lost : sum;
  }

  /** NaN for no values. */
  static double mean(double[] values) {
    return of(values.clone()) / values.length;
  }
}
