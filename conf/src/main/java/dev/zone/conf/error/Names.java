package dev.zone.conf.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name somebody meant. */
public final class Names {
  private Names() {}

  /** The nearest of the candidates, if one is near enough to be what was meant. */
  public static Optional<String> nearest(String given, Collection<String> candidates) {
    String wanted = given.toLowerCase(Locale.ROOT);
    int limit = Math.min(Math.max(1, (wanted.length() + 1) / 3), wanted.length() - 1);
    return candidates.stream()
        .filter(candidate -> Math.abs(candidate.length() - wanted.length()) <= Math.max(limit, 3))
        .map(
            candidate ->
                new Scored(candidate, distance(wanted, candidate.toLowerCase(Locale.ROOT))))
        .filter(scored -> scored.distance <= limit || isPart(wanted, scored.name))
        .min(Comparator.comparingInt(Scored::distance).thenComparing(Scored::name))
        .map(Scored::name);
  }

  /** Either {@code ", did you mean 'x'?"} or nothing. */
  public static String suggestion(String given, Collection<String> candidates) {
    return nearest(given, candidates).map(name -> ", did you mean '" + name + "'?").orElse("");
  }

  /** The candidate that is one or two edits away from a name, which is itself none of them. */
  public static Optional<String> misspelt(String given, Collection<String> candidates) {
    if (candidates.contains(given)) {
      return Optional.empty();
    }
    return candidates.stream()
        .filter(candidate -> Math.abs(candidate.length() - given.length()) <= 2)
        .map(candidate -> new Scored(candidate, distance(given, candidate)))
        .filter(scored -> scored.distance <= 2)
        .min(Comparator.comparingInt(Scored::distance).thenComparing(Scored::name))
        .map(Scored::name);
  }

  private record Scored(String name, int distance) {}

  private static boolean isPart(String wanted, String candidate) {
    String name = candidate.toLowerCase(Locale.ROOT);
    return wanted.length() >= 3
        && (name.contains(wanted) || wanted.contains(name) && name.length() >= 3);
  }

  /**
   * Edits between the two, an exchange of neighbours counting as one (optimal string alignment).
   */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        cost[i][j] =
            Math.min(
                Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + (same ? 0 : 1));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
