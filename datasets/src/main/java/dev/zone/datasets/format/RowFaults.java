package dev.zone.datasets.format;

import dev.zone.conf.error.Problems;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reports faults of rows: the first few of a kind in a column of a file each with its row, the
 * others as a number, so that one bad column does not hide the other problems.
 */
final class RowFaults {
  private static final int EACH = 3;

  private final Problems problems;
  private final Optional<Rejections> rejections;
  private final Map<String, Integer> counts = new LinkedHashMap<>();
  private String file = "";

  /**
   * @param rejections take the rows that are wrong; empty if they are problems of their file
   */
  RowFaults(Problems problems, Optional<Rejections> rejections) {
    this.problems = problems;
    this.rejections = rejections;
  }

  /** Whether rows that are wrong are set aside. */
  Optional<Rejections> rejections() {
    return rejections;
  }

  /** Closes the books of the file before. */
  void begin(String name) {
    end();
    file = name;
  }

  /**
   * @param row of the table, from 0
   * @param kind of fault and column, equal for those counted together
   * @param where file and row; asked only if it is reported
   */
  void add(int row, String kind, Supplier<String> where, Supplier<String> message) {
    if (rejections.isPresent()) {
      rejections.get().add(row, where.get(), message.get());
      return;
    }
    int count = counts.merge(kind, 1, Integer::sum);
    if (count <= EACH) {
      problems.add(where.get(), message.get());
    }
  }

  void end() {
    counts.forEach(
        (kind, count) -> {
          if (count > EACH) {
            problems.add(file, "Cannot use %d more rows: %s".formatted(count - EACH, kind));
          }
        });
    counts.clear();
  }

  Problems problems() {
    return problems;
  }
}
