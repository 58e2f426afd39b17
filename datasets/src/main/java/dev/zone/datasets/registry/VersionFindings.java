package dev.zone.datasets.registry;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.admission.RowFindings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What may mislead whoever trains on a version, by what was written when it was fed. */
public final class VersionFindings {
  private VersionFindings() {}

  /**
   * Reads profiles, never rows.
   *
   * @param descriptor the dataset's
   * @return worst first; what cannot be told is one of them, since nobody needs it to train
   */
  public static List<Finding> of(
      RegisteredDataset dataset, DatasetSpec descriptor, Version version) {
    List<Finding> findings = new ArrayList<>();
    try {
      dataset
          .profiles()
          .of(version)
          .ifPresent(rows -> findings.addAll(RowFindings.of(descriptor, rows)));
      findings.addAll(dataset.profiles().noted(version));
      findings.addAll(VersionDrift.of(dataset, descriptor, version));
    } catch (ZoneException e) {
      findings.add(
          new Finding(
              "not-known",
              Finding.Severity.INFO,
              "Not all that may mislead is known: " + e.getMessage()));
    }
    findings.sort(Comparator.comparing(Finding::severity));
    return findings;
  }
}
