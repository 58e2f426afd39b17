package dev.zone.jobs.spark;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.spark.RankOutcome.RankFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * Why an attempt failed.
 *
 * @param cause in few words and without figures, so that the same cause reads the same
 * @param message for people
 * @param trace for developers
 * @param step optimizer steps done when it happened; -1 if nobody could tell
 * @param spoiled executors of no further use
 */
record AttemptFailure(
    ErrorKind kind, String cause, String message, String trace, int step, List<String> spoiled) {
  static final int UNKNOWN_STEP = -1;

  AttemptFailure {
    spoiled = List.copyOf(spoiled);
  }

  /**
   * The first cause, not what followed from it: a rank that is told that another is gone has little
   * to tell.
   *
   * @param end of a stage that failed
   * @param failures of ranks, which Spark may not have brought any more, by rank
   */
  static AttemptFailure of(StageEnd end, SortedMap<Integer, RankFailure> failures) {
    Collection<RankFailure> told = failures.values();
    int step = told.stream().mapToInt(RankFailure::step).max().orElse(UNKNOWN_STEP);
    List<String> spoiled =
        told.stream().filter(RankFailure::spoiled).map(RankFailure::executor).toList();
    RankFailure first = root(failures);
    if (first != null && !first.secondary()) {
      return new AttemptFailure(
          first.kind(), first.cause(), first.message(), first.trace(), first.step(), spoiled);
    }
    String trace = first == null ? "" : first.trace();
    if (!end.lost().isEmpty()) {
      return new AttemptFailure(
          ErrorKind.ENVIRONMENT, gone(end.lost().keySet()), lost(end.lost()), trace, step, spoiled);
    }
    if (!end.silent().isEmpty()) {
      return new AttemptFailure(
          ErrorKind.ENVIRONMENT,
          named(end.silent()) + " does not answer",
          "Cannot go on training: "
              + named(end.silent())
              + " does not answer"
              + (first == null ? "" : " (" + first.message() + ")"),
          trace,
          step,
          spoiled);
    }
    if (first != null) {
      return new AttemptFailure(first.kind(), first.cause(), first.message(), trace, step, spoiled);
    }
    Throwable failure = end.failure().orElseThrow();
    return new AttemptFailure(
        ErrorKind.ENVIRONMENT,
        "the stage failed",
        "Cannot finish the training: " + reason(failure),
        RankOutcome.trace(failure),
        step,
        spoiled);
  }

  /**
   * A failure of a rank's own, if there is one; else what the last says in the chain of ranks that
   * wait for each other, at whose end is the one that nobody hears of. Null if none says anything.
   */
  private static RankFailure root(SortedMap<Integer, RankFailure> failures) {
    for (RankFailure failure : failures.values()) {
      if (!failure.secondary()) {
        return failure;
      }
    }
    if (failures.isEmpty()) {
      return null;
    }
    Set<Integer> seen = new HashSet<>();
    int rank = failures.firstKey();
    while (seen.add(rank)) {
      RankFailure next = failures.get(failures.get(rank).awaited());
      if (next == null || next.awaited() == RankFailure.NOBODY) {
        break;
      }
      rank = failures.get(rank).awaited();
    }
    return failures.get(rank);
  }

  /** Of a failure outside the stage, such as too few places. */
  static AttemptFailure of(ZoneException failure) {
    return new AttemptFailure(
        failure.kind(),
        failure.kind() == ErrorKind.RESOURCES ? "too few places" : "the attempt cannot begin",
        failure.getMessage(),
        RankOutcome.trace(failure),
        UNKNOWN_STEP,
        List.of());
  }

  ZoneException asException() {
    return new ZoneException(kind, message, new RuntimeException(trace));
  }

  private static String gone(Collection<Integer> ranks) {
    return named(ranks) + (ranks.size() == 1 ? " is gone" : " are gone");
  }

  private static String lost(Map<Integer, String> lost) {
    List<String> parts = new ArrayList<>();
    lost.forEach(
        (rank, reason) ->
            parts.add("the executor of rank " + rank + " is gone: " + explained(reason)));
    return "Cannot go on training: " + String.join("; ", parts);
  }

  /** Spark's executors end with this code when memory runs out. */
  private static String explained(String reason) {
    return reason.endsWith("exited with code 52") ? reason + " (out of memory)" : reason;
  }

  private static String named(Collection<Integer> ranks) {
    List<String> names = ranks.stream().map(rank -> "rank " + rank).toList();
    return String.join(", ", names);
  }

  /** Spark tells that a barrier stage failed in one line, and why in the next. */
  private static String reason(Throwable failure) {
    List<String> lines =
        String.valueOf(failure.getMessage()).lines().filter(line -> !line.isBlank()).toList();
    boolean inNext = lines.size() > 1 && lines.get(0).endsWith("finished unsuccessfully.");
    return lines.isEmpty() ? "no reason is known" : lines.get(inNext ? 1 : 0);
  }
}
