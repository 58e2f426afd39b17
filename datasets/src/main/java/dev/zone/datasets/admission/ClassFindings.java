package dev.zone.datasets.admission;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.PreparedManifest.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Looks at how many examples each class has. */
public final class ClassFindings {
  private static final double RARE = 0.02;
  private static final int FEW = 20;

  private ClassFindings() {}

  /**
   * @param classes names in index order
   * @param counts examples of each class by split
   */
  public static List<Finding> of(List<String> classes, Map<Split, List<Long>> counts) {
    List<Finding> findings = new ArrayList<>();
    counts.forEach(
        (split, each) -> {
          List<String> absent = new ArrayList<>();
          for (int i = 0; i < each.size(); i++) {
            if (each.get(i) == 0) {
              absent.add(classes.get(i));
            }
          }
          if (!absent.isEmpty()) {
            findings.add(
                new Finding(
                    "classes-missing",
                    Severity.WARNING,
                    "The %s split has no example of %s"
                        .formatted(Wording.name(split), Wording.listed(absent))));
          }
        });
    imbalance(classes, counts.getOrDefault(Split.TRAIN, List.of()), findings);
    return findings;
  }

  private static void imbalance(List<String> classes, List<Long> counts, List<Finding> findings) {
    long all = counts.stream().mapToLong(Long::longValue).sum();
    List<String> rare = new ArrayList<>();
    boolean few = false;
    for (int i = 0; i < counts.size(); i++) {
      long count = counts.get(i);
      if (count > 0 && count < RARE * all) {
        rare.add(String.format(Locale.ROOT, "%s %,d", classes.get(i), count));
        few |= count < FEW;
      }
    }
    if (!rare.isEmpty()) {
      findings.add(
          new Finding(
              "class-imbalance",
              few ? Severity.WARNING : Severity.INFO,
              String.format(
                  Locale.ROOT,
                  "Of %,d training examples few are of %s: accuracy alone says little of them",
                  all,
                  Wording.listed(rare))));
    }
  }
}
