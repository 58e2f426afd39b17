package dev.zone.datasets.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.error.Problems;
import dev.zone.datasets.PreparedManifest.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What gives the label away is told of all feeds of a version together. */
@Timeout(60)
class VersionGiveawayTest {
  @TempDir private Path folder;
  private RegisteredDataset dataset;
  private int row;

  @BeforeEach
  void create() {
    dataset =
        FedDatasets.create(
            folder,
            """
                name: chip/test
                title: t
                source: {format: delimited, files: [{path: '*.csv'}]}
                columns:
                  lot: {type: category}
                  x: {}
                  mode: {type: category}
                  y: {type: category, role: label, classes: {0: good, 1: bad}}
                licence: l
                citation: c
                """);
  }

  /** Rows that no other feed has. */
  private FeedReport feed(int rows) throws IOException {
    StringBuilder text = new StringBuilder("lot,x,mode,y\n");
    for (int i = 0; i < rows; i++) {
      int bad = row % 3 == 0 ? 1 : 0;
      text.append("lot-%d,%d,%s,%d\n".formatted(row, row, bad == 1 ? "worn" : "none", bad));
      row++;
    }
    Problems problems = new Problems();
    FeedReport report =
        new Feeding(dataset, dataset.spec(), FedDatasets.CLOCK)
            .feed(
                List.of(Files.writeString(folder.resolve(row + ".csv"), text)),
                "bob",
                false,
                problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
    assertThat(report.feed()).isPresent();
    return report;
  }

  private List<String> giveaways(int version) {
    return giveaways(VersionFindings.of(dataset, dataset.spec(), dataset.version(version)));
  }

  private static List<String> giveaways(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.check().equals("label-giveaway"))
        .map(Finding::message)
        .toList();
  }

  private Path ofFeed(int version, String name) {
    return folder
        .resolve("registry/chip/test/feeds")
        .resolve(dataset.version(version).feed().id())
        .resolve(name);
  }

  @Test
  void isToldOfAVersionWhoseLastFeedWasSmall() throws IOException {
    feed(300);
    assertThat(giveaways(1)).singleElement().asString().contains("mode (balanced accuracy 1.000)");
    assertThat(giveaways(feed(5).findings())).hasSize(1);
    assertThat(giveaways(2)).isEqualTo(giveaways(1)).hasSize(1);
    assertThat(ofFeed(1, "sample.gz")).doesNotExist();
    assertThat(ofFeed(2, "sample.gz")).isRegularFile();
  }

  @Test
  void isToldOfManySmallFeedsOnceTheyAreEnoughTogether() throws IOException {
    for (int i = 0; i < 12; i++) {
      feed(10);
    }
    assertThat(giveaways(9)).isEmpty();
    assertThat(giveaways(10)).hasSize(1);
    assertThat(giveaways(12)).hasSize(1);
  }

  @Test
  void goesOnFromVersionsThatHaveNoRowsOfTheirsOrDamagedOnes() throws IOException {
    feed(300);
    Files.delete(ofFeed(1, "sample.gz"));
    assertThat(giveaways(1)).hasSize(1);
    feed(5);
    assertThat(giveaways(2)).isEqualTo(giveaways(1));
    Files.writeString(ofFeed(2, "sample.gz"), "no sample");
    feed(5);
    assertThat(giveaways(3)).isEqualTo(giveaways(1));
    feed(200);
    assertThat(giveaways(4)).singleElement().asString().contains("mode");
    // A version of which nothing was written down says nothing.
    Files.delete(ofFeed(4, "findings.json"));
    assertThat(giveaways(4)).isEmpty();
  }

  @Test
  void keepsNoMoreOfManyFeedsThanOfOne() throws IOException {
    feed(9_000);
    long one = Files.size(ofFeed(1, "sample.gz"));
    for (int i = 0; i < 3; i++) {
      feed(9_000);
    }
    assertThat(Files.size(ofFeed(4, "sample.gz"))).isLessThan(one * 5 / 4);
  }
}
