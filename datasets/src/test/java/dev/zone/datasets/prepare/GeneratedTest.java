package dev.zone.datasets.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.JobSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.PreparedManifest;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped demos, whole: they need no data. */
class GeneratedTest {
  @TempDir Path cache;

  @ParameterizedTest
  @ValueSource(strings = {"chip/demo", "manufacturing/demo", "vehicle/demo"})
  void preparesTheShippedDemos(String name) {
    JobSpec job = Shipped.job(name);
    Problems problems = new Problems();
    Optional<PreparedData> prepared =
        new Preparer()
            .prepare(
                new PreparationRequest(
                    job,
                    Shipped.dataset(job.dataset().path()),
                    Optional.empty(),
                    cache,
                    new Portion.Declared(),
                    Optional.empty()),
                problems);
    assertThat(problems.list()).isEmpty();
    PreparedManifest manifest = prepared.orElseThrow().manifest();
    assertThat(manifest.generated()).isTrue();
    assertThat(manifest.counts()).containsOnlyKeys(Split.values());
    assertThat(prepared.get().examples(Split.TRAIN).orElseThrow().origin(0))
        .startsWith("generated ");
    assertThat(manifest.findings()).noneMatch(each -> each.check().equals("label-giveaway"));
  }
}
