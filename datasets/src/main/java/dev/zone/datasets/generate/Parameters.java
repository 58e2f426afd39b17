package dev.zone.datasets.generate;

import dev.zone.conf.error.Names;
import dev.zone.conf.error.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A generator's own parameters, read by name; what is wrong with them is gathered. */
final class Parameters {
  private final String generator;
  private final Map<String, Double> given;
  private final Problems problems;
  private final List<String> known = new ArrayList<>();

  Parameters(String generator, Map<String, Double> given, Problems problems) {
    this.generator = generator;
    this.given = given;
    this.problems = problems;
  }

  double number(String name, double otherwise, double low, double high) {
    known.add(name);
    double value = given.getOrDefault(name, otherwise);
    if (!(value >= low && value <= high)) {
      problems.add("", cannotSet(name, value) + " (expected " + low + " to " + high + ")");
      return otherwise;
    }
    return value;
  }

  int whole(String name, int otherwise, int low, int high) {
    known.add(name);
    double value = given.getOrDefault(name, (double) otherwise);
    if (!(value >= low && value <= high) || value != Math.rint(value)) {
      problems.add(
          "",
          cannotSet(name, value) + " (expected a whole number from " + low + " to " + high + ")");
      return otherwise;
    }
    return (int) value;
  }

  private String cannotSet(String name, double value) {
    return "Cannot set parameter '" + name + "' of " + generator + ": " + value;
  }

  /** Call after all have been read: whatever else was given is a mistake. */
  void refuseOthers() {
    for (String name : given.keySet()) {
      if (!known.contains(name)) {
        problems.add(
            "",
            "Cannot set parameter of "
                + generator
                + ": '"
                + name
                + "' (expected one of "
                + String.join(", ", known)
                + Names.suggestion(name, known)
                + ")");
      }
    }
  }

  /**
   * How many examples a piece has.
   *
   * @param mostValues of a piece; of all at once the limit is what fits into memory
   * @return 0 if they do not fit, which is a problem
   */
  int perPiece(int count, String examples, double valuesEach, long limit, int mostValues) {
    if (mostValues == Integer.MAX_VALUE) {
      return allows(count, examples, valuesEach, limit) ? count : 0;
    }
    return (int) Math.max(1, Math.min(count, mostValues / valuesEach));
  }

  /** Whether so many examples of so many values fit; a problem if not. */
  private boolean allows(int count, String examples, double valuesEach, long limit) {
    if (count * valuesEach <= limit) {
      return true;
    }
    problems.add(
        "",
        "Cannot generate "
            + count
            + " "
            + examples
            + " with "
            + generator
            + ": too many for memory (expected at most "
            + (long) (limit / valuesEach)
            + ")");
    return false;
  }
}
