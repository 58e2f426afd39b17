package dev.zone.conf;

import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Range;
import java.util.Optional;

/**
 * Cuts each group's rows, in time's order, into windows. An example is [columns, length]; its
 * target is its last row's, or one for each of its rows.
 */
@Doc("Windows over series.")
public record WindowSpec(
    @Doc("Column that tells the series apart; if not given, all rows are one series.")
        Optional<String> group,
    @Doc("Column that orders the rows; if not given, the order in the file.") Optional<String> time,
    @Doc("Rows in a window.") @Range(min = 1, max = 100_000) int length,
    @Doc("Rows from one window's start to the next's.") @Default("1") @Range(min = 1, max = 100_000)
        int stride,
    @Doc(
            "What a series shorter than a window becomes: first (its first row is repeated before it), mask (zeros stand behind its rows, and an lstm, a bilstm or a network from a file that skips masked steps sees its rows only) or drop.")
        @Default("first")
        Pad pad,
    @Doc("Which windows of the test split count: all, or last (one a series, its last).")
        @Default("all")
        Test test,
    @Doc(
            "A label's class that marks the whole window if any row has it; if not given, the last row decides.")
        Optional<String> anyRow,
    @Doc(
            "Rows of a window averaged into one before the model sees it: length 30 and average 10 give [columns, 3].")
        @Default("1")
        @Range(min = 1, max = 100_000)
        int average,
    @Doc(
            "What is learned of a window: last (its last row's label) or each (every row has its own label and prediction; for an lstm, a bilstm or a network from a file that puts out every step).")
        @Default("last")
        Targets targets) {

  public enum Pad {
    FIRST,
    MASK,
    DROP
  }

  public enum Test {
    ALL,
    LAST
  }

  public enum Targets {
    LAST,
    EACH
  }

  /** Targets of a window: 1, or one for each row. */
  public int targetSteps() {
    return targets == Targets.EACH ? length : 1;
  }
}
