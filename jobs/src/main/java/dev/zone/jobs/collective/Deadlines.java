package dev.zone.jobs.collective;

import java.time.Duration;

/**
 * How long a rank waits for others.
 *
 * @param meet until its neighbours have come
 * @param operation from the beginning of an operation until its end
 */
public record Deadlines(Duration meet, Duration operation) {
  public Deadlines {
    require("meet", meet);
    require("operation", operation);
  }

  /** The same for both. */
  public static Deadlines of(Duration both) {
    return new Deadlines(both, both);
  }

  static void require(String name, Duration deadline) {
    if (deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException(
          "Cannot use a deadline to " + name + " of " + deadline + " (expected more than 0)");
    }
  }
}
