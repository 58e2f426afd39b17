package dev.zone.datasets.admission;

import dev.zone.datasets.PreparedManifest.Finding;
import java.util.List;
import java.util.Locale;

/** Says that test figures of a capped target are not those of validation. */
public final class CapFindings {
  private CapFindings() {}

  /**
   * @param cap infinite if there is none
   * @param above test targets that are above it
   * @param tests all test targets
   */
  public static List<Finding> of(double cap, int above, int tests) {
    if (Double.isInfinite(cap) || above == 0) {
      return List.of();
    }
    return List.of(
        new Finding(
            "capped-target",
            Finding.Severity.INFO,
            String.format(
                Locale.ROOT,
                "%s are above the cap of %s: training and validation count such as the cap, the test split keeps the truth, so its errors are larger",
                Wording.share(above, tests, "test targets"),
                cap == Math.rint(cap) ? Long.toString((long) cap) : Double.toString(cap))));
  }
}
