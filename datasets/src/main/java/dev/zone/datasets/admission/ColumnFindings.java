package dev.zone.datasets.admission;

import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import dev.zone.datasets.GroupIds;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.PreparedManifest.Finding.Severity;
import dev.zone.datasets.TensorColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Looks at single input columns on the training rows. */
public final class ColumnFindings {
  private static final int SAMPLE = 50_000;
  private static final double MOSTLY_MISSING = 0.5;

  /** As of the rows of a version. */
  private static final double NEARLY_ALL = RowFindings.NEARLY_ALL;

  private ColumnFindings() {}

  /** A row's target: a class's index or a number. */
  public interface Target {
    double of(int row);
  }

  /**
   * @param columns the inputs' columns by name
   * @param training rows of the training split
   * @param classes of the label; 0 if it is a number
   */
  public static List<Finding> of(
      Map<String, Column> columns, int[] training, Target target, int classes) {
    List<Finding> findings = new ArrayList<>();
    List<String> constant = new ArrayList<>();
    List<String> nearly = new ArrayList<>();
    List<String> hollow = new ArrayList<>();
    List<String> telling = new ArrayList<>();
    long missing = 0;
    long cells = 0;
    Giveaway giveaway = new Giveaway(sample(training), target, classes);
    for (Map.Entry<String, Column> each : columns.entrySet()) {
      Column column = each.getValue();
      if (column instanceof TensorColumn) {
        continue;
      }
      int absent = countMissing(column, training);
      missing += absent;
      cells += training.length;
      if (absent > MOSTLY_MISSING * training.length) {
        hollow.add(
            String.format(
                Locale.ROOT, "%s (%.0f %%)", each.getKey(), 100.0 * absent / training.length));
      }
      if (isConstant(column, training)) {
        constant.add(each.getKey());
      } else {
        if (isNearlyConstant(column, training)) {
          nearly.add(each.getKey());
        }
        giveaway.score(column).ifPresent(score -> telling.add(each.getKey() + " (" + score + ")"));
      }
    }
    if (!telling.isEmpty()) {
      findings.add(
          new Finding(
              "label-giveaway",
              Severity.WARNING,
              "A single column gives the label away: %s; is it known when a prediction is made?"
                  .formatted(Wording.listed(telling))));
    }
    if (!hollow.isEmpty()) {
      findings.add(
          new Finding(
              "mostly-missing",
              Severity.WARNING,
              "More than half of the training values are missing in " + Wording.listed(hollow)));
    }
    if (missing > 0) {
      findings.add(
          new Finding(
              "missing-values",
              Severity.INFO,
              Wording.share(missing, cells, "input values of training") + " are missing"));
    }
    same("constant-columns", "hold one value in training", constant, columns.size(), findings);
    same(
        "nearly-constant-columns",
        "hold one value in at least 99.9 % of the training rows",
        nearly,
        columns.size(),
        findings);
    return findings;
  }

  private static void same(
      String check, String what, List<String> columns, int all, List<Finding> findings) {
    if (!columns.isEmpty()) {
      findings.add(
          new Finding(
              check,
              Severity.INFO,
              "%d of %d input columns %s: %s"
                  .formatted(columns.size(), all, what, Wording.listed(columns))));
    }
  }

  /** Evenly spread rows, so that no order in the files decides. */
  private static int[] sample(int[] rows) {
    if (rows.length <= SAMPLE) {
      return rows;
    }
    int[] sample = new int[SAMPLE];
    for (int i = 0; i < SAMPLE; i++) {
      sample[i] = rows[(int) ((long) i * rows.length / SAMPLE)];
    }
    return sample;
  }

  private static int countMissing(Column column, int[] rows) {
    int missing = 0;
    for (int row : rows) {
      missing += GroupIds.isMissing(column, row) ? 1 : 0;
    }
    return missing;
  }

  private static boolean isConstant(Column column, int[] rows) {
    for (int row : rows) {
      if (value(column, row) != value(column, rows[0])
          && !(GroupIds.isMissing(column, row) && GroupIds.isMissing(column, rows[0]))) {
        return false;
      }
    }
    return true;
  }

  /** Whether nearly all values that are there are the same. */
  private static boolean isNearlyConstant(Column column, int[] rows) {
    // A value that more than half have is what is left when different ones are struck out in pairs.
    double most = Double.NaN;
    int left = 0;
    int present = 0;
    for (int row : rows) {
      if (!GroupIds.isMissing(column, row)) {
        double value = value(column, row);
        present++;
        if (left == 0) {
          most = value;
        }
        left += value == most ? 1 : -1;
      }
    }
    int same = 0;
    for (int row : rows) {
      same += value(column, row) == most && !GroupIds.isMissing(column, row) ? 1 : 0;
    }
    return present > 0 && same >= NEARLY_ALL * present;
  }

  static double value(Column column, int row) {
    return column instanceof NumberColumn numbers
        ? numbers.value(row)
        : ((CodedColumn) column).code(row);
  }
}
