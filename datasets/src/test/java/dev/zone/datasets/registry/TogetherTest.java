package dev.zone.datasets.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.TableReader;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Feeds files that belong together, and compares versions with the files as they lie. */
@Timeout(120)
class TogetherTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-28T10:00:00Z"), ZoneOffset.UTC);
  private static final Path REAL = Path.of(System.getProperty("zone.data", "none"));

  @TempDir private Path folder;
  private Path data;

  @BeforeEach
  void makeFolder() throws IOException {
    data = Files.createDirectory(folder.resolve("data"));
  }

  /** A dataset of a shipped descriptor. */
  private final class Fed {
    private final DatasetSpec descriptor;
    private final RegisteredDataset dataset;
    private final Problems problems = new Problems();

    Fed(String name) throws IOException {
      Path shipped = Path.of("").toAbsolutePath().getParent().resolve("datasets/" + name + ".yaml");
      descriptor =
          YamlBinder.read(shipped, DatasetSpec.class, List.of(), problems).orElseThrow().value();
      dataset =
          new Registry(Storage.local(folder.resolve("registry")))
              .create(descriptor.name(), Files.readString(shipped), "ada", CLOCK.instant());
    }

    FeedReport feed(Path... files) {
      FeedReport report =
          new Feeding(dataset, descriptor, CLOCK)
              .feed(List.of(files), "bob", false, problems)
              .orElse(null);
      assertThat(problems.list()).isEmpty();
      return report;
    }

    List<String> problems(Path... files) {
      Problems found = new Problems();
      assertThat(new Feeding(dataset, descriptor, CLOCK).feed(List.of(files), "bob", false, found))
          .isEmpty();
      return found.list().stream().map(Problem::toString).toList();
    }

    Table version() {
      Version version = dataset.newest().orElseThrow();
      return read(
          VersionSource.of(descriptor, version),
          folder.resolve("registry").resolve(descriptor.name().path()));
    }

    /** The version has the rows that the files have, to the bit. */
    void isAsTheyLie(Path files) {
      Table fed = version();
      Table lying = read(descriptor, files);
      assertThat(fed.rows()).isEqualTo(lying.rows());
      assertThat(fed.columns().keySet())
          .containsExactlyInAnyOrderElementsOf(lying.columns().keySet());
      lying.columns().forEach((name, column) -> isSame(name, column, fed));
      for (int row = 0; row < fed.rows(); row++) {
        if (!fed.origins().givenSplit(row).equals(lying.origins().givenSplit(row))) {
          throw new AssertionError("row " + row);
        }
      }
    }
  }

  private static void isSame(String name, Column column, Table fed) {
    Column other = fed.column(name).orElseThrow();
    for (int row = 0; row < fed.rows(); row++) {
      boolean same =
          column instanceof NumberColumn numbers
              ? Double.compare(numbers.value(row), ((NumberColumn) other).value(row)) == 0
              : text(column, row).equals(text(other, row));
      if (!same) {
        throw new AssertionError(name + " of row " + row);
      }
    }
  }

  /** A class by its name: files have its code. */
  private static String text(Column column, int row) {
    CodedColumn coded = (CodedColumn) column;
    return coded.code(row) < 0 ? "" : coded.values().get(coded.code(row));
  }

  private static Table read(DatasetSpec descriptor, Path files) {
    Problems problems = new Problems();
    return TableReader.read(descriptor, files, Limits.DEFAULT, problems)
        .orElseThrow(() -> new AssertionError(problems.list()));
  }

  private Path write(String name, List<String> lines) throws IOException {
    Path file = data.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, lines);
  }

  private static List<String> engine(int unit, int cycles) {
    List<String> rows = new ArrayList<>();
    for (int cycle = 1; cycle <= cycles; cycle++) {
      rows.add(
          unit
              + " "
              + cycle
              + IntStream.range(0, 24)
                  .mapToObj(i -> " " + (i + 0.1 * unit))
                  .collect(Collectors.joining())
              + "  ");
    }
    return rows;
  }

  private static List<String> engines(int... cycles) {
    return IntStream.range(0, cycles.length)
        .boxed()
        .flatMap(unit -> engine(unit + 1, cycles[unit]).stream())
        .toList();
  }

  private Path[] turbofans() throws IOException {
    return new Path[] {
      write("train_FD001.txt", engines(5, 3, 4)),
      // By their numbers, wherever they stand.
      write(
          "test_FD001.txt",
          Stream.of(engine(2, 2), engine(10, 4), engine(1, 3)).flatMap(List::stream).toList()),
      write("RUL_FD001.txt", List.of("112 ", "98.5 ", "7 "))
    };
  }

  @Test
  void takesWhatIsLeftOfTestUnitsFromTheFileBesideAndServesIt() throws IOException {
    Fed engines = new Fed("manufacturing/cmapss-fd001");
    FeedReport report = engines.feed(turbofans());
    assertThat(report.outcome()).isEqualTo(Outcome.COMMITTED);
    assertThat(report.files())
        .extracting(FedFile::name)
        .containsExactly("train_FD001.txt", "test_FD001.txt");
    engines.isAsTheyLie(data);
    Table table = engines.version();
    NumberColumn left = (NumberColumn) table.column("rul").orElseThrow();
    assertThat(left.value(0)).isEqualTo(4);
    assertThat(left.value(12)).isEqualTo(1 + 98.5);
    assertThat(left.value(14)).isEqualTo(3 + 7);
    assertThat(left.value(18)).isEqualTo(2 + 112);
    assertThat(table.origins().givenSplit(12)).contains(Split.TEST);

    assertThat(engines.feed(turbofans()).outcome()).isEqualTo(Outcome.FED_BEFORE);
  }

  @Test
  void feedsTheRunsOfAPlantWhoseArchiveSeveralEntriesRead() throws IOException {
    Path archive = data.resolve("TE_process.zip");
    DataFiles.zip(
        archive,
        false,
        "TE_process/d00.dat",
        measured(52, 10),
        "TE_process/d21.dat",
        measured(12, 52),
        "TE_process/d00_te.dat",
        measured(162, 52),
        "TE_process/d21_te.dat",
        measured(163, 52));
    Fed plant = new Fed("manufacturing/tennessee-eastman");
    FeedReport report = plant.feed(archive);
    assertThat(report.outcome()).isEqualTo(Outcome.COMMITTED);
    assertThat(report.files())
        .extracting(FedFile::name, FedFile::rows)
        .containsExactly(tuple("TE_process.zip", 10L + 12 + 162 + 163));
    plant.isAsTheyLie(data);
    assertThat(plant.feed(archive).outcome()).isEqualTo(Outcome.FED_BEFORE);
  }

  private static String measured(int lines, int fields) {
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < lines; line++) {
      for (int field = 0; field < fields; field++) {
        text.append("  ").append(line).append('.').append(100 + field);
      }
      text.append("\r\n");
    }
    return text.toString();
  }

  @Test
  void keepsLivesWhereALastRowIsSetAside() throws IOException {
    Fed engines = new Fed("manufacturing/cmapss-fd001");
    List<String> test = new ArrayList<>(engines(30, 30));
    test.set(29, test.get(29).replaceAll(" [0-9.]+  $", " x  "));
    FeedReport report =
        engines.feed(write("test_FD001.txt", test), write("RUL_FD001.txt", List.of("10", "20")));
    assertThat(report.rejected()).isEqualTo(1);
    NumberColumn left = (NumberColumn) engines.version().column("rul").orElseThrow();
    assertThat(left.value(28)).isEqualTo(1 + 10);
    assertThat(left.value(29)).isEqualTo(29 + 20);
  }

  @Test
  void saysWhichFilesAreMissingOrBelongToNone() throws IOException {
    Fed engines = new Fed("manufacturing/cmapss-fd001");
    Path[] files = turbofans();
    assertThat(engines.problems(files[0], files[1]))
        .containsExactly(
            files[1]
                + ": Cannot feed it without RUL_FD001.txt (expected the files that belong together in one feed)");
    assertThat(engines.problems(files[0], files[2]))
        .containsExactly(
            files[2]
                + ": Cannot feed it alone: it has no rows of its own (expected the files that belong together in one feed)");
    write("RUL_FD001.txt", List.of("112", "98"));
    assertThat(engines.problems(files))
        .containsExactly(
            "RUL_FD001.txt: Cannot use remaining lives: 2 numbers (expected 3, one for each unit of test)");
    assertThat(folder.resolve("registry/manufacturing/cmapss-fd001/versions")).doesNotExist();
    Problems problems = new Problems();
    Feeding.requireSingle(engines.descriptor, problems);
    assertThat(problems.list())
        .extracting(Problem::message)
        .containsExactly(
            "Cannot feed the files of manufacturing/cmapss-fd001 one by one: RUL_FD001.txt has no rows alone (expected the files that belong together in one feed: zone dataset feed manufacturing/cmapss-fd001 FILE...)");
  }

  @Test
  void knowsAFileByTheContentOfItsCompanionsToo() throws IOException {
    Fed engines = new Fed("manufacturing/cmapss-fd001");
    Path[] files = turbofans();
    FeedReport first = engines.feed(files);
    write("RUL_FD001.txt", List.of("1", "2", "3"));
    FeedReport second = engines.feed(files);
    assertThat(second.outcome()).isEqualTo(Outcome.COMMITTED);
    assertThat(second.skipped()).containsExactly("train_FD001.txt");
    assertThat(second.files().get(0).sha256()).isNotEqualTo(first.files().get(1).sha256());
    // Each delivery with what was left by its own file.
    NumberColumn left = (NumberColumn) engines.version().column("rul").orElseThrow();
    assertThat(left.value(12)).isEqualTo(1 + 98.5);
    assertThat(left.value(12 + 9)).isEqualTo(1 + 2);
  }

  private List<String> sensors(int rows) {
    return IntStream.range(0, rows)
        .mapToObj(
            row ->
                IntStream.range(0, 590)
                    .mapToObj(i -> i == 589 ? "NaN" : row + "." + i)
                    .collect(Collectors.joining(" ")))
        .toList();
  }

  @Test
  void feedsFilesThatStandSideBySide() throws IOException {
    Fed wafers = new Fed("chip/secom-full");
    List<String> labels =
        IntStream.range(0, 20)
            .mapToObj(
                row -> (row % 4 == 0 ? 1 : -1) + " \"%02d/08/2008 11:55:00\"".formatted(20 - row))
            .toList();
    Path measured = write("secom.data", sensors(20));
    Path verdicts = write("secom_labels.data", labels);
    assertThat(wafers.problems(measured))
        .containsExactly(
            measured
                + ": Cannot feed it without secom_labels.data (expected the files that belong together in one feed)");
    assertThat(wafers.feed(verdicts, measured).rows()).isEqualTo(20);
    wafers.isAsTheyLie(data);

    // Two deliveries in one feed, each with the labels of its folder.
    Path later = write("later/secom.data", sensors(3));
    Path laterLabels = write("later/secom_labels.data", labels.subList(0, 3));
    FeedReport both = wafers.feed(measured, later, verdicts, laterLabels);
    assertThat(both.rows()).isEqualTo(3);
    assertThat(both.skipped()).containsExactly("secom.data");
    write("later/secom_labels.data", labels.subList(0, 2));
    assertThat(wafers.problems(later, laterLabels))
        .containsExactly(
            "secom.data: Cannot join 'secom_labels.data': it has 2 rows (expected as many as the file it stands beside)");
  }

  @Tag("real-data")
  @Test
  void servesRealTurbofansAsTheyLie() throws IOException {
    Fed engines = new Fed("manufacturing/cmapss-fd001");
    Path lying = REAL.resolve("manufacturing/cmapss");
    FeedReport report =
        engines.feed(
            Stream.of("train_FD001.txt", "test_FD001.txt", "RUL_FD001.txt")
                .map(lying::resolve)
                .toArray(Path[]::new));
    assertThat(report.rows()).isEqualTo(20_631 + 13_096);
    engines.isAsTheyLie(lying);
  }
}
