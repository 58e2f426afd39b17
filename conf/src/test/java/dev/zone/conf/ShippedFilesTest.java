package dev.zone.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.YamlBinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShippedFilesTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  /** Datasets whose files nobody here had, and no two others state one digest of. */
  private static final Set<String> UNPINNED =
      Set.of(
          "manufacturing/neu-surface-defects",
          "manufacturing/tennessee-eastman",
          "vehicle/aps-scania");

  static Stream<Path> descriptors() throws IOException {
    return yamlFiles("datasets");
  }

  static Stream<Path> jobs() throws IOException {
    return yamlFiles("jobs");
  }

  @ParameterizedTest
  @MethodSource("descriptors")
  void eachDescriptorIsRight(Path file) {
    Bound<DatasetSpec> bound = read(file, DatasetSpec.class);
    DatasetSpec dataset = bound.value();
    Problems problems = new Problems();
    DatasetRules.check(dataset, bound.locations(), problems);
    assertThat(problems.list().stream().map(Problem::toString)).isEmpty();
    assertThat(dataset.name()).hasToString(file.getParent().getFileName() + "/" + baseName(file));
    for (SourceSpec.FileSpec spec : dataset.source().files()) {
      if (!UNPINNED.contains(dataset.name().toString())) {
        assertThat(spec.sha256()).as("digest of %s", spec.path()).isPresent();
      }
      for (SourceSpec.BesideSpec beside : spec.beside()) {
        assertThat(beside.sha256()).as("digest of %s", beside.path()).isPresent();
      }
    }
  }

  static Stream<Path> zones() throws IOException {
    return yamlFiles("conf");
  }

  @ParameterizedTest
  @MethodSource("zones")
  void eachZoneIsRight(Path file) throws IOException {
    Bound<ZoneSpec> bound = read(file, ZoneSpec.class);
    Problems problems = new Problems();
    ZoneRules.check(bound.value(), bound.locations(), problems);
    assertThat(problems.list().stream().map(Problem::toString)).isEmpty();
    assertThat(Files.readString(file)).startsWith("# ");
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void eachJobIsRight(Path file) throws IOException {
    Bound<JobSpec> bound = read(file, JobSpec.class);
    JobSpec job = bound.value();
    Path descriptor = ROOT.resolve("datasets").resolve(job.dataset().path() + ".yaml");
    Problems problems = new Problems();
    JobRules.check(job, bound.locations(), problems);
    JobRules.checkAgainst(
        job, read(descriptor, DatasetSpec.class).value(), bound.locations(), problems);
    assertThat(problems.list().stream().map(Problem::toString)).isEmpty();
    assertThat(Files.readString(file)).startsWith("# ");
  }

  @Test
  void allThatIsPromisedIsThere() throws IOException {
    assertThat(
            Stream.of(descriptors(), jobs(), zones())
                .flatMap(files -> files)
                .map(file -> ROOT.relativize(file).toString()))
        .contains(
            "datasets/chip/demo.yaml",
            "datasets/chip/mixedwm38.yaml",
            "datasets/chip/secom-full.yaml",
            "datasets/chip/secom.yaml",
            "datasets/chip/wm811k.yaml",
            "datasets/manufacturing/ai4i2020.yaml",
            "datasets/manufacturing/cmapss-fd001.yaml",
            "datasets/manufacturing/cmapss-fd002.yaml",
            "datasets/manufacturing/cmapss-fd003.yaml",
            "datasets/manufacturing/cmapss-fd004.yaml",
            "datasets/manufacturing/cwru.yaml",
            "datasets/manufacturing/demo.yaml",
            "datasets/manufacturing/neu-surface-defects.yaml",
            "datasets/manufacturing/tennessee-eastman.yaml",
            "datasets/vehicle/aps-scania.yaml",
            "datasets/vehicle/can-intrusion.yaml",
            "datasets/vehicle/demo.yaml",
            "datasets/vehicle/gtsrb.yaml",
            "jobs/chip/demo.yaml",
            "jobs/chip/secom.yaml",
            "jobs/chip/wm811k.yaml",
            "jobs/manufacturing/ai4i2020.yaml",
            "jobs/manufacturing/cmapss-fd001.yaml",
            "jobs/manufacturing/cwru.yaml",
            "jobs/manufacturing/demo.yaml",
            "jobs/vehicle/can-intrusion.yaml",
            "jobs/vehicle/demo.yaml",
            "jobs/vehicle/gtsrb.yaml",
            "conf/zones/kubernetes.yaml",
            "conf/zones/laptop.yaml",
            "conf/zones/lingang.yaml",
            "conf/zones/standalone.yaml",
            "conf/zones/yarn.yaml");
  }

  private static <T> Bound<T> read(Path file, Class<T> type) {
    Problems problems = new Problems();
    var bound = YamlBinder.read(file, type, List.of(), problems);
    assertThat(problems.list().stream().map(Problem::toString)).isEmpty();
    return bound.orElseThrow();
  }

  private static String baseName(Path file) {
    return file.getFileName().toString().replace(".yaml", "");
  }

  private static Stream<Path> yamlFiles(String module) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve(module), 2)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }
}
