package dev.zone.datasets.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetName;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.TableReader;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where a descriptor has patterns, the first file says which columns a dataset has. */
@Timeout(60)
class FeedColumnsTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-28T10:00:00Z"), ZoneOffset.UTC);
  private static final Limits SMALL = Limits.DEFAULT.withChunkBytes(2048);

  @TempDir private Path folder;
  private int registries;

  private enum Where {
    HERE,
    BY_TASKS;

    FeedReading reading() {
      return this == HERE
          ? FeedReading.here(SMALL)
          : FeedReading.by(
              (tasks, bytes, answers) ->
                  tasks.forEachRemaining(
                      task ->
                          answers.accept(
                              FeedTasks.answer(task, place -> Storage.local(Path.of(place))))),
              SMALL);
    }
  }

  private RegisteredDataset create(String feed) {
    String yaml =
        """
        name: chip/test
        title: t
        source: {format: delimited, files: [{path: '*.csv'}]}
        columns: {at: {}, 'force*': {range: [0, 100]}, lot: {type: text}}
        feed: {rejectedShare: 0.5%s}
        licence: l
        citation: c
        """
            .formatted(feed);
    return new Registry(Storage.local(folder.resolve("registry-" + registries++)))
        .create(DatasetName.parse("chip/test"), yaml, "ada", CLOCK.instant());
  }

  /** A file of some pieces; a value is its column's, whatever its place. */
  private Path write(String name, int first, String... columns) throws IOException {
    StringBuilder text = new StringBuilder(String.join(",", columns)).append('\n');
    for (int row = first; row < first + 400; row++) {
      List<String> fields = new ArrayList<>();
      for (String column : columns) {
        fields.add(
            switch (column) {
              case "at" -> Integer.toString(row);
              case "lot" -> "L" + row / 100;
              // Some are wrong.
              case "force1" -> Integer.toString(row % 103);
              default -> Integer.toString(column.hashCode() % 7 + 7 + row % 50);
            });
      }
      text.append(String.join(",", fields)).append('\n');
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return Files.write(file, name.endsWith(".gz") ? DataFiles.pack("gz", bytes) : bytes);
  }

  private static Optional<FeedReport> feed(
      RegisteredDataset dataset, Where where, Problems problems, Path... files) {
    return new Feeding(dataset, dataset.spec(), CLOCK, FeedProgress.NONE, where.reading())
        .feed(List.of(files), "bob", false, problems);
  }

  private static FeedReport fed(RegisteredDataset dataset, Where where, Path... files) {
    Problems problems = new Problems();
    Optional<FeedReport> report = feed(dataset, where, problems, files);
    assertThat(problems.list()).isEmpty();
    assertThat(report.orElseThrow().outcome()).isEqualTo(Outcome.COMMITTED);
    return report.get();
  }

  private static List<String> refused(RegisteredDataset dataset, Where where, Path... files) {
    Problems problems = new Problems();
    assertThat(feed(dataset, where, problems, files)).isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }

  private static List<String> digests(RegisteredDataset dataset) {
    return dataset.newest().orElseThrow().parts().stream().map(Part::sha256).toList();
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void refusesAFileWhoseColumnsAreNotThoseOfTheVersionBefore(Where where) throws IOException {
    RegisteredDataset dataset = create("");
    fed(dataset, where, write("a.csv", 0, "at", "force1", "force2", "lot"));
    assertThat(refused(dataset, where, write("b.csv", 400, "at", "force1", "lot")))
        .containsExactly(
            "b.csv: Cannot use other columns than the dataset has: 'force2' is missing (expected force1, force2)");
    assertThat(
            refused(
                dataset, where, write("c.csv", 400, "force_2", "at", "force1", "lot", "force3")))
        .containsExactly(
            "c.csv: Cannot use other columns than the dataset has: 'force2' is missing; 'force_2' is too much, did you mean 'force2'?; 'force3' is too much, did you mean 'force2'? (expected force1, force2)");
    fed(dataset, where, write("d.csv", 400, "at", "force1", "force2", "lot"));

    Version version = dataset.newest().orElseThrow();
    assertThat(version.number()).isEqualTo(2);
    Problems problems = new Problems();
    assertThat(
            TableReader.read(
                VersionSource.of(dataset.spec(), version),
                Path.of(dataset.folder().place("")),
                Limits.DEFAULT,
                problems))
        .isPresent();
    assertThat(problems.list()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"HERE, b.csv", "BY_TASKS, b.csv", "HERE, b.csv.gz", "BY_TASKS, b.csv.gz"})
  void refusesAFileWhoseColumnsAreNotThoseOfTheFirstOfTheFeed(Where where, String name)
      throws IOException {
    for (String checks : List.of("", ", key: [at]", ", ascending: {column: force2}")) {
      RegisteredDataset dataset = create(checks);
      assertThat(
              refused(
                  dataset,
                  where,
                  write("a.csv", 0, "at", "force1", "force2", "lot"),
                  write(name, 400, "at", "force1", "lot"),
                  write("c.csv", 800, "at", "force1", "lot", "force2", "force4")))
          .containsExactly(
              name
                  + ": Cannot use other columns than the dataset has: 'force2' is missing (expected force1, force2)",
              "c.csv: Cannot use other columns than the dataset has: 'force4' is too much (expected force1, force2)");
      assertThat(dataset.newest()).isEmpty();
      assertThat(dataset.folder().list("feeds")).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HERE, false, b.csv",
    "HERE, true, b.csv",
    "BY_TASKS, false, b.csv",
    "BY_TASKS, true, b.csv",
    "BY_TASKS, false, b.csv.gz"
  })
  void makesTheSameOfColumnsInAnotherOrder(Where where, boolean together, String name)
      throws IOException {
    Path first = write("a.csv", 0, "force2", "at", "force1", "lot");
    // Rows that are there already in other columns' order are found.
    Path same = write("same/" + name, 250, "force2", "at", "force1", "lot");
    Path other = write("other/" + name, 250, "lot", "force1", "at", "force2");
    List<RegisteredDataset> both = new ArrayList<>();
    List<FeedReport> reports = new ArrayList<>();
    for (Path second : List.of(same, other)) {
      RegisteredDataset dataset = create(", key: [force2, at, force1]");
      if (together) {
        reports.add(fed(dataset, where, first, second));
      } else {
        fed(dataset, where, first);
        reports.add(fed(dataset, where, second));
      }
      both.add(dataset);
    }
    assertThat(digests(both.get(1))).isEqualTo(digests(both.get(0)));
    assertThat(reports.get(1).reasons()).isEqualTo(reports.get(0).reasons());
    assertThat(reports.get(1).findings()).isEqualTo(reports.get(0).findings());
    assertThat(reports.get(1).rejected()).isEqualTo(reports.get(0).rejected()).isPositive();
    assertThat(both.get(1).profiles().of(both.get(1).newest().orElseThrow()).orElseThrow().toJson())
        .isEqualTo(
            both.get(0).profiles().of(both.get(0).newest().orElseThrow()).orElseThrow().toJson());
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void findsDuplicatesWhateverTheOrderOfTheColumns(Where where) throws IOException {
    RegisteredDataset dataset = create("");
    FeedReport report =
        fed(
            dataset,
            where,
            write("a.csv", 0, "at", "force1", "force2", "lot"),
            write("b.csv", 0, "lot", "force2", "force1", "at"));
    assertThat(report.findings())
        .filteredOn(finding -> finding.check().equals("duplicates"))
        .hasSize(1)
        .allMatch(
            finding ->
                finding
                    .message()
                    .startsWith(
                        "%,d of %,d rows (50.0 %%)".formatted(report.rows() / 2, report.rows())));
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void saysThatTheFirstFileHasNotWhatChecksLookAt(Where where) throws IOException {
    RegisteredDataset dataset = create(", key: [force2, at]");
    assertThat(refused(dataset, where, write("a.csv", 0, "at", "force1", "lot")))
        .containsExactly(
            "a.csv: Cannot use other columns than the dataset has: 'force2' is missing (expected force2)");
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void looksAgainOnTopOfAnotherFeedThatWasFirst(Where where) throws IOException {
    Path mine = write("a.csv", 0, "at", "force1", "lot");
    Path others = write("b.csv", 0, "at", "force2", "force1", "lot");
    Path same = write("c.csv", 400, "at", "force1", "force2", "lot");
    for (Path file : List.of(mine, same)) {
      RegisteredDataset dataset = create("");
      // Another feed begins and ends while this one reads its first rows.
      FeedProgress meanwhile =
          (name, rows) -> {
            if (dataset.newest().isEmpty()) {
              fed(dataset, Where.HERE, others);
            }
          };
      Problems problems = new Problems();
      Optional<FeedReport> report =
          new Feeding(dataset, dataset.spec(), CLOCK, meanwhile, where.reading())
              .feed(List.of(file), "eve", false, problems);
      if (file.equals(mine)) {
        assertThat(report).isEmpty();
        assertThat(problems.list().toString())
            .contains("'force2' is missing (expected force2, force1)");
        assertThat(dataset.numbers()).containsExactly(1);
      } else {
        assertThat(report.orElseThrow().outcome()).isEqualTo(Outcome.COMMITTED);
        PartTables tables = new PartTables(dataset, dataset.spec());
        assertThat(dataset.newest().orElseThrow().parts())
            .allMatch(
                part -> tables.columns(part).equals(List.of("at", "force2", "force1", "lot")));
      }
    }
  }

  @Test
  void leavesColumnsThatNobodyReadsToEachFile() throws IOException {
    String yaml =
        create("").descriptor().replace("lot: {type: text}", "'lo*': {type: text, role: ignored}");
    RegisteredDataset dataset =
        new Registry(Storage.local(folder.resolve("ignoring")))
            .create(
                DatasetName.parse("chip/test"),
                yaml.replace("'force*': {range: [0, 100]}", "force1: {range: [0, 100]}"),
                "ada",
                CLOCK.instant());
    fed(dataset, Where.HERE, write("a.csv", 0, "at", "force1", "lot"));
    fed(dataset, Where.HERE, write("b.csv", 0, "force1", "at", "lots", "lo"));
    assertThat(dataset.newest().orElseThrow().number()).isEqualTo(2);
  }
}
