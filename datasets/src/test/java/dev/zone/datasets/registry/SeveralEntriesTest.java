package dev.zone.datasets.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.zone.conf.DatasetName;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file that several entries of the descriptor name has the rows of each of them. */
@Timeout(60)
class SeveralEntriesTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-28T10:00:00Z"), ZoneOffset.UTC);
  private static final Limits SMALL = Limits.DEFAULT.withChunkBytes(2048);

  /** The first rows are to learn from, the others to test with, and the lot is another. */
  private static final String RANGES =
      """
          - {path: runs.csv, split: train, rows: [1, 1000], values: {lot: early}}
          - {path: runs.csv, split: test, rows: [1001, 2000], values: {lot: late}}
      """;

  @TempDir private Path folder;
  private int registries;

  /** Does each task where it is asked for. */
  private static final class Tasks implements FeedTasks {
    private int done;

    @Override
    public void run(Iterator<byte[]> tasks, long answerBytes, Consumer<byte[]> answers) {
      while (tasks.hasNext()) {
        answers.accept(FeedTasks.answer(tasks.next(), place -> Storage.local(Path.of(place))));
        done++;
      }
    }
  }

  private RegisteredDataset create(String entries, String feed) {
    String yaml =
        """
        name: chip/test
        title: t
        source:
          format: delimited
          files:
        %scolumns:
          torque: {range: [0, 120], missing: false}
          at: {}
          lot: {type: text, role: group}
        split: {given: [train, test], validation: 0.2}
        feed: {rejectedShare: 0.5%s}
        licence: l
        citation: c
        """
            .formatted(entries.indent(0), feed);
    return new Registry(Storage.local(folder.resolve("registry-" + registries++)))
        .create(DatasetName.parse("chip/test"), yaml, "ada", CLOCK.instant());
  }

  private Path runs(String name) throws IOException {
    StringBuilder text = new StringBuilder("torque,at\n");
    for (int row = 0; row < 2000; row++) {
      text.append(row % 125).append(',').append(row).append('\n');
    }
    return Files.writeString(folder.resolve(name), text);
  }

  private static Optional<FeedReport> feed(
      RegisteredDataset dataset, FeedReading reading, Problems problems, Path... files) {
    return new Feeding(dataset, dataset.spec(), CLOCK, FeedProgress.NONE, reading)
        .feed(List.of(files), "bob", false, problems);
  }

  private static FeedReport fed(RegisteredDataset dataset, FeedReading reading, Path... files) {
    Problems problems = new Problems();
    Optional<FeedReport> report = feed(dataset, reading, problems, files);
    assertThat(problems.list()).isEmpty();
    return report.orElseThrow();
  }

  /** Rows and splits of a version's files, and what they hold. */
  private static List<List<Object>> parts(RegisteredDataset dataset) {
    return dataset.newest().orElseThrow().parts().stream()
        .map(part -> List.<Object>of(part.split(), part.rows(), part.sha256()))
        .toList();
  }

  @Test
  void isOneFileOfTheFeedWithTheRowsOfEachEntryInItsSplit() throws IOException {
    RegisteredDataset dataset = create(RANGES, "");
    FeedReport report = fed(dataset, FeedReading.here(), runs("runs.csv"));
    assertThat(report.outcome()).isEqualTo(Outcome.COMMITTED);
    // Of each 125 rows four are above the range.
    assertThat(report.files())
        .extracting(FedFile::name, FedFile::rows, FedFile::rejected)
        .containsExactly(tuple("runs.csv", 2000L - 64, 64L));
    assertThat(dataset.newest().orElseThrow().parts())
        .extracting(Part::split, Part::rows)
        .containsExactly(
            tuple(Optional.of(Split.TRAIN), 1000L - 32), tuple(Optional.of(Split.TEST), 968L));
    assertThat(dataset.newest().orElseThrow().feeds().get(0).files()).hasSize(1);
  }

  @Test
  void isFedOnceWhateverItsNameAndHoweverOftenItIsGiven() throws IOException {
    RegisteredDataset dataset = create(RANGES, "");
    Path first = runs("runs.csv");
    Path copy = runs("monday.csv");
    FeedReport report = fed(dataset, FeedReading.here(), first, copy, first);
    assertThat(report.files()).extracting(FedFile::rows).containsExactly(1936L);
    assertThat(report.skipped()).containsExactly("monday.csv", "runs.csv");
    assertThat(fed(dataset, FeedReading.here(), copy).outcome()).isEqualTo(Outcome.FED_BEFORE);
  }

  @Test
  void isTheSameWhoeverReadsThePieces() throws IOException {
    // Of what has no ranges the entries' pieces are cut.
    String twice =
        """
            - {path: runs.csv, split: train, values: {lot: a}}
            - {path: runs.csv, split: test, values: {lot: b}}
        """;
    Path file = runs("runs.csv");
    for (String entries : List.of(RANGES, twice)) {
      for (String checks : List.of("", ", ascending: {column: at}", ", key: [lot, at]")) {
        RegisteredDataset here = create(entries, checks);
        RegisteredDataset there = create(entries, checks);
        Tasks tasks = new Tasks();
        FeedReport report = fed(here, FeedReading.here(SMALL), file);
        FeedReport other = fed(there, FeedReading.by(tasks, SMALL), file);
        assertThat(other.files()).isEqualTo(report.files());
        assertThat(other.reasons()).isEqualTo(report.reasons());
        assertThat(parts(there)).isEqualTo(parts(here));
        // What rows of a range are depends on those before: with checks such are read here.
        if (entries.equals(twice)) {
          assertThat(tasks.done).isGreaterThanOrEqualTo(10);
        }
      }
    }
  }

  @Test
  void isRefusedWhereEntriesOfDifferentPathsAreLikeIt() throws IOException {
    RegisteredDataset dataset =
        create(
            """
                - {path: a/runs.csv, split: train, values: {lot: a}}
                - {path: b/runs.csv, split: test, values: {lot: b}}
            """,
            "");
    Problems problems = new Problems();
    Path file = runs("runs.csv");
    assertThat(feed(dataset, FeedReading.here(), problems, file)).isEmpty();
    assertThat(problems.list())
        .extracting(Problem::toString)
        .containsExactly(
            file
                + ": Cannot tell which of the descriptor's files it is like (expected a name such as a/runs.csv, b/runs.csv)");
  }

  @Test
  void exportsNoRowsOfItThatWouldBeReadByTheOtherEntriesToo() throws IOException {
    RegisteredDataset dataset = create(RANGES.replaceAll("rows: [^a-z]+, ", ""), "");
    FeedReport report = fed(dataset, FeedReading.here(), runs("runs.csv"));
    assertThat(report.rejected()).isEqualTo(128);
    QuarantineExport export = new QuarantineExport(new Quarantine(dataset), dataset.spec());
    assertThatThrownBy(
            () -> export.write(List.of(report.id().orElseThrow()), folder.resolve("mend.csv")))
        .hasMessageContaining("several entries of the descriptor read runs.csv");
  }
}
