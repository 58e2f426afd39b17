package dev.zone.datasets.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.DatasetName;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.Column;
import dev.zone.datasets.GroupIds;
import dev.zone.datasets.Table;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.TableReader;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.registry.Quarantine.State;
import dev.zone.datasets.registry.QuarantineExport.Written;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that were set aside, mended and fed again are as if they had been right at first. */
@Timeout(60)
class QuarantineExportTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-28T10:00:00Z"), ZoneOffset.UTC);

  @TempDir private Path folder;
  private RegisteredDataset dataset;

  private void create(String source, String columns) {
    String yaml =
        """
        name: chip/test
        title: t
        source: {%s}
        columns: {%s}
        feed: {rejectedShare: 0.9}
        licence: l
        citation: c
        """
            .formatted(source, columns);
    dataset =
        new Registry(Storage.local(folder.resolve("registry")))
            .create(DatasetName.parse("chip/test"), yaml, "ada", CLOCK.instant());
  }

  private Path write(String name, String text, Charset charset) throws IOException {
    return Files.write(folder.resolve(name), text.getBytes(charset));
  }

  private Path write(String name, String text) throws IOException {
    return write(name, text, StandardCharsets.UTF_8);
  }

  private FeedReport feed(Path... files) {
    Problems problems = new Problems();
    Optional<FeedReport> report =
        new Feeding(dataset, dataset.spec(), CLOCK).feed(List.of(files), "bob", false, problems);
    assertThat(problems.list()).isEmpty();
    return report.orElseThrow();
  }

  private Written export(FeedReport... feeds) {
    List<String> ids = new ArrayList<>();
    for (FeedReport feed : feeds) {
      ids.add(feed.id().orElseThrow());
    }
    return new QuarantineExport(new Quarantine(dataset), dataset.spec())
        .write(ids, folder.resolve("mend.csv"));
  }

  /** Replaces a text in a file. */
  private static void mend(Path file, String wrong, String right, Charset charset)
      throws IOException {
    String text = Files.readString(file, charset);
    assertThat(text).contains(wrong);
    Files.writeString(file, text.replace(wrong, right), charset);
  }

  /** Values of the newest version's rows, in order. */
  private List<String> rows() {
    Problems problems = new Problems();
    Table table =
        TableReader.read(
                VersionSource.of(dataset.spec(), dataset.newest().orElseThrow()),
                folder.resolve("registry/chip/test"),
                Limits.DEFAULT,
                problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < table.rows(); row++) {
      List<String> values = new ArrayList<>();
      for (Column column : table.columns().values()) {
        values.add(GroupIds.text(column, row));
      }
      rows.add(String.join(" ", values));
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"GB18030", "UTF-16", "ISO-8859-1", "UTF-8", "x-UTF-16LE-BOM"})
  void keepsTheEncodingOfTheFiles(String encoding) throws IOException {
    Charset charset = Charset.forName(encoding);
    String lot = charset.name().equals("ISO-8859-1") ? "Prüfstück" : "晶圆é";
    create(
        "format: delimited, encoding: %s, files: [{path: '*.csv'}]".formatted(encoding),
        "lot: {type: text}, x: {}");
    FeedReport fed =
        feed(write("a.csv", "lot,x\n" + lot + ",bad\n" + lot + ",bad\nA,1\n", charset));
    Written written = export(fed);
    assertThat(written.folder()).isFalse();
    assertThat(written.rows()).isEqualTo(2);
    assertThat(written.leftOut()).isEmpty();
    mend(written.files().get(0), "bad", "7", charset);
    assertThat(feed(written.files().get(0)).rows()).isEqualTo(2);
    assertThat(rows()).containsExactly("A 1", lot + " 7", lot + " 7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void keepsThePlaceOfLinesThatAreSkipped(String header) throws IOException {
    create(
        "format: delimited, skip: 3, header: %s, files: [{path: '*.csv'}]".formatted(header),
        "lot: {type: text}, x: {}");
    String columns = header.equals("true") ? "x,lot\n" : "";
    String row = header.equals("true") ? "bad,B" : "B,bad";
    String good = header.equals("true") ? "1,A" : "A,1";
    FeedReport fed =
        feed(write("a.csv", "Tester 7\n\n\"no end\n" + columns + row + "\n" + good + "\n"));
    Path file = export(fed).files().get(0);
    assertThat(file).hasContent("\n\n\n" + columns + row);
    mend(file, "bad", "7", StandardCharsets.UTF_8);
    assertThat(feed(file).rows()).isEqualTo(1);
    assertThat(rows()).containsExactly("A 1", "B 7");
  }

  @Test
  void keepsWhatEntriesAndNamesSayOfTheRows() throws IOException {
    create(
        "format: delimited, files: [{path: 'train_*.csv', split: train, values: {lot: T},"
            + " name: '_(?<x>[0-9])'}, {path: 'test_*.csv', split: test, name: '_(?<x>[0-9])',"
            + " values: {lot: U}}]",
        "lot: {type: text}, x: {}, y: {}");
    FeedReport fed =
        feed(
            write("train_1.csv", "y\n1\nbad\n"),
            write("train_2.csv", "y\nbad\n3\n"),
            write("test_3.csv", "y\nbad\n"));
    Written written = export(fed);
    assertThat(written.folder()).isTrue();
    assertThat(written.files())
        .containsExactly(
            folder.resolve("mend.csv/train_1.csv"),
            folder.resolve("mend.csv/train_2.csv"),
            folder.resolve("mend.csv/test_3.csv"));
    // The same content is fed once, whatever it is called.
    mend(written.files().get(0), "bad", "7", StandardCharsets.UTF_8);
    mend(written.files().get(1), "bad", "8", StandardCharsets.UTF_8);
    mend(written.files().get(2), "bad", "9", StandardCharsets.UTF_8);
    assertThat(feed(written.files().toArray(Path[]::new)).rows()).isEqualTo(3);
    assertThat(rows()).containsExactly("T 1 1", "T 2 3", "T 1 7", "T 2 8", "U 3 9");
    assertThat(dataset.newest().orElseThrow().parts())
        .extracting(part -> part.split().orElseThrow())
        .containsExactly(Split.TRAIN, Split.TRAIN, Split.TRAIN, Split.TRAIN, Split.TEST);
  }

  @Test
  void writesRowsOfJsonAndOfPackedFilesAsPlainText() throws IOException {
    create("format: jsonLines, files: [{path: '*.jsonl'}]", "lot: {type: text}, x: {}");
    Path zip = folder.resolve("a.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (String name : new String[] {"in/1.jsonl", "in/2.jsonl"}) {
        out.putNextEntry(new ZipEntry(name));
        out.write(
            "{\"lot\": \"A\", \"x\": \"bad\"}\n{\"lot\": \"B\", \"x\": 1}\n"
                .getBytes(StandardCharsets.UTF_8));
      }
    }
    Written written = export(feed(zip));
    assertThat(written.files())
        .containsExactly(folder.resolve("mend.csv/1.jsonl"), folder.resolve("mend.csv/2.jsonl"));
    assertThat(written.files().get(0)).hasContent("{\"lot\": \"A\", \"x\": \"bad\"}");
  }

  @Test
  void keepsTheHeaderOfEachTextOfAnArchive() throws IOException {
    create("format: delimited, files: [{path: '*.zip'}]", "lot: {type: text}, x: {}");
    Path zip = folder.resolve("a.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("1.csv"));
      out.write("lot,x\nA,bad\nA,1\n".getBytes(StandardCharsets.UTF_8));
      out.putNextEntry(new ZipEntry("2.csv"));
      out.write("x,lot\nbad,B\n".getBytes(StandardCharsets.UTF_8));
    }
    Written written = export(feed(zip));
    assertThat(written.files().get(0)).hasContent("lot,x\nA,bad");
    assertThat(written.files().get(1)).hasContent("x,lot\nbad,B");
  }

  @Test
  void leavesOutWhatCannotBeWrittenAndSaysHowMuch() throws IOException {
    create(
        "format: delimited, files: [{path: '*.csv'}]",
        "lot: {type: text}, note: {type: text}, x: {}");
    String note = "A".repeat(600_000);
    FeedReport fed =
        feed(
            write(
                "a.csv",
                "lot,note,x\n" + note + "," + note + ",bad\n" + "B,,bad\nC,c,1\n".repeat(3)));
    Written written = export(fed);
    assertThat(written.leftOut())
        .isEqualTo(Map.of("they are longer than what is kept of a row", 1L));
    assertThat(written.files().get(0)).hasContent("lot,note,x\nB,,bad\nB,,bad\nB,,bad");
  }

  @Test
  void refusesRowsThatAreNoneByThemselves() throws IOException {
    create("format: delimited, files: [{path: '*.csv', rows: [1, 2]}]", "lot: {type: text}, x: {}");
    FeedReport fed = feed(write("a.csv", "lot,x\nA,bad\nB,1\n"));
    assertThatThrownBy(() -> export(fed))
        .isInstanceOf(ZoneException.class)
        .hasMessageEndingWith(
            ": what is a row of a.csv depends on where it stands in the file (expected rows that"
                + " can be written; -o json names all)");
    assertThat(folder.resolve("mend.csv")).doesNotExist();
  }

  @Test
  void refusesDatasetsWhoseRowsAreNoText() {
    create("format: parquet, files: [{path: '*.parquet'}]", "lot: {type: text}, x: {}");
    assertThatThrownBy(() -> new QuarantineExport(new Quarantine(dataset), dataset.spec()))
        .isInstanceOf(ZoneException.class)
        .hasMessageStartingWith(
            "Cannot export rows of chip/test: its rows are no lines of text (expected");
  }

  @Test
  void writesNothingThatANameInTheRegistryLeadsElsewhere() throws IOException {
    create("format: delimited, files: [{path: '*.csv'}]", "lot: {type: text}, x: {}");
    FeedReport fed = feed(write("a.csv", "lot,x\nA,bad\nB,1\n"));
    Path rejected =
        folder.resolve("registry/chip/test/feeds/" + fed.id().orElseThrow() + "/rejected.jsonl");
    Files.writeString(
        rejected,
        """
        {"file":"..","header":"lot,x"}
        {"file":"..","where":"..:2","reasons":["x"],"text":"A,1"}
        """,
        StandardOpenOption.APPEND);
    Written written = export(fed);
    assertThat(written.rows()).isEqualTo(1);
    assertThat(written.leftOut()).hasSize(1);
  }

  @Test
  void knowsTheLastFeedAndWhatBecameOfEach() throws IOException {
    create("format: delimited, files: [{path: '*.csv'}]", "x: {}");
    Quarantine quarantine = new Quarantine(dataset);
    assertThat(quarantine.newest()).isEmpty();
    FeedReport taken = feed(write("a.csv", "x\n1\nbad\n"));
    String first = taken.id().orElseThrow();
    assertThat(quarantine.newest()).contains(first);
    FeedReport refused = feed(write("b.csv", "x\nbad\n"));
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    String second = refused.id().orElseThrow();
    assertThat(quarantine.newest()).contains(second);
    FeedWriter died = dataset.begin(CLOCK.instant());
    died.reject(out -> out.write("{}\n".getBytes(StandardCharsets.UTF_8)));
    assertThat(quarantine.newest()).contains(died.id());
    assertThat(quarantine.states(List.of(first, second, died.id())))
        .extracting(Quarantine.SetAside::state)
        .containsExactly(State.COMMITTED, State.REFUSED, State.UNFINISHED);
    assertThat(quarantine.states(List.of(first)).get(0).version()).hasValue(1);
  }
}
