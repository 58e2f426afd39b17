package dev.zone.jobs.training;

import dev.zone.datasets.ExampleSet;
import java.util.Arrays;

/**
 * The targets of a split one after the other, as predictions have them: one an example, or one for
 * each step of its window that is not padding.
 */
public final class TargetRows {
  private final ExampleSet examples;
  private final int steps;

  /** Where each example's rows begin, and the end; none if each example has one row. */
  private final int[] starts;

  private TargetRows(ExampleSet examples, int steps, int[] starts) {
    this.examples = examples;
    this.steps = steps;
    this.starts = starts;
  }

  /**
   * @param steps targets of an example
   */
  public static TargetRows of(ExampleSet examples, int steps) {
    if (steps == 1) {
      return new TargetRows(examples, steps, new int[0]);
    }
    int[] starts = new int[examples.size() + 1];
    for (int i = 0; i < examples.size(); i++) {
      starts[i + 1] = Math.addExact(starts[i], steps - examples.paddedSteps(i));
    }
    return new TargetRows(examples, steps, starts);
  }

  int size() {
    return steps == 1 ? examples.size() : starts[examples.size()];
  }

  /** Rows of one example. */
  int count(int example) {
    return steps == 1 ? 1 : starts[example + 1] - starts[example];
  }

  /** Where a row comes from, for messages. */
  public String origin(int row) {
    if (steps == 1) {
      return examples.origin(row);
    }
    int found = Arrays.binarySearch(starts, row);
    int example = found < 0 ? -found - 2 : found;
    return "step %d of %d of the window that ends at %s"
        .formatted(row - starts[example] + 1, count(example), examples.origin(example));
  }
}
