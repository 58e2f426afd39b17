package dev.zone.jobs.spark;

import dev.zone.conf.PlanSpec;
import dev.zone.datasets.PreparedManifest;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.PreparedManifest.Finding.Severity;
import java.util.function.Predicate;

/** Adds what the registry knows of a dataset's version to what was noticed of a job's examples. */
final class VersionNews {
  private VersionNews() {}

  /** With all of it, for whoever asks what may mislead. */
  static PreparedManifest all(PlanSpec plan, PreparedManifest manifest) {
    return with(plan, manifest, check -> true);
  }

  /** With what only other versions tell; the rest is there already, of the job's own examples. */
  static PreparedManifest drift(PlanSpec plan, PreparedManifest manifest) {
    return with(plan, manifest, "drift"::equals);
  }

  private static PreparedManifest with(
      PlanSpec plan, PreparedManifest manifest, Predicate<String> wanted) {
    return manifest.with(
        plan.findings().stream()
            .filter(finding -> wanted.test(finding.check()))
            .map(
                finding ->
                    new Finding(
                        finding.check(),
                        finding.warning() ? Severity.WARNING : Severity.INFO,
                        finding.message()))
            .toList());
  }
}
