package dev.zone.datasets.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is known to mislead in public data is told when they are fed. */
@Tag("real-data")
@Timeout(120)
class RealFeedsTest {
  private static final Path REAL = Path.of(System.getProperty("zone.data", "none"));

  @TempDir private Path folder;

  /** Feeds files of a dataset whose descriptor is the shipped one but for some of its text. */
  private FeedReport feed(String name, Map<String, String> changed, List<Path> files)
      throws IOException {
    Path shipped = Path.of("").toAbsolutePath().getParent().resolve("datasets/" + name + ".yaml");
    String text = Files.readString(shipped);
    for (Map.Entry<String, String> each : changed.entrySet()) {
      assertThat(text).contains(each.getKey());
      text = text.replace(each.getKey(), each.getValue());
    }
    Path own = Files.writeString(folder.resolve("descriptor.yaml"), text);
    Problems problems = new Problems();
    DatasetSpec descriptor =
        YamlBinder.read(own, DatasetSpec.class, List.of(), problems).orElseThrow().value();
    RegisteredDataset dataset =
        new Registry(Storage.local(folder.resolve("registry")))
            .create(descriptor.name(), text, "ada", Clock.systemUTC().instant());
    FeedReport report =
        new Feeding(dataset, descriptor, Clock.systemUTC())
            .feed(files, "bob", false, problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
    assertThat(report.outcome()).isEqualTo(Outcome.COMMITTED);
    assertThat(report.rejected()).isZero();
    return report;
  }

  private static List<String> codes(FeedReport report) {
    return report.findings().stream().map(Finding::check).toList();
  }

  @Test
  void tellsThatFailureModesGiveAMachinesFailureAway() throws IOException {
    List<Path> files = List.of(REAL.resolve("manufacturing/ai4i2020/ai4i2020.csv"));
    String name = "manufacturing/ai4i2020";
    assertThat(codes(feed(name, Map.of(), files))).doesNotContain("label-giveaway");

    Map<String, String> asInputs =
        Map.of(
            "name: manufacturing/ai4i2020\n",
            "name: manufacturing/modes\n",
            "TWF: {type: category, role: label, missing: false, classes: {0: works, 1: tool wear}}",
            "TWF: {type: number}",
            "HDF: {type: category, role: label, missing: false, classes: {0: works, 1: heat dissipation}}",
            "HDF: {type: number}");
    FeedReport report = feed(name, asInputs, files);

    assertThat(report.rows()).isEqualTo(10_000);
    assertThat(report.findings())
        .filteredOn(finding -> finding.check().equals("label-giveaway"))
        .extracting(Finding::message)
        .anyMatch(message -> message.contains("HDF"));
  }

  @Test
  void tellsThatFramesOfACarRepeat() throws IOException {
    Path lying = REAL.resolve("vehicle/ciciov2024");
    List<Path> files;
    try (Stream<Path> all = Files.list(lying)) {
      files = all.sorted().toList();
    }

    FeedReport report = feed("vehicle/can-intrusion", Map.of(), files);

    assertThat(report.rows()).isEqualTo(1_408_219);
    assertThat(codes(report)).contains("duplicates");
  }
}
