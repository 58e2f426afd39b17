package dev.zone.datasets.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetRules;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.TensorColumn;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What descriptors say of how tables lie in files. */
class FileLayoutsTest {
  private static final String LABEL =
      "y: {type: category, role: label, classes: {0: good, 1: bad}}";

  @TempDir Path folder;

  private static DatasetSpec descriptor(String source, String columns) {
    Problems problems = new Problems();
    Bound<DatasetSpec> bound =
        YamlBinder.parse(
                """
                name: chip/test
                title: t
                source: %s
                columns: {%s}
                licence: l
                citation: c
                """
                    .formatted(source, columns),
                "x.yaml",
                DatasetSpec.class,
                List.of(),
                problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
    DatasetRules.check(bound.value(), bound.locations(), problems);
    assertThat(problems.list()).isEmpty();
    return bound.value();
  }

  private Table read(String source, String columns) {
    Problems problems = new Problems();
    Table table =
        TableReader.read(descriptor(source, columns), folder, Limits.DEFAULT, problems)
            .orElse(null);
    assertThat(problems.list()).isEmpty();
    return table;
  }

  private List<String> faults(String source, String columns) {
    Problems problems = new Problems();
    assertThat(TableReader.read(descriptor(source, columns), folder, Limits.DEFAULT, problems))
        .isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }

  private static double[] numbers(Table table, String column) {
    NumberColumn numbers = (NumberColumn) table.column(column).orElseThrow();
    return IntStream.range(0, table.rows()).mapToDouble(numbers::value).toArray();
  }

  private static List<String> texts(Table table, String column) {
    CodedColumn coded = (CodedColumn) table.column(column).orElseThrow();
    return IntStream.range(0, table.rows())
        .mapToObj(row -> coded.values().get(coded.code(row)))
        .toList();
  }

  @Test
  void skipsLinesBeforeTheHeaderWhateverTheyHold() {
    DataFiles.bytes(
        folder.resolve("a.csv"),
        "\uFEFFan \"open quote,\r\n\r\nx,y\r\n1,0\r\n".getBytes(StandardCharsets.UTF_8));
    DataFiles.bytes(folder.resolve("b.csv"), "l\rm\rx,y\r2,1\r".getBytes(StandardCharsets.UTF_8));
    Table table = read("{format: delimited, skip: 2, files: [{path: '*.csv'}]}", "x: {}, " + LABEL);
    assertThat(numbers(table, "x")).containsExactly(1, 2);
    assertThat(table.origins().text(0)).isEqualTo("a.csv:4");
    assertThat(faults("{format: delimited, skip: 9, files: [{path: a.csv}]}", "x: {}"))
        .containsExactly("a.csv: Cannot use file: it is empty (expected a header and rows)");
  }

  @Test
  void joinsFilesThatStandSideBySide() {
    DataFiles.text(folder.resolve("x.txt"), "1 2", "3 NaN", "5 6");
    DataFiles.text(folder.resolve("y.txt"), "0 \"a b\"", "1 \"c d\"", "0 \"e f\"");
    String source =
        "{format: delimited, separator: ' ', header: false, files: [{path: x.txt, beside: [{path: %s}]}]}";
    String columns = "'x{1..2}': {}, " + LABEL + ", note: {type: text}";
    Table table = read(source.formatted("y.txt"), columns);
    assertThat(numbers(table, "x1")).containsExactly(1, 3, 5);
    assertThat(numbers(table, "x2")).containsExactly(2, Double.NaN, 6);
    assertThat(texts(table, "y")).containsExactly("good", "bad", "good");
    assertThat(texts(table, "note")).containsExactly("a b", "c d", "e f");

    DataFiles.text(folder.resolve("short.txt"), "0 a", "1 b");
    DataFiles.text(folder.resolve("long.txt"), "0 a", "1 b", "0 c", "0 d");
    assertThat(faults(source.formatted("short.txt"), columns))
        .containsExactly(
            "x.txt: Cannot join 'short.txt': it has 2 rows (expected as many as the file it stands beside)");
    assertThat(faults(source.formatted("long.txt"), columns))
        .containsExactly(
            "x.txt: Cannot join 'long.txt': it has 4 rows (expected 3 as in the file it stands beside)");
    assertThat(faults(source.formatted("none.txt"), columns))
        .containsExactly("x.txt: Cannot find file 'none.txt'");
  }

  @Test
  void joinsHeadersThatStandSideBySide() {
    DataFiles.text(folder.resolve("x.csv"), "x", "1");
    DataFiles.text(folder.resolve("y.csv"), "other,y", "9,1");
    Table table =
        read(
            "{format: delimited, files: [{path: x.csv, beside: [{path: y.csv}]}]}",
            "x: {}, " + LABEL);
    assertThat(table.columns().keySet()).containsExactly("x", "y");
    assertThat(texts(table, "y")).containsExactly("bad");
  }

  @Test
  void pinsFilesThatStandBeside() {
    DataFiles.text(folder.resolve("x.csv"), "x", "1");
    DataFiles.text(folder.resolve("y.csv"), "y", "1");
    String digest = "0123456789abcdef".repeat(4);
    Problems problems = new Problems();
    List<ResolvedFile> files =
        DatasetFiles.resolve(
            descriptor(
                "{format: delimited, files: [{path: x.csv, beside: [{path: y.csv, sha256: %s}]}]}"
                    .formatted(digest),
                "x: {}, " + LABEL),
            folder,
            Digests.uncached(),
            problems);
    assertThat(files.stream().map(ResolvedFile::name)).containsExactly("x.csv", "y.csv");
    assertThat(problems.list())
        .containsExactly(
            new Problem(
                "y.csv",
                "Cannot use file: its SHA-256 is %s (expected %s)"
                    .formatted(Digests.ofText("y\n1\n"), digest)));
  }

  @Test
  void readsFilesThatAreWrittenColumnByColumn() {
    DataFiles.text(folder.resolve("t.csv"), "x,1,2,3", "z,4,,6");
    Table table =
        read("{format: delimited, files: [{path: t.csv, transposed: true}]}", "x: {}, z: {}");
    assertThat(numbers(table, "x")).containsExactly(1, 2, 3);
    assertThat(numbers(table, "z")).containsExactly(4, Double.NaN, 6);
    DataFiles.text(folder.resolve("t.csv"), "x,1,2", "z,4");
    assertThat(
            faults("{format: delimited, files: [{path: t.csv, transposed: true}]}", "x: {}, z: {}"))
        .containsExactly(
            "t.csv: Cannot transpose file: 2 fields in record 2 (expected 3 as in the first)");
  }

  @Test
  void takesSomeRowsOfAFileAndCountsAll() {
    DataFiles.text(folder.resolve("t.csv"), "x", "10", "20", "wrong", "40");
    String columns = "x: {}, n: {role: time, rowNumber: true}, " + LABEL;
    Table table =
        read(
            "{format: delimited, files: [{path: t.csv, rows: [1, 2], values: {y: 0}}, {path: t.csv, rows: [4, 9], values: {y: 1}}]}",
            columns);
    assertThat(numbers(table, "x")).containsExactly(10, 20, 40);
    assertThat(numbers(table, "n")).containsExactly(1, 2, 4);
    assertThat(texts(table, "y")).containsExactly("good", "good", "bad");
    assertThat(table.columns().keySet()).containsExactly("x", "n", "y");
    assertThat(table.origins().text(2)).isEqualTo("t.csv:5");
    assertThat(
            faults(
                "{format: delimited, files: [{path: t.csv, rows: [5, 9], values: {y: 0}}]}",
                columns))
        .containsExactly("t.csv: Cannot use file: it has 4 rows (expected rows 5 to 9)");
  }

  @Test
  void countsOnWhereAFeedReadsAFileInPieces() {
    int rows = (4 << 20) + 3;
    DataFiles.text(
        folder.resolve("t.csv"),
        IntStream.rangeClosed(0, rows)
            .mapToObj(row -> row == 0 ? "x" : "1")
            .toArray(String[]::new));
    List<Table> pieces = new ArrayList<>();
    Problems problems = new Problems();
    TableReader.admit(
        descriptor("{format: delimited, files: [{path: t.csv}]}", "x: {}, n: {rowNumber: true}"),
        folder,
        Limits.DEFAULT,
        new Pieces() {
          @Override
          public void inOrder(Piece piece) {
            pieces.add(piece.table());
          }

          @Override
          public void take(Piece piece) {}
        },
        problems);
    assertThat(problems.list()).isEmpty();
    assertThat(pieces).hasSizeGreaterThan(1);
    assertThat(numbers(pieces.get(1), "n")[0]).isEqualTo(pieces.get(0).rows() + 1);
    assertThat(numbers(pieces.get(pieces.size() - 1), "n")).endsWith(rows - 1, rows);
  }

  @Test
  void leavesOutWhatIsExcepted() {
    DataFiles.text(folder.resolve("a.csv"), "x", "1");
    DataFiles.text(folder.resolve("a_test.csv"), "x", "2");
    DataFiles.zip(folder.resolve("z.zip"), false, "d/b.csv", "x\n3\n", "d/readme.csv", "none");
    Table table =
        read(
            "{format: delimited, files: [{path: '*.csv', except: ['*_test.csv']}, {path: z.zip, except: ['**/readme.*']}]}",
            "x: {}");
    assertThat(numbers(table, "x")).containsExactly(1, 3);
  }

  @Test
  void readsAnArrayOfSeveralColumns() {
    DataFiles.zip(
        folder.resolve("m.npz"),
        false,
        "arr_0.npy",
        DataFiles.npy("|u1", "(2, 1, 3)", new byte[] {0, 1, 2, 2, 1, 0}),
        "arr_1.npy",
        DataFiles.npy("<i8", "(2, 2)", DataFiles.longs(0, 1, 1, 1)));
    String source = "{format: numpy, files: [{path: m.npz}], columns: {arr_0: [map], arr_1: [%s]}}";
    String columns =
        "map: {type: tensor, shape: [1, 3]}, " + LABEL + ", w: {}, " + "n: {rowNumber: true}";
    Table table = read(source.formatted("y, w"), columns);
    assertThat(texts(table, "y")).containsExactly("good", "bad");
    assertThat(numbers(table, "w")).containsExactly(1, 1);
    assertThat(numbers(table, "n")).containsExactly(1, 2);
    float[] row = new float[3];
    ((TensorColumn) table.column("map").orElseThrow()).read(1, row);
    assertThat(row).containsExactly(2, 1, 0);

    assertThat(faults(source.formatted("y, w, n"), columns))
        .containsExactly("m.npz: Cannot use column 'arr_1': rows of shape [2] (expected [3])");
    assertThat(faults(source.formatted("y"), columns))
        .containsExactly("m.npz: Cannot find column 'w' (expected it among map, y)");
  }

  @Test
  void takesAnArrayOfSeveralColumnsFromAFileOfItsOwn() {
    DataFiles.bytes(
        folder.resolve("l.npy"), DataFiles.npy("<f4", "(2, 2)", DataFiles.floats(1, 2, 3, 4)));
    Table table =
        read(
            "{format: numpy, files: [{path: l.npy, values: {column: both}}], columns: {both: [a, b]}}",
            "a: {}, b: {}");
    assertThat(numbers(table, "a")).containsExactly(1, 3);
    assertThat(numbers(table, "b")).containsExactly(2, 4);
  }
}
