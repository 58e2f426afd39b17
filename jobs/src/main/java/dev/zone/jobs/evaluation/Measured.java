package dev.zone.jobs.evaluation;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A metric's value, or why it has none.
 *
 * @param reason empty if there is a value
 */
record Measured(OptionalDouble value, String reason) {
  static Measured undefined(String reason) {
    return new Measured(OptionalDouble.empty(), reason);
  }

  /** The value if it is finite. */
  static Measured of(double value, String reasonIfNotFinite) {
    return Double.isFinite(value)
        ? new Measured(OptionalDouble.of(value), "")
        : undefined(reasonIfNotFinite);
  }

  static Measured of(OptionalDouble value, String reasonIfEmpty) {
    return value.isPresent() ? new Measured(value, "") : undefined(reasonIfEmpty);
  }

  /** The mean of those that are there. */
  static Measured meanOf(List<OptionalDouble> values, String reasonIfNone) {
    double[] defined =
        values.stream()
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .toArray();
    return defined.length == 0
        ? undefined(reasonIfNone)
        : of(Sums.mean(defined), "it is not finite");
  }
}
