package dev.zone.jobs.spark;

import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.collective.CollectiveException;
import java.util.Locale;
import java.util.Optional;

/** Causes in words that stay the same when the same happens again. */
final class Causes {
  private static final int LONGEST = 120;

  /** Chains of causes may be circles. */
  static final int DEEPEST = 32;

  private Causes() {}

  /** DL4J and ND4J wrap what they ran into. */
  static Optional<OutOfMemoryError> memory(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof OutOfMemoryError memory) {
        return Optional.of(memory);
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }

  static String of(ZoneException failure) {
    if (failure instanceof CollectiveException collective) {
      String what = collective.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      return collective.awaitedRank().isPresent()
          ? "rank " + collective.awaitedRank().getAsInt() + " is " + what
          : what;
    }
    // The message without figures, as far as its explanation.
    String message = String.valueOf(failure.getMessage()).replaceAll("[0-9]+", "#");
    int explanation = message.indexOf(" (");
    String told = explanation > 0 ? message.substring(0, explanation) : message;
    return told.length() > LONGEST ? told.substring(0, LONGEST) : told;
  }
}
