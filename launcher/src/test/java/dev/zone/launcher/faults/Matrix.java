package dev.zone.launcher.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of what was seen. */
final class Matrix {
  /**
   * @param detectedSeconds from the fault to the attempt's end; NaN if no attempt ended
   * @param resumedStep that the next attempt went on from; -1 if there was none
   * @param lostSteps that were done again; -1 if it is not known
   */
  record Row(
      String fault,
      String retries,
      double detectedSeconds,
      int resumedStep,
      int lostSteps,
      String digest,
      double seconds) {}

  private final List<Row> rows = new ArrayList<>();

  void add(Row row) {
    rows.add(row);
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%n| %-32s | %-7s | %14s | %15s | %10s | %-14s | %7s |%n",
            "fault",
            "retries",
            "detected after",
            "resumed at step",
            "lost steps",
            "digest equal",
            "case"));
    text.append("|")
        .append("-".repeat(34))
        .append(
            "|---------|----------------|-----------------|------------|----------------|---------|\n");
    for (Row row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %-32s | %-7s | %14s | %15s | %10s | %-14s | %5.0f s |%n",
              row.fault(),
              row.retries(),
              Double.isNaN(row.detectedSeconds())
                  ? "-"
                  : String.format(Locale.ROOT, "%.1f s", row.detectedSeconds()),
              row.resumedStep() < 0 ? "-" : Integer.toString(row.resumedStep()),
              row.lostSteps() < 0 ? "-" : Integer.toString(row.lostSteps()),
              row.digest(),
              row.seconds()));
    }
    return text.toString();
  }
}
