package dev.zone.jobs.training;

import dev.zone.conf.MetricName;

/**
 * Which epoch was best, and whether it is time to stop. Pure of everything else, so every rank
 * decides alike.
 */
final class EarlyStopping {
  private final MetricName metric;
  private final int patience;
  private final double minDelta;
  private double best = Double.NaN;
  private int bestEpoch;
  private int epochsSince;

  /**
   * @param patience epochs without improvement before the end; {@link Integer#MAX_VALUE} to only
   *     remember the best
   */
  EarlyStopping(MetricName metric, int patience, double minDelta) {
    this.metric = metric;
    this.patience = patience;
    this.minDelta = minDelta;
  }

  /**
   * Tells of an epoch's value.
   *
   * @param value NaN if undefined, which is never an improvement, except that the first epoch is
   *     always the best so far
   * @param epoch from 1
   * @return whether it is the best so far
   */
  boolean isBest(double value, int epoch) {
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
      epochsSince = 0;
    } else {
      epochsSince++;
    }
    return better;
  }

  boolean isOver() {
    return epochsSince >= patience;
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

  int epochsSince() {
    return epochsSince;
  }

  void restore(double best, int bestEpoch, int epochsSince) {
    this.best = best;
    this.bestEpoch = bestEpoch;
    this.epochsSince = epochsSince;
  }
}
