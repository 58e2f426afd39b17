package dev.zone.datasets.registry;

import static dev.zone.datasets.DatasetBuilder.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.DatasetName;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.DatasetBuilder;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.TableReader;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FeedingTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-28T10:00:00Z"), ZoneOffset.UTC);
  private static final DatasetName NAME = DatasetName.parse("chip/test");

  @TempDir private Path folder;
  private RegisteredDataset dataset;

  private static DatasetSpec descriptor() {
    return new DatasetBuilder()
        .column("torque", DatasetBuilder.ranged(0, 120, false))
        .column("lot", ColumnSpec.Type.TEXT, ColumnSpec.Role.GROUP)
        .label("state", "0", "good", "1", "worn")
        .source(
            DatasetBuilder.delimited(
                file("train_*.csv", Split.TRAIN), file("test_*.csv", Split.TEST)))
        .build();
  }

  @BeforeEach
  void create() {
    dataset =
        new Registry(Storage.local(folder.resolve("registry")))
            .create(NAME, "name: chip/test\n", "ada", CLOCK.instant());
  }

  private Path write(String name, String... lines) throws IOException {
    return Files.writeString(
        folder.resolve(name), "torque,lot,state\n" + String.join("\n", lines) + "\n");
  }

  /** So large that its digest is found while it is read. */
  private Path writeLarge(String name, int rows, IntPredicate bad) throws IOException {
    StringBuilder text = new StringBuilder("torque,lot,state\n");
    for (int row = 0; row < rows; row++) {
      text.append(bad.test(row) ? "-1" : Integer.toString(row % 100))
          .append(",a lot whose name is long,0\n");
    }
    Path file = Files.writeString(folder.resolve(name), text);
    assertThat(Files.size(file)).isGreaterThan(FileDigest.LARGE);
    return file;
  }

  private FeedReport feed(Path... files) {
    Problems problems = new Problems();
    Optional<FeedReport> report = feeding().feed(List.of(files), "bob", false, problems);
    assertThat(problems.list()).isEmpty();
    return report.orElseThrow();
  }

  private Feeding feeding() {
    return new Feeding(dataset, descriptor(), CLOCK);
  }

  private Path base() {
    return folder.resolve("registry/chip/test");
  }

  @Test
  void makesAVersionOfTheRowsThatAreAsTheDescriptorSays() throws IOException {
    Path train =
        write(
            "train_1.csv",
            "40.5,A,0",
            "130,A,0",
            "41.25,\"B, the \"\"second\"\"\",1",
            "x,C,2",
            ",D",
            "0.1,E,1");
    FeedReport report = feed(train, write("test_1.csv", "39,F,0"));
    assertThat(report.outcome()).isEqualTo(Outcome.COMMITTED);
    assertThat(report.rows()).isEqualTo(4);
    assertThat(report.rejected()).isEqualTo(3);
    assertThat(
            Files.readAllLines(
                base().resolve("feeds/" + report.id().orElseThrow() + "/rejected.jsonl")))
        .containsExactly(
            "{\"file\":\"train_1.csv\",\"header\":\"torque,lot,state\"}",
            "{\"file\":\"train_1.csv\",\"where\":\"train_1.csv:3\",\"reasons\":[\"Cannot use column 'torque': 130 (expected 0 to 120)\"],\"text\":\"130,A,0\"}",
            "{\"file\":\"train_1.csv\",\"where\":\"train_1.csv:5\",\"reasons\":[\"Cannot read column 'torque': 'x' (expected a number)\",\"Cannot use column 'state': '2' is none of the classes (expected 0, 1)\"],\"text\":\"x,C,2\"}",
            "{\"file\":\"train_1.csv\",\"where\":\"train_1.csv:6\",\"reasons\":[\"Cannot leave column 'torque' empty (expected a value)\",\"Cannot read row: 2 fields (expected 3)\"],\"text\":\",D\"}");

    Version version = dataset.newest().orElseThrow();
    assertThat(version.feed().by()).isEqualTo("bob");
    assertThat(version.rows()).isEqualTo(4);
    Problems problems = new Problems();
    Table table =
        TableReader.read(VersionSource.of(descriptor(), version), base(), Limits.DEFAULT, problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
    NumberColumn torque = (NumberColumn) table.column("torque").orElseThrow();
    CodedColumn lot = (CodedColumn) table.column("lot").orElseThrow();
    CodedColumn state = (CodedColumn) table.column("state").orElseThrow();
    assertThat(torque.value(2)).isEqualTo(0.1);
    assertThat(lot.values()).containsExactly("A", "B, the \"second\"", "E", "F");
    assertThat(state.values()).containsExactly("good", "worn");
    assertThat(state.code(1)).isEqualTo(1);
    assertThat(table.origins().givenSplit(2)).contains(Split.TRAIN);
    assertThat(table.origins().givenSplit(3)).contains(Split.TEST);
  }

  @Test
  void writesALargeFileInPiecesWithoutLosingARow() throws IOException {
    int rows = 1_500_000;
    int bad = 1_400_500;
    FeedReport report = feed(writeLarge("train_1.csv", rows, row -> row == bad));
    assertThat(report.rows()).isEqualTo(rows - 1);
    Version version = dataset.newest().orElseThrow();
    assertThat(version.parts()).hasSizeGreaterThan(1);
    assertThat(version.feed().files()).hasSize(1);
    assertThat(
            Files.readAllLines(
                base().resolve("feeds/" + report.id().orElseThrow() + "/rejected.jsonl")))
        .hasSize(2)
        .anyMatch(line -> line.contains("\"header\":\"torque,lot,state\""))
        .anyMatch(line -> line.contains("\"where\":\"train_1.csv:" + (bad + 2) + "\""));
    Problems problems = new Problems();
    Table table =
        TableReader.read(VersionSource.of(descriptor(), version), base(), Limits.DEFAULT, problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
    NumberColumn torque = (NumberColumn) table.column("torque").orElseThrow();
    assertThat(table.rows()).isEqualTo(rows - 1);
    for (int row = 0; row < rows - 1; row++) {
      int was = row < bad ? row : row + 1;
      if (torque.value(row) != was % 100) {
        throw new AssertionError("row " + row);
      }
    }
  }

  @Test
  void knowsTheContentOfALargeFileThatItCommittedOrRefused() throws IOException {
    int rows = 1_300_000;
    Path good = writeLarge("train_1.csv", rows, row -> false);
    FeedReport made = feed(good);
    FeedReport again = feed(Files.move(good, folder.resolve("train_2.csv")));
    assertThat(again.outcome()).isEqualTo(Outcome.FED_BEFORE);
    assertThat(again.feed()).isEqualTo(made.feed());
    assertThat(again.skipped()).containsExactly("train_2.csv");

    Path bad = writeLarge("train_3.csv", rows, row -> row % 3 != 0);
    assertThat(feed(bad).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(feeding().passingRefused().feed(List.of(bad), "eve", false, new Problems()))
        .map(FeedReport::outcome)
        .contains(Outcome.REFUSED_BEFORE);

    assertThat(dataset.numbers()).containsExactly(1);
    try (var feeds = Files.list(base().resolve("feeds"))) {
      // The one that was committed, and the rows that were refused.
      assertThat(feeds).hasSize(2);
    }
  }

  @Test
  void keepsTheNumbersThatRowsHadInTheirFile() throws IOException {
    DatasetSpec numbered =
        new DatasetBuilder()
            .column("torque", DatasetBuilder.ranged(0, 120, false))
            .column("at", DatasetBuilder.rowNumber())
            .source(DatasetBuilder.delimited(file("*.csv")))
            .build();
    Problems problems = new Problems();
    new Feeding(dataset, numbered, CLOCK)
        .feed(
            List.of(Files.writeString(folder.resolve("a.csv"), "torque\n1\n-1\n3\n")),
            "bob",
            false,
            problems);
    Table table =
        TableReader.read(
                VersionSource.of(numbered, dataset.newest().orElseThrow()),
                base(),
                Limits.DEFAULT,
                problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
    NumberColumn at = (NumberColumn) table.column("at").orElseThrow();
    assertThat(table.rows()).isEqualTo(2);
    assertThat(at.value(0)).isEqualTo(1);
    assertThat(at.value(1)).isEqualTo(3);
  }

  @Test
  void feedsContentOnceWhateverItsName() throws IOException {
    Path first = write("train_1.csv", "1,A,0");
    FeedReport made = feed(first);
    FeedReport again = feed(Files.copy(first, folder.resolve("train_9.csv")));
    assertThat(again.outcome()).isEqualTo(Outcome.FED_BEFORE);
    assertThat(again.feed()).isEqualTo(made.feed());
    FeedReport more = feed(first, write("train_2.csv", "2,A,0"));
    assertThat(more.outcome()).isEqualTo(Outcome.COMMITTED);
    assertThat(more.skipped()).containsExactly("train_1.csv");
    assertThat(dataset.newest().orElseThrow().rows()).isEqualTo(2);
    assertThat(dataset.numbers()).containsExactly(1, 2);
  }

  @Test
  void takesNothingOfAFeedWithTooManyWrongRowsButKeepsThemWithReasons() throws IOException {
    FeedReport report = feed(write("train_1.csv", "1,A,0", "-1,A,0", "-2,A,0"));
    assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(dataset.newest()).isEmpty();
    Path kept = base().resolve("feeds/" + report.id().orElseThrow());
    assertThat(kept.resolve("data")).doesNotExist();
    assertThat(Files.readAllLines(kept.resolve("rejected.jsonl"))).hasSize(3);
  }

  @Test
  void remembersContentThatItRefusedForWhoeverDoesNotNameTheFile() throws IOException {
    Path bad = write("train_1.csv", "1,A,0", "-1,A,0", "-2,A,0");
    FeedReport first = feed(bad);
    Path renamed = Files.copy(bad, folder.resolve("train_2.csv"));
    Problems problems = new Problems();
    FeedReport again =
        feeding().passingRefused().feed(List.of(renamed), "eve", false, problems).orElseThrow();
    assertThat(again.outcome()).isEqualTo(Outcome.REFUSED_BEFORE);
    assertThat(again.id()).isEqualTo(first.id());
    assertThat(again.files())
        .containsExactly(new FedFile("train_2.csv", first.files().get(0).sha256(), 1, 2));
    assertThat(base().resolve("feeds")).isDirectoryContaining("glob:**" + first.id().orElseThrow());
    assertThat(new Quarantine(dataset).feeds()).hasSize(1);

    FeedReport named = feed(bad);
    assertThat(named.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(new Quarantine(dataset).feeds()).hasSize(2);

    Path record = base().resolve("refused/" + first.files().get(0).sha256() + ".json");
    Files.writeString(record, "{\"feed\": 3");
    assertThat(feeding().passingRefused().feed(List.of(bad), "eve", false, problems))
        .map(FeedReport::outcome)
        .contains(Outcome.REFUSED);
    assertThat(problems.list()).isEmpty();
  }

  @Test
  void blamesNoFileOfSeveralThatWereRefusedTogether() throws IOException {
    Path good = write("train_1.csv", "1,A,0");
    Path bad = write("train_2.csv", "-1,A,0", "-2,A,0");
    assertThat(feed(good, bad).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(feeding().passingRefused().feed(List.of(good), "eve", false, new Problems()))
        .map(FeedReport::outcome)
        .contains(Outcome.COMMITTED);
  }

  @Test
  void writesNothingWhenItOnlyTriesOrAFileIsNone() throws IOException {
    Problems problems = new Problems();
    Path good = write("train_1.csv", "1,A,0");
    Optional<FeedReport> tried = feeding().feed(List.of(good), "bob", true, problems);
    assertThat(tried.orElseThrow().outcome()).isEqualTo(Outcome.TRIED);
    assertThat(tried.orElseThrow().rows()).isEqualTo(1);

    Path other = Files.writeString(folder.resolve("test_1.csv"), "speed,lot,state\n1,A,0\n");
    Path nameless = write("lot.csv", "1,A,0");
    assertThat(feeding().feed(List.of(good, other), "bob", false, problems)).isEmpty();
    assertThat(
            feeding().feed(List.of(nameless, folder.resolve("gone.csv")), "bob", false, problems))
        .isEmpty();
    assertThat(problems.list().stream().map(Problem::toString))
        .anyMatch(line -> line.startsWith("test_1.csv: Cannot find column 'torque'"))
        .anyMatch(line -> line.contains("lot.csv: Cannot tell which of the descriptor's files"))
        .anyMatch(line -> line.contains("Cannot find the file: "));
    assertThat(dataset.newest()).isEmpty();
    assertThat(base().resolve("feeds")).isEmptyDirectory();
  }

  @Test
  void refusesAFileThatGrowsWhileItIsRead() throws IOException {
    Path file = write("train_1.csv", "40.5,A,0", "41,B,1");
    Problems problems = new Problems();
    FeedProgress growing =
        (name, rows) -> {
          try {
            Files.writeString(file, "42,C,0\n", StandardOpenOption.APPEND);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    assertThat(
            new Feeding(dataset, descriptor(), CLOCK, growing)
                .feed(List.of(file), "bob", false, problems))
        .isEmpty();
    assertThat(problems.list())
        .extracting(Problem::message)
        .containsExactly(
            "Cannot feed a file that changes while it is read (expected one that is complete)");
    assertThat(dataset.newest()).isEmpty();
    try (var feeds = Files.list(base().resolve("feeds"))) {
      assertThat(feeds).isEmpty();
    }
  }

  @Test
  void refusesLinesAndHeadersWithoutEnd() throws IOException {
    Path file = folder.resolve("train_1.csv");
    byte[] piece = new byte[1 << 20];
    Arrays.fill(piece, (byte) 'x');
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write("torque,lot,state\n1,A,0\n2,".getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < 40; i++) {
        out.write(piece);
      }
    }
    assertThat(problems(file))
        .containsExactly("Cannot read text: a row of more than 33554432 bytes (line 3)");
    for (int i = 0; i < piece.length; i++) {
      piece[i] = (byte) (i % 2 == 0 ? 'x' : ',');
    }
    Files.write(file, piece);
    assertThat(problems(file))
        .containsExactly(
            "Cannot read text: more than 100000 fields in a line (expected at most that)");
  }

  private List<String> problems(Path file) {
    Problems problems = new Problems();
    assertThat(feeding().feed(List.of(file), "bob", false, problems)).isEmpty();
    return problems.list().stream().map(Problem::message).toList();
  }

  @Test
  void keepsTheRowsOfACommitWhoseOutcomeIsNotKnown() throws IOException {
    Storage plain = Storage.local(base());
    Storage dying =
        (Storage)
            Proxy.newProxyInstance(
                Storage.class.getClassLoader(),
                new Class<?>[] {Storage.class},
                (proxy, method, arguments) -> {
                  try {
                    Object made = method.invoke(plain, arguments);
                    if (method.getName().equals("create")
                        && arguments[0].toString().startsWith("versions/")) {
                      throw new IOException("no answer");
                    }
                    if (method.getName().equals("list")
                        && arguments[0].toString().equals("versions")
                        && !((List<?>) made).isEmpty()) {
                      throw new IOException("no answer");
                    }
                    return made;
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    RegisteredDataset unsure = new RegisteredDataset(NAME, dataset.descriptor(), dying);
    Path file = write("train_1.csv", "40.5,A,0");
    assertThatThrownBy(
            () ->
                new Feeding(unsure, descriptor(), CLOCK)
                    .feed(List.of(file), "bob", false, new Problems()))
        .isInstanceOf(ZoneException.class);
    Version made = dataset.newest().orElseThrow();
    assertThat(made.rows()).isEqualTo(1);
    assertThat(dataset.verify(made)).isEmpty();
  }
}
