package dev.zone.bench;

import java.util.ArrayList;
import java.util.List;

/** A Markdown table whose columns line up on a terminal too: the first to the left. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... names) {
    rows.add(List.of(names));
  }

  Table row(String... cells) {
    if (cells.length != rows.get(0).size()) {
      throw new IllegalArgumentException(
          "Cannot add a row of %d cells (expected %d)".formatted(cells.length, rows.get(0).size()));
    }
    rows.add(List.of(cells));
    return this;
  }

  @Override
  public String toString() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(Math.max(widths[c], 3), row.get(c).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      line(text, rows.get(r), widths);
      if (r == 0) {
        for (int c = 0; c < columns; c++) {
          text.append(c == 0 ? "| " : " ")
              .append("-".repeat(c == 0 ? widths[c] : widths[c] - 1))
              .append(c == 0 ? " |" : ": |");
        }
        text.append('\n');
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> row, int[] widths) {
    text.append('|');
    for (int c = 0; c < widths.length; c++) {
      String padding = " ".repeat(widths[c] - row.get(c).length());
      text.append(' ').append(c == 0 ? row.get(c) + padding : padding + row.get(c)).append(" |");
    }
    text.append('\n');
  }
}
