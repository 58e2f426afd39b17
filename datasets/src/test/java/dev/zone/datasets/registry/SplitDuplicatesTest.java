package dev.zone.datasets.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.PreparedManifest.Finding.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rows of files that name their split, in files of another one. */
@Timeout(60)
class SplitDuplicatesTest {
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
                  format: delimited
                  files: [{path: 'train*.csv', split: train}, {path: 'test*.csv', split: test}]
                columns: {x: {}, y: {type: category, role: label, classes: {0: good, 1: bad}}}
                split: {given: [train, test]}
                licence: l
                citation: c
                """);
  }

  private void feed(String name, int from, int to) throws IOException {
    StringBuilder text = new StringBuilder("x,y\n");
    for (int row = from; row < to; row++) {
      text.append(row).append(',').append(row % 2).append('\n');
    }
    Problems problems = new Problems();
    new Feeding(dataset, dataset.spec(), FedDatasets.CLOCK)
        .feed(List.of(Files.writeString(folder.resolve(name), text)), "bob", false, problems);
    assertThat(problems.list()).isEmpty();
  }

  private List<Finding> across() {
    return VersionFindings.of(dataset, dataset.spec(), dataset.newest().orElseThrow()).stream()
        .filter(finding -> finding.check().equals("duplicates-across-splits"))
        .toList();
  }

  @Test
  void areCountedWhereRowsAreFew() throws IOException {
    feed("train.csv", 0, 400);
    assertThat(across()).isEmpty();
    feed("test.csv", 500, 700);
    assertThat(across()).isEmpty();
    feed("test2.csv", 390, 440);
    assertThat(across())
        .containsExactly(
            new Finding(
                "duplicates-across-splits",
                Severity.WARNING,
                "10 of 250 different test rows (4.0 %) have the inputs of a training row; figures on them do not say how the model does on new data"));
  }

  @Test
  void areEstimatedWhereRowsAreMany() throws IOException {
    feed("train.csv", 0, 40_000);
    feed("test.csv", 36_000, 56_000);
    assertThat(across()).hasSize(1);
    assertThat(across().get(0).message())
        .matches(
            "About (19|20|21)\\.\\d % of the different test rows \\([0-9,]+ of [0-9,]+ that were looked at\\) have .*");
    assertThat(across().get(0).severity()).isEqualTo(Severity.WARNING);
  }

  @Test
  void areAtLeastThoseOfFeedsWhoseSplitIsKnown() throws IOException {
    feed("train.csv", 0, 400);
    Path profile =
        folder
            .resolve("registry/chip/test/feeds")
            .resolve(dataset.version(1).feed().id())
            .resolve("profile.json");
    JsonObject json = JsonParser.parseString(Files.readString(profile)).getAsJsonObject();
    json.remove("splits");
    Files.writeString(profile, json.toString());
    feed("test.csv", 390, 440);
    assertThat(across()).isEmpty();
    feed("train2.csv", 430, 450);
    assertThat(across())
        .extracting(Finding::message)
        .containsExactly(
            "At least 10 test rows have the inputs of a training row; figures on them do not say how the model does on new data");
  }
}
