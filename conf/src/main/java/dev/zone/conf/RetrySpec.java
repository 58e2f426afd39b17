package dev.zone.conf;

import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Range;

/** How often a training that failed for no fault of its own is tried again. */
@Doc(
    "How often a training is tried again from its newest checkpoint when a worker, a machine or a disk fails. Mistakes of the job are never tried again, nor what fails twice at the same step for the same cause.")
public record RetrySpec(
    @Doc("Attempts in all; 1 for no second one.") @Default("3") @Range(min = 1, max = 100)
        int maxAttempts,
    @Doc("Seconds before the second attempt; twice as many before each further one, at most 300.")
        @Default("2")
        @Range(min = 0, max = 300)
        double backoffSeconds) {
  private static final double LONGEST_SECONDS = 300;

  /**
   * Seconds to wait before an attempt.
   *
   * @param attempt from 2
   */
  public double waitBefore(int attempt) {
    return Math.min(LONGEST_SECONDS, backoffSeconds * Math.pow(2, attempt - 2));
  }
}
