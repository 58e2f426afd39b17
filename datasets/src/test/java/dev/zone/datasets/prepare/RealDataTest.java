package dev.zone.datasets.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.JobSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.PreparedManifest;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.PreparedManifest.Finding.Severity;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prepares the real data that the shipped jobs name; {@code -Dzone.data} says where they are. */
@Tag("real-data")
class RealDataTest {
  private static final Path DATA = Path.of(System.getProperty("zone.data", "none"));

  @TempDir Path cache;

  private PreparedManifest prepare(String job, String data, Portion portion) {
    JobSpec spec = Shipped.job(job);
    DatasetSpec dataset = Shipped.dataset(spec.dataset().path());
    Problems problems = new Problems();
    PreparationRequest request =
        new PreparationRequest(
            spec,
            dataset,
            Optional.of(DATA.resolve(data).toAbsolutePath()),
            cache,
            portion,
            Optional.empty());
    long start = System.nanoTime();
    Optional<PreparedData> prepared = new Preparer().prepare(request, problems);
    long middle = System.nanoTime();
    assertThat(problems.list()).isEmpty();
    new Preparer().prepare(request, problems);
    long end = System.nanoTime();
    System.out.printf(
        "%s: prepared in %.2f s, again in %.2f s, %d MiB heap used%n",
        job,
        (middle - start) / 1e9,
        (end - middle) / 1e9,
        (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20);
    PreparedManifest manifest = prepared.orElseThrow().manifest();
    System.out.println(manifest.counts() + " " + manifest.classCounts());
    manifest.findings().forEach(finding -> System.out.println("  " + finding));
    return manifest;
  }

  @Test
  void waferMaps() {
    PreparedManifest manifest = prepare("chip/wm811k", "chip/wm811k", new Portion.Declared());
    assertThat(manifest.counts())
        .isEqualTo(Map.of(Split.TRAIN, 37_348, Split.VALIDATION, 12_450, Split.TEST, 12_450));
    assertThat(manifest.inputs().get(0).shape()).containsExactly(3, 52, 52);
  }

  @Test
  void waferSensors() {
    PreparedManifest manifest = prepare("chip/secom", "chip/secom", new Portion.Fold(1, 10));
    assertThat(manifest.counts().values().stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(1567);
    assertThat(manifest.classes()).containsExactly("pass", "fail");
    assertThat(manifest.inputs().get(0).shape()).containsExactly(431);
  }

  @Test
  void turbofans() {
    PreparedManifest manifest =
        prepare("manufacturing/cmapss-fd001", "manufacturing/cmapss", new Portion.Declared());
    assertThat(manifest.counts().get(Split.TEST)).isEqualTo(100);
    assertThat(manifest.inputs().get(0).shape()).containsExactly(28, 3);
  }

  @Test
  void millingMachine() {
    PreparedManifest manifest =
        prepare("manufacturing/ai4i2020", "manufacturing/ai4i2020", new Portion.Declared());
    assertThat(manifest.counts())
        .isEqualTo(Map.of(Split.TRAIN, 6000, Split.VALIDATION, 2000, Split.TEST, 2000));
  }

  @Test
  void bearings() {
    PreparedManifest manifest =
        prepare("manufacturing/cwru", "manufacturing/cwru", new Portion.Declared());
    assertThat(manifest.inputs().get(0).shape()).containsExactly(1, 1024);
    assertThat(manifest.classes()).hasSize(10);
    // Windows of 1024 samples, 256 apart, in 60, 15 and 25 % of each recording.
    assertThat(manifest.counts())
        .isEqualTo(Map.of(Split.TRAIN, 3109, Split.VALIDATION, 751, Split.TEST, 1275));
    assertThat(manifest.findings())
        .noneMatch(finding -> finding.check().equals("duplicates-across-splits"));
  }

  @Test
  void trafficSigns() {
    PreparedManifest manifest = prepare("vehicle/gtsrb", "vehicle/gtsrb", new Portion.Declared());
    assertThat(manifest.counts().get(Split.TEST)).isEqualTo(12_630);
    assertThat(manifest.inputs().get(0).shape()).containsExactly(3, 32, 32);
    assertThat(manifest.inputs().get(0).names()).containsExactly("red", "green", "blue");
  }

  @Test
  void framesWithDuplicatesAcrossSplits() {
    PreparedManifest manifest =
        prepare("vehicle/can-intrusion", "vehicle/ciciov2024", new Portion.Declared());
    assertThat(manifest.counts().values().stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(1_408_219);
    Finding first = manifest.findings().get(0);
    assertThat(first.check()).isEqualTo("duplicates-across-splits");
    assertThat(first.severity()).isEqualTo(Severity.WARNING);
    assertThat(first.message()).contains("281,076 of 281,643 test examples (99.8 %)");
  }
}
