package dev.zone.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.DatasetName;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.registry.FeedProgress;
import dev.zone.datasets.registry.FeedReading;
import dev.zone.datasets.registry.FeedReport;
import dev.zone.datasets.registry.Feeding;
import dev.zone.datasets.registry.Part;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Feeds on a real Spark in this process. */
@Timeout(120)
class SparkFeedTasksTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-28T10:00:00Z"), ZoneOffset.UTC);
  private static final Limits SMALL = Limits.DEFAULT.withChunkBytes(2048);
  private static final String YAML =
      """
      name: chip/test
      title: t
      source: {format: delimited, files: [{path: '*.csv'}]}
      columns: {torque: {range: [0, 120]}, at: {}}
      feed: {rejectedShare: 0.5, key: [at]}
      licence: l
      citation: c
      """;

  private static JavaSparkContext spark;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("feeds")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1"));
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private RegisteredDataset create(String registry) {
    return new Registry(Storage.local(folder.resolve(registry)))
        .create(DatasetName.parse("chip/test"), YAML, "ada", CLOCK.instant());
  }

  private Path write() throws IOException {
    StringBuilder text = new StringBuilder("torque,at\n");
    for (int i = 0; i < 3000; i++) {
      text.append(i % 125).append(',').append(i % 41 == 40 ? i - 1 : i).append('\n');
    }
    return Files.writeString(folder.resolve("1.csv"), text);
  }

  private static FeedReport feed(RegisteredDataset dataset, Path file, FeedReading reading) {
    Problems problems = new Problems();
    FeedReport report =
        new Feeding(dataset, dataset.spec(), CLOCK, FeedProgress.NONE, reading)
            .feed(List.of(file), "bob", false, problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
    assertThat(problems.list()).isEmpty();
    return report;
  }

  private static List<String> digests(RegisteredDataset dataset) {
    return dataset.newest().orElseThrow().parts().stream().map(Part::sha256).toList();
  }

  @Test
  void leavesWhatAFeedHereLeaves() throws IOException {
    Path file = write();
    RegisteredDataset here = create("here");
    RegisteredDataset there = create("there");
    FeedReport expected = feed(here, file, FeedReading.here(SMALL));
    FeedReport report =
        feed(there, file, FeedReading.by(new SparkFeedTasks(() -> spark, () -> false), SMALL));
    assertThat(report.files()).isEqualTo(expected.files());
    assertThat(report.reasons()).isEqualTo(expected.reasons());
    assertThat(digests(there)).isEqualTo(digests(here)).hasSizeGreaterThan(10);
  }

  @Test
  void stopsWhenItIsAskedToAndLeavesNothing() throws IOException {
    RegisteredDataset dataset = create("stopped");
    Path file = write();
    int[] looks = new int[1];
    SparkFeedTasks stopped = new SparkFeedTasks(() -> spark, () -> ++looks[0] > 30);
    assertThatThrownBy(() -> feed(dataset, file, FeedReading.by(stopped, SMALL)))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CANCELLED));
    assertThat(dataset.folder().list("feeds")).isEmpty();
  }

  @Test
  void saysInATasksOwnWordsWhyItFails() throws IOException {
    SparkFeedTasks tasks = new SparkFeedTasks(() -> spark, () -> false);
    RegisteredDataset dataset = create("gone");
    Path file = write();
    FeedProgress destroying =
        (name, rows) -> {
          try {
            Storage.local(folder.resolve("gone/chip")).deleteTree("test");
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        };
    assertThatThrownBy(
            () ->
                new Feeding(
                        dataset, dataset.spec(), CLOCK, destroying, FeedReading.by(tasks, SMALL))
                    .feed(List.of(file), "bob", false, new Problems()))
        .isInstanceOf(ZoneException.class)
        .hasMessageStartingWith("Cannot ")
        .hasMessageContaining("gone/chip/test");
  }
}
