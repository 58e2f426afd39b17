package dev.zone.datasets.admission;

import dev.zone.datasets.GroupIds;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.PreparedManifest.Finding.Severity;
import dev.zone.datasets.RowSplits;
import java.util.ArrayList;
import java.util.List;

/** Looks for groups whose rows are in several splits. */
public final class GroupFindings {
  private GroupFindings() {}

  /**
   * @param column name of the column that tells the groups apart
   * @param splits the split of each row
   */
  public static List<Finding> of(String column, GroupIds groups, RowSplits splits) {
    int[] seen = new int[groups.groups().size()];
    for (int row = 0; row < splits.size(); row++) {
      if (groups.id(row) >= 0) {
        seen[groups.id(row)] |= splits.bit(row);
      }
    }
    long leaking = 0;
    long used = 0;
    for (int each : seen) {
      used += each != 0 ? 1 : 0;
      leaking += Integer.bitCount(each) > 1 ? 1 : 0;
    }
    List<Finding> findings = new ArrayList<>();
    if (leaking > 0) {
      findings.add(
          new Finding(
              "group-leakage",
              Severity.WARNING,
              "%s have rows in more than one split: rows of a group look alike (expected split: {group: %s})"
                  .formatted(
                      Wording.share(leaking, used, "values of column '" + column + "'"), column)));
    }
    return findings;
  }
}
