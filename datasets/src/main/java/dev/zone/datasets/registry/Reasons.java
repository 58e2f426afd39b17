package dev.zone.datasets.registry;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why rows are set aside, as often as each reason was a row's first. Reasons that differ only in
 * the value, which stands behind the colon, are one: the first of them stands for all.
 */
final class Reasons {
  private static final int MOST = 1000;
  private static final String OTHERS = "other reasons";

  /** By the part before the colon. */
  private final Map<String, Kind> kinds = new LinkedHashMap<>();

  private static final class Kind {
    private final String first;
    private boolean differ;
    private int count;

    Kind(String first) {
      this.first = first;
    }
  }

  void add(String reason) {
    int colon = reason.indexOf(": ");
    String kind = colon < 0 ? reason : reason.substring(0, colon);
    boolean room = kinds.size() < MOST || kinds.containsKey(kind);
    Kind of = kinds.computeIfAbsent(room ? kind : OTHERS, none -> new Kind(room ? reason : OTHERS));
    of.differ |= !of.first.equals(reason);
    of.count++;
  }

  void add(Reasons others) {
    others.kinds.forEach(
        (kind, its) -> {
          Kind of = kinds.computeIfAbsent(kind, none -> new Kind(its.first));
          of.differ |= its.differ || !of.first.equals(its.first);
          of.count += its.count;
        });
  }

  /** In words, with how often each was. */
  Map<String, Integer> toMap() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    kinds
        .values()
        .forEach(
            kind -> counts.put(kind.first + (kind.differ ? ", and the like" : ""), kind.count));
    return counts;
  }
}
