package dev.zone.jobs.training;

import dev.zone.conf.MetricName;

/**
 * Which validation was best, and whether it is time to stop. Pure of everything else, so every rank
 * decides alike.
 */
final class EarlyStopping {
  private final MetricName metric;
  private final int patience;
  private final double minDelta;
  private double best = Double.NaN;
  private int bestEpoch;
  private int bestStep;
  private int validationsSince;

  /**
   * @param patience validations without improvement before the end; {@link Integer#MAX_VALUE} to
   *     only remember the best
   */
  EarlyStopping(MetricName metric, int patience, double minDelta) {
    this.metric = metric;
    this.patience = patience;
    this.minDelta = minDelta;
  }

  /**
   * Tells of a validation's value.
   *
   * @param value NaN if undefined, which is never an improvement, except that the first is always
   *     the best so far
   * @param epoch in which it was, from 1
   * @param step after which it was
   * @return whether it is the best so far
   */
  boolean isBest(double value, int epoch, int step) {
    boolean better =
        bestEpoch == 0
            || !Double.isNaN(value)
                && (Double.isNaN(best)
                    || (metric.isHigherBetter()
                        ? value > best + minDelta
                        : value < best - minDelta));
    if (better) {
      best = value;
      bestEpoch = epoch;
      bestStep = step;
      validationsSince = 0;
    } else {
      validationsSince++;
    }
    return better;
  }

  boolean isOver() {
    return validationsSince >= patience;
  }

  MetricName metric() {
    return metric;
  }

  double best() {
    return best;
  }

  int bestEpoch() {
    return bestEpoch;
  }

  int bestStep() {
    return bestStep;
  }

  int validationsSince() {
    return validationsSince;
  }

  void restore(double best, int bestEpoch, int bestStep, int validationsSince) {
    this.best = best;
    this.bestEpoch = bestEpoch;
    this.bestStep = bestStep;
    this.validationsSince = validationsSince;
  }
}
