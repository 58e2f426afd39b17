package dev.zone.conf;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Columns that a descriptor declares together, by the numbers in their names: {@code s{1..590}}.
 */
final class NumberedColumns {
  /** So that a plan, which has every column, stays one that can be read. */
  private static final int MOST = 5_000;

  private static final Pattern NUMBERED =
      Pattern.compile("(?s)([^{}]*)\\{([0-9]{1,6})\\.\\.([0-9]{1,6})\\}([^{}]*)");

  private NumberedColumns() {}

  /**
   * The columns with each numbered name as the names that it stands for, in order. A first number
   * with leading zeros gives them to all: {@code s{001..590}}.
   *
   * @throws IllegalArgumentException if there are too many, or one is declared twice
   */
  static Map<String, ColumnSpec> expand(Map<String, ColumnSpec> columns) {
    Map<String, ColumnSpec> expanded = new LinkedHashMap<>();
    columns.forEach(
        (name, column) -> {
          Matcher numbered = NUMBERED.matcher(name);
          if (numbered.matches()) {
            add(numbered, column, expanded);
          } else {
            put(name, column, expanded);
          }
        });
    return expanded;
  }

  private static void add(Matcher numbered, ColumnSpec column, Map<String, ColumnSpec> expanded) {
    int first = Integer.parseInt(numbered.group(2));
    int last = Integer.parseInt(numbered.group(3));
    if (first > last || last - first >= MOST) {
      throw new IllegalArgumentException(
          "column %s (expected the smaller number first, and at most %,d columns)"
              .formatted(numbered.group(), MOST));
    }
    int digits = numbered.group(2).length();
    for (int number = first; number <= last; number++) {
      put(
          numbered.group(1)
              + "0".repeat(Math.max(0, digits - digits(number)))
              + number
              + numbered.group(4),
          column,
          expanded);
    }
    if (expanded.size() > MOST) {
      throw new IllegalArgumentException("more than %,d columns (expected fewer)".formatted(MOST));
    }
  }

  private static int digits(int number) {
    return Integer.toString(number).length();
  }

  private static void put(String name, ColumnSpec column, Map<String, ColumnSpec> expanded) {
    if (expanded.put(name, column) != null) {
      throw new IllegalArgumentException("column %s twice (expected it once)".formatted(name));
    }
  }
}
