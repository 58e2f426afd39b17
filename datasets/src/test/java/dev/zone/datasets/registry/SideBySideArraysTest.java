package dev.zone.datasets.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.registry.FeedReport.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Arrays of one dataset, a column a file, are fed together. */
@Timeout(60)
class SideBySideArraysTest {
  @TempDir private Path folder;
  private RegisteredDataset dataset;

  @BeforeEach
  void create() {
    dataset =
        FedDatasets.create(
            folder,
            """
                name: chip/test
                title: t
                source:
                  format: numpy
                  files:
                    - {path: d/x.npy, split: train, values: {column: x}}
                    - {path: d/y.npy, split: train, values: {column: y}}
                    - {path: x_test.npy, split: test, values: {column: x}}
                    - {path: y_test.npy, split: test, values: {column: y}}
                columns:
                  x: {range: [0, 9]}
                  y: {type: category, role: label, classes: {0: good, 1: worn}}
                split: {given: [train, test]}
                feed: {rejectedShare: 0.5}
                licence: l
                citation: c
                """);
  }

  private Path array(String name, double... values) {
    Path file = folder.resolve(name);
    DataFiles.bytes(
        file, DataFiles.npy("<f8", "(%d,)".formatted(values.length), DataFiles.doubles(values)));
    return file;
  }

  private Optional<FeedReport> feed(Problems problems, FeedReading reading, Path... files) {
    return new Feeding(dataset, dataset.spec(), FedDatasets.CLOCK, FeedProgress.NONE, reading)
        .feed(List.of(files), "bob", false, problems);
  }

  private List<String> faults(Path... files) {
    Problems problems = new Problems();
    assertThat(feed(problems, FeedReading.here(), files)).isEmpty();
    assertThat(dataset.newest()).isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }

  @Test
  void areOneFileWithTheColumnsOfAll() {
    Path[] files = {
      array("y_test.npy", 1),
      array("x.npy", 1, 99, 3),
      array("x_test.npy", 4),
      array("y.npy", 0, 1, 1)
    };
    Problems problems = new Problems();
    FeedReading byTasks =
        FeedReading.by(
            (tasks, bytes, answers) -> {
              throw new AssertionError("files that belong together are read here");
            },
            Limits.DEFAULT);
    FeedReport report = feed(problems, byTasks, files).orElse(null);
    assertThat(problems.list()).isEmpty();
    assertThat(report.rows()).isEqualTo(3);
    assertThat(report.rejected()).isEqualTo(1);
    assertThat(report.files()).extracting(FedFile::name).containsExactly("x.npy", "x_test.npy");
    assertThat(dataset.newest().orElseThrow().parts())
        .extracting(Part::split)
        .containsExactly(Optional.of(Split.TRAIN), Optional.of(Split.TEST));
    assertThat(feed(problems, FeedReading.here(), files).orElseThrow().outcome())
        .isEqualTo(Outcome.FED_BEFORE);
    // The same inputs with other labels are other rows.
    FeedReport other =
        feed(problems, FeedReading.here(), files[1], array("y.npy", 1, 1, 0)).orElseThrow();
    assertThat(other.outcome()).isEqualTo(Outcome.COMMITTED);
  }

  @Test
  void areMissedByTheirNames() {
    Path inputs = array("x.npy", 1, 2);
    Path labels = array("y.npy", 0, 1);
    assertThat(faults(inputs))
        .containsExactly(
            inputs
                + ": Cannot feed it without y.npy (expected the files that belong together in one feed)");
    assertThat(faults(labels))
        .containsExactly(
            labels
                + ": Cannot feed it alone: it has no rows of its own (expected the files that belong together in one feed)");
    Problems problems = new Problems();
    Feeding.requireSingle(dataset.spec(), problems);
    assertThat(problems.list()).hasSize(1);
  }

  @Test
  void haveAsManyRows() {
    assertThat(faults(array("x.npy", 1, 2), array("y.npy", 0, 1, 1)))
        .containsExactly(
            "x.npy: Cannot join column 'y': 3 rows (expected 2 as in the columns before)");
  }
}
