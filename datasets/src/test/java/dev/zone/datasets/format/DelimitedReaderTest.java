package dev.zone.datasets.format;

import static dev.zone.datasets.DatasetBuilder.MISSING;
import static dev.zone.datasets.DatasetBuilder.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.ColumnSpec.Role;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.DatasetBuilder;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DelimitedReaderTest {
  @TempDir Path folder;

  private Table read(DatasetSpec dataset) {
    Problems problems = new Problems();
    Optional<Table> table = TableReader.read(dataset, folder, Limits.DEFAULT, problems);
    assertThat(problems.list()).isEmpty();
    return table.orElseThrow();
  }

  private List<String> faults(DatasetSpec dataset) {
    return faults(dataset, Limits.DEFAULT);
  }

  private List<String> faults(DatasetSpec dataset, Limits limits) {
    Problems problems = new Problems();
    assertThat(TableReader.read(dataset, folder, limits, problems)).isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }

  private static double number(Table table, String column, int row) {
    return ((NumberColumn) table.column(column).orElseThrow()).value(row);
  }

  private static String text(Table table, String column, int row) {
    CodedColumn coded = (CodedColumn) table.column(column).orElseThrow();
    return coded.code(row) < 0 ? "missing" : coded.values().get(coded.code(row));
  }

  private static DatasetBuilder simple() {
    return new DatasetBuilder().number("a").number("b").label("y", "0", "good", "1", "bad");
  }

  @Test
  void readsNumbersClassesAndMissingValues() {
    DataFiles.text(
        folder.resolve("data.csv"),
        "b,a,extra,y",
        "1.5,-2e3,x,0",
        ",0.1,\"q\"\"x\",1",
        "NaN, 7 ,x,1.0");
    Table table = read(simple().build());
    assertThat(table.rows()).isEqualTo(3);
    assertThat(table.columns().keySet()).containsExactly("a", "b", "y");
    assertThat(number(table, "a", 0)).isEqualTo(-2000);
    assertThat(number(table, "a", 1)).isEqualTo(0.1);
    assertThat(number(table, "a", 2)).isEqualTo(7);
    assertThat(number(table, "b", 0)).isEqualTo(1.5);
    assertThat(number(table, "b", 1)).isNaN();
    assertThat(number(table, "b", 2)).isNaN();
    assertThat(text(table, "y", 0)).isEqualTo("good");
    assertThat(text(table, "y", 2)).isEqualTo("bad");
    assertThat(table.origins().text(2)).isEqualTo("data.csv:4");
  }

  @Test
  void readsByteOrderMarkAndCarriageReturns() {
    DataFiles.bytes(
        folder.resolve("data.csv"),
        "\uFEFFa,b,y\r\n1,2,0\r\n\r\n3,4,1\r\n".getBytes(StandardCharsets.UTF_8));
    Table table = read(simple().build());
    assertThat(number(table, "a", 1)).isEqualTo(3);
    assertThat(table.origins().text(1)).isEqualTo("data.csv:4");
  }

  @Test
  void readsRunsOfBlanksWithoutHeader() {
    DataFiles.text(folder.resolve("data.csv"), "1 2   0  ", "\t3\t4 1");
    Table table =
        read(
            simple()
                .source(
                    new SourceSpec.Delimited(
                        List.of(file("data.csv")), "whitespace", false, "UTF-8", MISSING))
                .build());
    assertThat(table.rows()).isEqualTo(2);
    assertThat(number(table, "b", 1)).isEqualTo(4);
    assertThat(text(table, "y", 1)).isEqualTo("bad");
  }

  @Test
  void readsOtherEncodings() {
    DataFiles.bytes(
        folder.resolve("data.csv"), "größe;y\n1;0\n".getBytes(StandardCharsets.ISO_8859_1));
    SourceSpec source =
        new SourceSpec.Delimited(List.of(file("data.csv")), ";", true, "ISO-8859-1", MISSING);
    Table table =
        read(
            new DatasetBuilder()
                .source(source)
                .number("größe")
                .label("y", "0", "a", "1", "b")
                .build());
    assertThat(number(table, "größe", 0)).isEqualTo(1);
  }

  @Test
  void refusesBytesThatAreNotInTheEncoding() {
    DataFiles.bytes(
        folder.resolve("data.csv"), "a,b,y\n1,2,\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(faults(simple().build()))
        .containsExactly("data.csv: Cannot read text: bytes that are not in the encoding UTF-8");
  }

  @Test
  void readsFilesByPatternWithSplitsAndConstants() {
    DataFiles.text(folder.resolve("in/x1.csv"), "a,b", "1,2");
    DataFiles.text(folder.resolve("in/x2.csv"), "a,b", "3,4");
    DataFiles.text(folder.resolve("test.csv"), "a,b", "5,6");
    FileSpec train =
        new FileSpec(
            "in/*.csv",
            Optional.of(Split.TRAIN),
            Optional.empty(),
            Optional.of("x(?<unit>\\d)"),
            Optional.empty(),
            Map.of("y", "0"),
            Optional.empty());
    FileSpec test =
        new FileSpec(
            "test.csv",
            Optional.of(Split.TEST),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of("y", "1", "unit", "9"),
            Optional.empty());
    Table table =
        read(
            simple()
                .column("unit", ColumnSpec.Type.NUMBER, Role.GROUP)
                .source(DatasetBuilder.delimited(train, test))
                .build());
    assertThat(table.rows()).isEqualTo(3);
    assertThat(number(table, "unit", 1)).isEqualTo(2);
    assertThat(text(table, "y", 2)).isEqualTo("bad");
    assertThat(table.origins().givenSplit(1)).contains(Split.TRAIN);
    assertThat(table.origins().givenSplit(2)).contains(Split.TEST);
  }

  @Test
  void readsEntriesOfZipsButNoResourceForks() {
    DataFiles.zip(
        folder.resolve("data.zip"),
        false,
        "one.csv",
        "a,b,y\n1,2,0\n",
        "__MACOSX/._one.csv",
        "\0\0junk");
    Table table = read(simple().source(DatasetBuilder.delimited(file("data.zip"))).build());
    assertThat(table.rows()).isEqualTo(1);
    assertThat(table.origins().text(0)).isEqualTo("data.zip!/one.csv:2");
  }

  @Test
  void takesColumnsByWildcard() {
    DataFiles.text(folder.resolve("data.csv"), "V2,V10,W,y", "1,2,3,0");
    Table table =
        read(
            new DatasetBuilder()
                .number("V*")
                .column("W", ColumnSpec.Type.NUMBER, Role.IGNORED)
                .label("y", "0", "a", "1", "b")
                .build());
    assertThat(table.columns().keySet()).containsExactly("V2", "V10", "y");
  }

  @Test
  void readsTimestamps() {
    DataFiles.text(folder.resolve("data.csv"), "t,u", "19/07/2008 11:55:00,2008-07-19T11:55:00Z");
    Table table =
        read(
            new DatasetBuilder()
                .column("t", DatasetBuilder.timestamp("dd/MM/yyyy HH:mm:ss"))
                .column("u", DatasetBuilder.timestamp(null))
                .build());
    assertThat(number(table, "t", 0)).isEqualTo(1216468500);
    assertThat(number(table, "u", 0)).isEqualTo(1216468500);
  }

  @Test
  void refusesATimestampThatIsNone() {
    DataFiles.text(folder.resolve("data.csv"), "t", "2008-07-19");
    assertThat(
            faults(
                new DatasetBuilder()
                    .column("t", DatasetBuilder.timestamp("dd/MM/yyyy HH:mm:ss"))
                    .build()))
        .containsExactly(
            "data.csv:2: Cannot read column 't': '2008-07-19' (expected a timestamp written dd/MM/yyyy HH:mm:ss)");
  }

  @Test
  void saysWhichFileIsMissingWhereAndWhichWasMeant() throws IOException {
    DataFiles.text(folder.resolve("data_train.csv"), "a,b,y", "1,2,0");
    assertThat(faults(simple().source(DatasetBuilder.delimited(file("data_trian.csv"))).build()))
        .containsExactly(
            "data_trian.csv: Cannot find file 'data_trian.csv' in the data folder "
                + folder.toRealPath()
                + ", did you mean 'data_train.csv'?");
  }

  @Test
  void saysThatAFileMayNotBeReadAsAFaultOfTheEnvironment() {
    assertThatThrownBy(
            () ->
                Faults.gather(
                    "data.csv",
                    new Problems(),
                    () -> {
                      throw new AccessDeniedException("/data/data.csv");
                    }))
        .isInstanceOf(ZoneException.class)
        .hasMessage("Cannot read data.csv: no permission to read /data/data.csv")
        .extracting("kind")
        .isEqualTo(ErrorKind.ENVIRONMENT);
  }

  @Test
  void saysThatNoFileMatches() {
    assertThat(faults(simple().source(DatasetBuilder.delimited(file("in/*.csv"))).build()))
        .containsExactly("in/*.csv: Cannot find file: in/*.csv");
    DataFiles.text(folder.resolve("in/x.txt"), "");
    assertThat(faults(simple().source(DatasetBuilder.delimited(file("in/*.csv"))).build()))
        .containsExactly("in/*.csv: Cannot find any file: 'in/*.csv'");
  }

  @Test
  void saysWhichColumnIsMissingAndWhichWasMeant() {
    DataFiles.text(folder.resolve("data.csv"), "a,B_1,y", "1,2,0");
    assertThat(faults(new DatasetBuilder().number("a").number("B_2").number("Z*").build()))
        .containsExactly(
            "data.csv: Cannot find column 'B_2', did you mean 'B_1'? (expected it among a, B_1, y)",
            "data.csv: Cannot find columns 'Z*' (expected one or more among a, B_1, y)");
  }

  @Test
  void refusesALabelOutsideTheClasses() {
    DataFiles.text(folder.resolve("data.csv"), "a,b,y", "1,2,0", "1,2,2");
    assertThat(faults(simple().build()))
        .containsExactly(
            "data.csv:3: Cannot use column 'y': '2' is none of the classes (expected 0, 1)");
  }

  @Test
  void refusesAMissingLabel() {
    DataFiles.text(folder.resolve("data.csv"), "a,b,y", "1,2,NaN");
    assertThat(faults(simple().build()))
        .containsExactly("data.csv:2: Cannot use label 'y': it is missing");
  }

  @Test
  void refusesAnEmptyFile() {
    DataFiles.bytes(folder.resolve("data.csv"), new byte[0]);
    assertThat(faults(simple().build()))
        .containsExactly("data.csv: Cannot use file: it is empty (expected a header and rows)");
    DataFiles.text(folder.resolve("data.csv"), "a,b,y");
    assertThat(faults(simple().build()))
        .containsExactly("data.csv: Cannot use file: it is empty (expected rows)");
  }

  @Test
  void refusesARaggedRow() {
    DataFiles.text(folder.resolve("data.csv"), "a,b,y", "1,2,0", "1,2", "1,2,0,9");
    assertThat(faults(simple().build()))
        .containsExactly(
            "data.csv:3: Cannot read row: 2 fields (expected 3)",
            "data.csv:4: Cannot read row: 4 fields (expected 3)");
  }

  @Test
  void refusesTextInANumberColumn() {
    DataFiles.text(folder.resolve("data.csv"), "a,b,y", "1,12f,0", "0x1p3,Infinity,0");
    assertThat(faults(simple().build()))
        .containsExactly(
            "data.csv:2: Cannot read column 'b': '12f' (expected a number)",
            "data.csv:3: Cannot read column 'a': '0x1p3' (expected a number)",
            "data.csv:3: Cannot read column 'b': 'Infinity' (expected a number)");
  }

  @Test
  void refusesNumbersOutOfRangeAndMissingOnes() {
    DataFiles.text(folder.resolve("data.csv"), "a", "1", "-0.5", "11", "NA");
    assertThat(
            faults(new DatasetBuilder().column("a", DatasetBuilder.ranged(0, 10, false)).build()))
        .containsExactly(
            "data.csv:3: Cannot use column 'a': -0.5 (expected 0 to 10)",
            "data.csv:4: Cannot use column 'a': 11 (expected 0 to 10)",
            "data.csv:5: Cannot leave column 'a' empty (expected a value)");
  }

  @Test
  void countsFaultsOfOneKindAfterTheThird() {
    DataFiles.text(
        folder.resolve("data.csv"), "a,b,y", "x,1,0", "x,1,0", "x,1,0", "x,1,0", "x,1,7");
    assertThat(faults(simple().build()))
        .containsExactly(
            "data.csv:2: Cannot read column 'a': 'x' (expected a number)",
            "data.csv:3: Cannot read column 'a': 'x' (expected a number)",
            "data.csv:4: Cannot read column 'a': 'x' (expected a number)",
            "data.csv:6: Cannot use column 'y': '7' is none of the classes (expected 0, 1)",
            "data.csv: Cannot use 2 more rows: not a number in column 'a'");
  }

  @Test
  void refusesAColumnThatIsThereTwice() {
    DataFiles.text(folder.resolve("data.csv"), "a,b,a,y", "1,2,3,0");
    assertThat(faults(simple().build()))
        .containsExactly("data.csv: Cannot use header: column 'a' is there twice (expected once)");
  }

  @Test
  void refusesAQuoteWithoutEndAndAHugeField() {
    DataFiles.text(folder.resolve("data.csv"), "a,b,y", "1,\"2,0");
    assertThat(faults(simple().build())).hasSize(1).first().asString().contains("Cannot read text");
    Limits small = new Limits(1 << 20, 1 << 20, 10, 100, 1 << 20, 1000, 5, 100, 1 << 20);
    DataFiles.text(folder.resolve("data.csv"), "a,b,y", "1,2,\"" + "0".repeat(5000) + "\"");
    assertThat(faults(simple().build(), small))
        .hasSize(1)
        .first()
        .asString()
        .contains("a field of more than 1000 characters");
    DataFiles.text(folder.resolve("data.csv"), "a,b,y", "1,2,0,0,0,0,0,0");
    assertThat(faults(simple().build(), small))
        .containsExactly(
            "data.csv: Cannot read text: more than 5 fields in a line (expected at most that)");
  }

  @Test
  void refusesPathsThatLeaveTheFolder() throws Exception {
    DataFiles.text(folder.resolve("outside.csv"), "a,b,y", "1,2,0");
    Path inside = java.nio.file.Files.createDirectory(folder.resolve("inside"));
    java.nio.file.Files.createSymbolicLink(
        inside.resolve("link.csv"), folder.resolve("outside.csv"));
    for (String path : List.of("../outside.csv", "link.csv", "/etc/passwd", "*.csv")) {
      Problems problems = new Problems();
      assertThat(
              TableReader.read(
                  simple().source(DatasetBuilder.delimited(file(path))).build(),
                  inside,
                  Limits.DEFAULT,
                  problems))
          .isEmpty();
      assertThat(problems.list().toString())
          .contains("it leads out of the data folder (expected a path inside)");
    }
  }

  @Test
  void saysThatTheFolderIsMissing() {
    Problems problems = new Problems();
    Path none = folder.resolve("none");
    assertThat(TableReader.read(simple().build(), none, Limits.DEFAULT, problems)).isEmpty();
    assertThat(problems.list())
        .containsExactly(
            new Problem("", "Cannot find the data of chip/test: " + none + " (expected a folder)"));
  }
}
