package dev.zone.jobs.training;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds ranks that hold the others up: a step takes as long as its slowest rank. Looks at the mean
 * over many steps, so that a collection or another process's moment is no event.
 */
final class Pace {
  /** A rank is slow that computes this many times as long as the median of the others. */
  private static final double SLOW = 2;

  /** Below this a step's difference is the scheduler's, not the rank's. */
  private static final double LEAST_SECONDS = 0.002;

  private static final int STEPS = 50;

  private final double[] sums;
  private final boolean[] told;
  private int steps;

  Pace(int ranks) {
    this.sums = new double[ranks];
    this.told = new boolean[ranks];
  }

  /**
   * Tells of a step.
   *
   * @return what there is to say: a rank has become slow, or is no longer
   */
  Optional<String> step(StepControl control) {
    for (int rank = 0; rank < sums.length; rank++) {
      sums[rank] += control.seconds(rank);
    }
    if (++steps < STEPS || sums.length < 2) {
      return Optional.empty();
    }
    Optional<String> news = judge();
    Arrays.fill(sums, 0);
    steps = 0;
    return news;
  }

  private Optional<String> judge() {
    int slowest = 0;
    for (int rank = 1; rank < sums.length; rank++) {
      slowest = sums[rank] > sums[slowest] ? rank : slowest;
    }
    double its = sums[slowest] / STEPS;
    double others = medianWithout(slowest) / STEPS;
    if (its > SLOW * others && its - others > LEAST_SECONDS) {
      if (told[slowest]) {
        return Optional.empty();
      }
      told[slowest] = true;
      return Optional.of(
          String.format(
              Locale.ROOT,
              "rank %d is slow: it computes %.3f s a step, the others %.3f s; every step waits %.3f s for it",
              slowest,
              its,
              others,
              its - others));
    }
    for (int rank = 0; rank < told.length; rank++) {
      if (told[rank]) {
        told[rank] = false;
        return Optional.of("rank " + rank + " keeps pace again");
      }
    }
    return Optional.empty();
  }

  private double medianWithout(int excluded) {
    double[] others = new double[sums.length - 1];
    int count = 0;
    for (int rank = 0; rank < sums.length; rank++) {
      if (rank != excluded) {
        others[count++] = sums[rank];
      }
    }
    Arrays.sort(others);
    return others[others.length / 2];
  }
}
