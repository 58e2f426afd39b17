package dev.zone.datasets.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.zone.conf.DatasetName;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.storage.PlacedFile;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever reads the pieces, the same comes of a feed. */
@Timeout(60)
class ReadingByTasksTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-28T10:00:00Z"), ZoneOffset.UTC);
  private static final Limits SMALL = Limits.DEFAULT.withChunkBytes(2048);
  private static final String COLUMNS =
      "torque: {range: [0, 120], missing: false}, at: {}, lot: {type: text, role: group},"
          + " state: {type: category, role: label, classes: {0: good, 1: worn}}";

  @TempDir private Path folder;
  private int registries;

  /** Does each task twice, as where a worker died behind the first time. */
  private static final class Twice implements FeedTasks {
    private int done;

    @Override
    public void run(Iterator<byte[]> tasks, long answerBytes, Consumer<byte[]> answers) {
      while (tasks.hasNext()) {
        byte[] task = tasks.next();
        byte[] first = FeedTasks.answer(task, place -> Storage.local(Path.of(place)));
        byte[] again = FeedTasks.answer(task, place -> Storage.local(Path.of(place)));
        assertThat(again[0]).isEqualTo(first[0]);
        done++;
        answers.accept(again);
      }
    }
  }

  private static String yaml(String source, String columns, String feed) {
    return """
        name: chip/test
        title: t
        source: {format: %s}
        columns: {%s}
        feed: {rejectedShare: 0.5%s}
        licence: l
        citation: c
        """
        .formatted(source, columns, feed);
  }

  private static String rows(int count, String lineEnd, Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int torque = random.nextInt(126) - 3;
      text.append(torque).append('.').append(random.nextInt(10)).append(',');
      text.append(i % 97 == 5 ? i - 50 : i).append(',');
      text.append(i % 31 == 7 ? "\"a \"\"b\"\"" + lineEnd + "c," + i + "\"" : "L" + i / 100);
      text.append(',').append(i % 53 == 0 ? "x" : i % 2).append(lineEnd);
    }
    return text.toString();
  }

  private Path write(String name, String text, Charset charset) throws IOException {
    return Files.write(folder.resolve(name), text.getBytes(charset));
  }

  private Path write(String name, String text) throws IOException {
    return write(name, text, StandardCharsets.UTF_8);
  }

  private RegisteredDataset create(String yaml) {
    return new Registry(Storage.local(folder.resolve("registry-" + registries++)))
        .create(DatasetName.parse("chip/test"), yaml, "ada", CLOCK.instant());
  }

  private static Optional<FeedReport> feed(
      RegisteredDataset dataset, FeedReading reading, Problems problems, Path... files) {
    return new Feeding(dataset, dataset.spec(), CLOCK, FeedProgress.NONE, reading)
        .feed(List.of(files), "bob", false, problems);
  }

  /** All that a feed leaves, but for its id and the names of its files. */
  private static String left(RegisteredDataset dataset, FeedReading reading, Path... files)
      throws IOException {
    Problems problems = new Problems();
    StringBuilder text = new StringBuilder();
    Optional<FeedReport> report;
    try {
      report = feed(dataset, reading, problems, files);
    } catch (ZoneException e) {
      return e.kind() + " " + e.getMessage();
    }
    problems.list().stream().map(Problem::toString).forEach(line -> text.append(line).append('\n'));
    if (report.isEmpty()) {
      assertThat(dataset.folder().list("feeds")).isEmpty();
      return text.toString();
    }
    FeedReport of = report.get();
    text.append(of.outcome()).append(of.files()).append(of.skipped()).append(of.reasons());
    text.append(of.findings()).append('\n');
    String at = "feeds/" + of.id().orElseThrow() + "/";
    List<Part> parts =
        of.outcome() == Outcome.COMMITTED ? dataset.newest().orElseThrow().parts() : List.of();
    List<String> paths = new ArrayList<>();
    for (Part part : parts) {
      text.append(part.rows()).append(' ').append(part.bytes()).append(' ');
      text.append(part.sha256()).append(part.split()).append('\n');
      paths.add(part.path());
    }
    for (String name : List.of("rejected.jsonl", "rows.json", "profile.json", "findings.json")) {
      if (dataset.folder().exists(at + name)) {
        try (Storage.StoredFile file = dataset.folder().open(at + name)) {
          text.append(new String(file.bytes().readAllBytes(), StandardCharsets.UTF_8));
        }
      }
      text.append('\n');
    }
    assertThat(dataset.folder().list(at + "data").stream().map(name -> at + "data/" + name))
        .isSubsetOf(paths);
    return text.toString();
  }

  private void same(String yaml, int tasks, Path... files) throws IOException {
    Twice twice = new Twice();
    String here = left(create(yaml), FeedReading.here(SMALL), files);
    String byTasks = left(create(yaml), FeedReading.by(twice, SMALL), files);
    assertThat(byTasks).isEqualTo(here).isNotBlank();
    assertThat(twice.done).isGreaterThanOrEqualTo(tasks);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ", key: [lot, at]",
        ", ascending: {column: at}",
        ", key: [at], ascending: {column: at, group: lot}"
      })
  void isTheSameOfTextWithQuotesWrongRowsAndChecks(String checks) throws IOException {
    String yaml = yaml("delimited, files: [{path: '*.csv'}]", COLUMNS, checks);
    String header = "torque,at,lot,state";
    Path first = write("1.csv", header + "\r\n" + rows(1500, "\r\n", new Random(1)));
    Path second = write("2.csv", "\uFEFF\n" + header + "\n" + rows(700, "\n", new Random(2)));
    same(yaml, 10, first, second);
  }

  @Test
  void isTheSameOfTextWithoutHeaderAndOfOtherCharacterSets() throws IOException {
    String source = "delimited, header: false, encoding: %s, files: [{path: '*.csv'}]";
    String text = rows(1500, "\n", new Random(3)).replace("L", "批次");
    Charset gb = Charset.forName("GB18030");
    same(yaml(source.formatted("GB18030"), COLUMNS, ""), 10, write("1.csv", text, gb));
    Path wide = write("2.csv", text, StandardCharsets.UTF_16);
    same(yaml(source.formatted("UTF-16"), COLUMNS, ""), 1, wide);
    // Bytes that are none of the character set, in a late piece.
    same(
        yaml(source.formatted("UTF-8"), COLUMNS, ""),
        10,
        write(
            "3.csv",
            rows(1500, "\n", new Random(4)) + "1,2,\u00E9,0\n",
            StandardCharsets.ISO_8859_1));
  }

  @Test
  void isTheSameOfTextBehindLinesThatAreSkippedAndSeparatedByBlanks() throws IOException {
    String source =
        "delimited, separator: whitespace, skip: 2, header: false, files: [{path: '*.txt'}]";
    StringBuilder text = new StringBuilder("made by hand\r\n\"not a record\r");
    for (int i = 0; i < 3000; i++) {
      text.append("  ").append(i).append(' ').append(i % 7).append("\r");
    }
    same(yaml(source, "a: {range: [0, 2990]}, b: {}", ""), 5, write("1.txt", text.toString()));
  }

  @Test
  void isTheSameOfJsonLines() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      text.append("{\"torque\": ").append(i % 130).append(", \"at\": ").append(i);
      text.append(", \"lot\": \"L").append(i / 50).append("\", \"state\": ").append(i % 2);
      text.append(i % 41 == 3 ? "" : "}").append('\n');
    }
    String yaml = yaml("jsonLines, files: [{path: '*.jsonl'}]", COLUMNS, ", key: [at]");
    same(yaml, 20, write("1.jsonl", text.toString()), write("2.jsonl", "{\"torque\": 1"));
    same(yaml, 10, write("3.jsonl", text.toString()));
  }

  @Test
  void isTheSameOfParquetWhosePiecesAreSeveralRowGroups() throws IOException {
    int elements = 1 << 18;
    MessageType type =
        MessageTypeParser.parseMessageType(
            "message m { required double torque; required binary map; }");
    Path file = folder.resolve("1.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(type)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .withRowGroupSize(4L * elements)
            .withMinRowCountForPageSizeCheck(1)
            .build()) {
      for (int row = 0; row < 40; row++) {
        byte[] map = new byte[row == 20 ? 3 : elements];
        map[1] = (byte) row;
        writer.write(
            new SimpleGroup(type)
                .append("torque", row % 30 == 7 ? 121.0 : row)
                .append("map", Binary.fromConstantByteArray(map)));
      }
    }
    String yaml =
        yaml(
            "parquet, files: [{path: '*.parquet'}]",
            "torque: {range: [0, 120]}, map: {type: tensor, shape: [512, 512]}",
            ", ascending: {column: torque}");
    same(yaml, 4, file);
  }

  @Test
  void isTheSameOfWhatCannotBeCutWithChecksToo() throws IOException {
    Path packed = folder.resolve("2.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      String text = "torque,at,lot,state\n" + rows(1500, "\n", new Random(5));
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    String header = "torque,at,lot,state\n";
    Path before = write("1.csv", header + rows(700, "\n", new Random(6)));
    Path behind = write("3.csv", header + rows(900, "\n", new Random(7)));
    String source = "delimited, files: [{path: '*.csv'}]";
    same(yaml(source, COLUMNS, ""), 10, before, packed, behind);
    same(yaml(source, COLUMNS, ", key: [at]"), 10, before, packed, behind);
    String numbered = COLUMNS + ", number: {rowNumber: true}";
    same(yaml(source, numbered, ""), 2, before, behind);
  }

  @Test
  void isTheSameOfFilesThatAreWrongAsAWhole() throws IOException {
    String yaml = yaml("delimited, files: [{path: '*.csv'}]", COLUMNS, "");
    String header = "torque,at,lot,state\n";
    String good = rows(500, "\n", new Random(8));
    same(yaml, 0, write("1.csv", ""));
    same(yaml, 0, write("2.csv", header));
    same(yaml, 0, write("3.csv", "torque,at,lot\n" + good));
    same(yaml, 3, write("4.csv", header + good + "1,2,\"" + "y".repeat(5000) + "\",0\n" + good));
    same(yaml, 3, write("5.csv", header + good + "1,2,\"open"), write("6.csv", header + "\n\n"));
    same(yaml, 1, write("7.csv", header + "-1,2,a,0\n"));
    same(yaml("parquet, files: [{path: '*.csv'}]", COLUMNS, ""), 0, write("8.csv", header + good));
    Path link = Files.createDirectories(folder.resolve("links")).resolve("9.csv");
    same(yaml, 0, Files.createSymbolicLink(link, write("elsewhere.csv", header + good)));
  }

  @Test
  void isFedOnceWhoeverReadIt() throws IOException {
    RegisteredDataset dataset = create(yaml("delimited, files: [{path: '*.csv'}]", COLUMNS, ""));
    Path file = write("1.csv", "torque,at,lot,state\n" + rows(500, "\n", new Random(9)));
    Problems problems = new Problems();
    assertThat(feed(dataset, FeedReading.by(new Twice(), SMALL), problems, file).orElseThrow())
        .extracting(FeedReport::outcome)
        .isEqualTo(Outcome.COMMITTED);
    assertThat(feed(dataset, FeedReading.here(), problems, file).orElseThrow().outcome())
        .isEqualTo(Outcome.FED_BEFORE);
    assertThat(problems.list()).isEmpty();
  }

  @Test
  void writesNothingWhereItIsOnlyTried() throws IOException {
    RegisteredDataset dataset =
        create(yaml("delimited, files: [{path: '*.csv'}]", COLUMNS, ", key: [at]"));
    Path file = write("1.csv", "torque,at,lot,state\n" + rows(500, "\n", new Random(9)));
    Problems problems = new Problems();
    Feeding feeding =
        new Feeding(
            dataset, dataset.spec(), CLOCK, FeedProgress.NONE, FeedReading.by(new Twice(), SMALL));
    FeedReport report = feeding.feed(List.of(file), "bob", true, problems).orElseThrow();
    assertThat(report.outcome()).isEqualTo(Outcome.TRIED);
    assertThat(report.rejected()).isPositive();
    try (Stream<Path> files = Files.walk(folder.resolve("registry-0/chip/test"))) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(2);
    }
  }

  @Test
  void leavesNothingOfAFeedWhoseTasksFail() throws IOException {
    RegisteredDataset dataset = create(yaml("delimited, files: [{path: '*.csv'}]", COLUMNS, ""));
    Path file = write("1.csv", "torque,at,lot,state\n" + rows(500, "\n", new Random(9)));
    FeedTasks failing =
        (tasks, bytes, answers) -> {
          answers.accept(FeedTasks.answer(tasks.next(), place -> Storage.local(Path.of(place))));
          throw new ZoneException(ErrorKind.CANCELLED, "stopped");
        };
    Problems problems = new Problems();
    assertThat(catchThrowable(() -> feed(dataset, FeedReading.by(failing, SMALL), problems, file)))
        .hasMessage("stopped");
    assertThat(dataset.folder().list("feeds")).isEmpty();
    assertThat(dataset.newest()).isEmpty();
  }

  @Test
  void saysWhatAWorkerCannotReach() throws IOException {
    String yaml = yaml("delimited, files: [{path: '*.csv'}]", COLUMNS, "");
    Path file = write("1.csv", "torque,at,lot,state\n" + rows(500, "\n", new Random(9)));
    FeedTasks elsewhere =
        (tasks, bytes, answers) ->
            tasks.forEachRemaining(
                task ->
                    answers.accept(
                        FeedTasks.answer(task, place -> Storage.local(folder.resolve("other")))));
    assertThat(left(create(yaml), FeedReading.by(elsewhere, SMALL), file))
        .startsWith("USER Cannot write to the registry on ")
        .contains("expected files and a registry that all workers reach");
  }

  @Test
  void readsFilesOfOtherMachinesByTheirUris() throws IOException {
    String text = "torque,at,lot,state\n" + rows(500, "\n", new Random(9));
    Path file = write("1.csv", text);
    String yaml = yaml("delimited, files: [{path: '*.csv'}]", COLUMNS, "");
    String here = left(create(yaml), FeedReading.here(SMALL), file);
    for (FeedReading reading :
        List.of(FeedReading.here(SMALL), FeedReading.by(new Distant(), SMALL))) {
      RegisteredDataset dataset = create(yaml);
      Problems problems = new Problems();
      try (PlacedFile placed =
          PlacedFile.of("lots://server/1.csv", place -> Storage.local(folder))) {
        new Feeding(dataset, dataset.spec(), CLOCK, FeedProgress.NONE, reading)
            .feedPlaced(List.of(placed), "bob", false, problems);
      }
      assertThat(problems.list()).isEmpty();
      for (Part part : dataset.newest().orElseThrow().parts()) {
        assertThat(here).contains(part.sha256());
      }
    }
  }

  private final class Distant implements FeedTasks {
    @Override
    public void run(Iterator<byte[]> tasks, long answerBytes, Consumer<byte[]> answers) {
      tasks.forEachRemaining(
          task ->
              answers.accept(
                  FeedTasks.answer(
                      task,
                      place ->
                          Storage.local(place.startsWith("lots:") ? folder : Path.of(place)))));
    }
  }

  @Test
  @Timeout(240)
  void keepsTheFirstMillionWrongRowsOfAFileAndCountsAll() throws IOException {
    int wrong = 1_000_100;
    String yaml =
        yaml("delimited, files: [{path: '*.csv'}]", "x: {}", ", key: [x]")
            .replace("rejectedShare: 0.5", "rejectedShare: 1");
    Path file = write("a.csv", "x\n" + "7\n".repeat(wrong + 1));
    List<Path> kept = new ArrayList<>();
    for (FeedReading reading :
        List.of(
            FeedReading.here(),
            FeedReading.by(
                (tasks, answerBytes, answers) ->
                    tasks.forEachRemaining(
                        task ->
                            answers.accept(
                                FeedTasks.answer(task, place -> Storage.local(Path.of(place))))),
                Limits.DEFAULT.withChunkBytes(1 << 19)))) {
      RegisteredDataset dataset = create(yaml);
      FeedReport report = feed(dataset, reading, new Problems(), file).orElseThrow();
      assertThat(report.outcome()).isEqualTo(Outcome.COMMITTED);
      assertThat(report.rows()).isEqualTo(1);
      assertThat(report.rejected()).isEqualTo(wrong);
      assertThat(report.kept()).isEqualTo(1_000_000);
      assertThat(report.reasons().values()).containsExactly(wrong);
      kept.add(
          Path.of(dataset.folder().place("feeds/" + report.id().orElseThrow()))
              .resolve("rejected.jsonl"));
    }
    assertThat(Files.mismatch(kept.get(0), kept.get(1))).isEqualTo(-1);
    try (Stream<String> lines = Files.lines(kept.get(0))) {
      assertThat(lines.count()).isEqualTo(1_000_001);
    }
  }
}
