package dev.zone.datasets.admission;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.PreparedManifest.Finding.Severity;
import dev.zone.datasets.profile.DistinctRows.Overlap;
import dev.zone.datasets.profile.Profile;
import dev.zone.datasets.profile.Profile.SplitRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Looks for rows of a training file in files of other splits. */
final class SplitFindings {
  private static final double LOUD = 0.01;

  /** Of fewer rows a share says little. */
  private static final int ENOUGH = 100;

  private SplitFindings() {}

  static List<Finding> of(Profile profile) {
    Map<Split, SplitRows> splits = profile.splits();
    if (!splits.containsKey(Split.TRAIN)) {
      return List.of();
    }
    boolean known = splits.values().stream().mapToLong(SplitRows::rows).sum() == profile.rows();
    List<String> parts = new ArrayList<>();
    boolean loud = false;
    for (Split split : List.of(Split.TEST, Split.VALIDATION)) {
      if (splits.containsKey(split)) {
        Overlap overlap = splits.get(split).distinct().in(splits.get(Split.TRAIN).distinct());
        if (overlap.found() > 0) {
          parts.add(words(overlap, known, Wording.name(split)));
          loud |= overlap.found() >= LOUD * overlap.looked();
        }
      }
    }
    if (parts.isEmpty()) {
      return List.of();
    }
    String all = String.join(" and ", parts);
    return List.of(
        new Finding(
            "duplicates-across-splits",
            loud ? Severity.WARNING : Severity.INFO,
            all.substring(0, 1).toUpperCase(Locale.ROOT)
                + all.substring(1)
                + " have the inputs of a training row; figures on them do not say how the model does on new data"));
  }

  /**
   * @param known whether all rows are of a split that is known
   */
  private static String words(Overlap overlap, boolean known, String split) {
    if (known && overlap.all()) {
      return Wording.share(overlap.found(), overlap.looked(), "different %s rows".formatted(split));
    }
    if (!known || overlap.looked() < ENOUGH) {
      return String.format(Locale.ROOT, "at least %,d %s rows", overlap.found(), split);
    }
    return String.format(
        Locale.ROOT,
        "about %.1f %% of the different %s rows (%,d of %,d that were looked at)",
        100.0 * overlap.found() / overlap.looked(),
        split,
        overlap.found(),
        overlap.looked());
  }
}
