package dev.zone.jobs.spark;

import dev.zone.conf.RetrySpec;
import dev.zone.conf.error.ErrorKind;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Whether a failed attempt is worth another. What fails at the same step for the same cause will do
 * so again.
 */
final class RetryPolicy {
  /**
   * @param again whether there is another attempt
   * @param waitSeconds before it
   * @param why for people; empty if there is nothing to explain
   */
  record Decision(boolean again, double waitSeconds, String why) {}

  private record Seen(int step, String cause) {}

  private final RetrySpec spec;
  private final Set<Seen> seen = new HashSet<>();
  private int attempts;

  RetryPolicy(RetrySpec spec) {
    this.spec = spec;
  }

  /** To be asked once a failed attempt. */
  Decision after(AttemptFailure failure) {
    attempts++;
    if (failure.kind() != ErrorKind.ENVIRONMENT && failure.kind() != ErrorKind.RESOURCES) {
      return new Decision(false, 0, "");
    }
    boolean known = failure.step() != AttemptFailure.UNKNOWN_STEP;
    if (known && !seen.add(new Seen(failure.step(), failure.cause()))) {
      return new Decision(
          false,
          0,
          "it failed at step " + failure.step() + " twice for the same cause: " + failure.cause());
    }
    if (attempts >= spec.maxAttempts()) {
      return new Decision(
          false,
          0,
          spec.maxAttempts() == 1
              ? ""
              : attempts + " of " + spec.maxAttempts() + " attempts failed");
    }
    double wait = spec.waitBefore(attempts + 1);
    return new Decision(
        true,
        wait,
        String.format(
            Locale.ROOT, "attempt %d of %d in %.1f s", attempts + 1, spec.maxAttempts(), wait));
  }
}
