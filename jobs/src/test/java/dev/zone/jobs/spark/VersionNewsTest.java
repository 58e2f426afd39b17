package dev.zone.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.PlanSpec;
import dev.zone.datasets.PreparedManifest;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.PreparedManifest.Finding.Severity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VersionNewsTest {
  private static final Finding OWN = new Finding("duplicates", Severity.INFO, "some repeat");
  private static final PlanSpec PLAN =
      TinyPlan.with(
          "evaluation: {}",
          "cpu",
          "findings: [{check: duplicates, warning: false, message: chip/x@2 repeats},"
              + " {check: drift, warning: true, message: 'chip/x@2: a (PSI 0.90) moved'}]");

  private static PreparedManifest manifest() {
    return new PreparedManifest(
        "chip/x@2",
        "0".repeat(64),
        false,
        "1".repeat(64),
        List.of(),
        List.of("a", "b"),
        1,
        1,
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(OWN));
  }

  @Test
  void tellsWhoeverChecksAllThatTheRegistryKnowsWorstFirst() {
    assertThat(VersionNews.all(PLAN, manifest()).findings())
        .containsExactly(
            new Finding("drift", Severity.WARNING, "chip/x@2: a (PSI 0.90) moved"),
            OWN,
            new Finding("duplicates", Severity.INFO, "chip/x@2 repeats"));
  }

  @Test
  void reportsOfARunWhatMovedBesideWhatItsOwnExamplesTell() {
    assertThat(VersionNews.drift(PLAN, manifest()).findings())
        .extracting(Finding::check)
        .containsExactly("drift", "duplicates");
  }
}
