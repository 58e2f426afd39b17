package dev.zone.datasets.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.SplitSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Origins;
import dev.zone.datasets.RowSplits;
import dev.zone.datasets.Table;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class SplitterTest {
  private static Table table(int rows, Map<String, Column> columns, Split... given) {
    Origins.Builder origins = new Origins.Builder();
    int sources = Math.max(1, given.length);
    for (int i = 0; i < sources; i++) {
      origins.begin(
          new Origins.Source(
              "f" + i,
              Origins.Kind.LINE,
              given.length == 0 ? Optional.empty() : Optional.of(given[i]),
              List.of()));
      for (int row = i * rows / sources; row < (i + 1) * rows / sources; row++) {
        origins.add(row);
      }
    }
    return new Table(columns, origins.build());
  }

  private static Column coded(int rows, IntUnaryOperator code, String... values) {
    int[] codes = new int[rows];
    Arrays.setAll(codes, code);
    return new CodedColumn(codes, List.of(values), false);
  }

  private static SplitSpec spec(
      double validation, double test, String group, String stratify, String time) {
    return new SplitSpec(
        List.of(),
        validation,
        test,
        Optional.ofNullable(group),
        Optional.ofNullable(stratify),
        Optional.ofNullable(time),
        7);
  }

  private static RowSplits split(Table table, SplitSpec spec) {
    Problems problems = new Problems();
    RowSplits splits =
        new Splitter(table, spec, problems).assign(new Portion.Declared(), Optional.empty(), 0);
    assertThat(problems.list()).isEmpty();
    return splits;
  }

  private static List<String> faults(Table table, SplitSpec spec) {
    Problems problems = new Problems();
    RowSplits unused =
        new Splitter(table, spec, problems).assign(new Portion.Declared(), Optional.empty(), 0);
    assertThat(unused.size()).isEqualTo(table.rows());
    return problems.list().stream().map(Problem::toString).toList();
  }

  @Test
  void drawsTheSameRowsEverywhereAndAlways() {
    // Pinned: whoever changes this changes every published split.
    RowSplits splits = split(table(20, Map.of()), spec(0.2, 0.2, null, null, null));
    assertThat(splits.rows(Split.TEST)).containsExactly(8, 9, 11, 12);
    assertThat(splits.rows(Split.VALIDATION)).containsExactly(5, 6, 10, 18);
  }

  @Test
  void seedChangesTheDraw() {
    Table table = table(1000, Map.of());
    SplitSpec one = spec(0, 0.5, null, null, null);
    SplitSpec other =
        new SplitSpec(List.of(), 0, 0.5, Optional.empty(), Optional.empty(), Optional.empty(), 8);
    assertThat(split(table, one).rows(Split.TEST))
        .isNotEqualTo(split(table, other).rows(Split.TEST))
        .isEqualTo(split(table, one).rows(Split.TEST));
  }

  @Test
  void keepsSharesOfClasses() {
    Column classes = coded(1000, row -> row % 10 == 0 ? 1 : 0, "good", "bad");
    RowSplits splits = split(table(1000, Map.of("y", classes)), spec(0.1, 0.2, null, "y", null));
    for (Split split : Split.values()) {
      int[] rows = splits.rows(split);
      assertThat(Arrays.stream(rows).filter(row -> row % 10 == 0).count() * 10)
          .isEqualTo(rows.length);
    }
    assertThat(splits.rows(Split.TEST)).hasSize(200);
    assertThat(splits.rows(Split.VALIDATION)).hasSize(100);
  }

  @Test
  void keepsGroupsTogetherWithSharesOfTheirClasses() {
    Map<String, Column> columns = new LinkedHashMap<>();
    columns.put("g", coded(1000, row -> row / 10, names(100)));
    columns.put("y", coded(1000, row -> row / 500, "a", "b"));
    RowSplits splits = split(table(1000, columns), spec(0, 0.2, "g", "y", null));
    int[] test = splits.rows(Split.TEST);
    Set<Integer> groups = new HashSet<>();
    Arrays.stream(test).forEach(row -> groups.add(row / 10));
    assertThat(groups).hasSize(20);
    assertThat(test).hasSize(200);
    assertThat(Arrays.stream(test).filter(row -> row < 500).count()).isEqualTo(100);
  }

  @Test
  void groupsAreDrawnByTheirValuesWhereverTheyStand() {
    Map<String, Column> columns = Map.of("g", coded(60, row -> row / 10, names(6)));
    Map<String, Column> turned = Map.of("g", coded(60, row -> 5 - row / 10, names(6)));
    SplitSpec spec = spec(0, 0.34, "g", null, null);
    int[] test = split(table(60, columns), spec).rows(Split.TEST);
    int[] turnedTest = split(table(60, turned), spec).rows(Split.TEST);
    assertThat(Arrays.stream(test).map(row -> row / 10).distinct().sorted().toArray())
        .isEqualTo(
            Arrays.stream(turnedTest).map(row -> 5 - row / 10).distinct().sorted().toArray());
  }

  private static String[] names(int count) {
    String[] names = new String[count];
    Arrays.setAll(names, i -> "g" + i);
    return names;
  }

  @Test
  void latestRowsAreTest() {
    Table table = table(10, Map.of("t", NumberColumn.of(10, row -> (row * 7) % 10)));
    RowSplits splits = split(table, spec(0.2, 0.3, null, null, "t"));
    assertThat(Arrays.stream(splits.rows(Split.TEST)).map(row -> row * 7 % 10).sorted())
        .containsExactly(7, 8, 9);
    assertThat(Arrays.stream(splits.rows(Split.VALIDATION)).map(row -> row * 7 % 10).sorted())
        .containsExactly(5, 6);
  }

  @Test
  void latestRowsOfEachClassAreTest() {
    // One series of 10 rows and one of 30, each with its own count.
    Map<String, Column> columns = new LinkedHashMap<>();
    columns.put("t", NumberColumn.of(40, row -> row < 10 ? row : row - 10));
    columns.put("y", coded(40, row -> row < 10 ? 0 : 1, "a", "b"));
    RowSplits splits = split(table(40, columns), spec(0.1, 0.2, null, "y", "t"));
    assertThat(splits.rows(Split.TEST)).containsExactly(8, 9, 34, 35, 36, 37, 38, 39);
    assertThat(splits.rows(Split.VALIDATION)).containsExactly(7, 31, 32, 33);
  }

  @Test
  void filesThatNameASplitStayThere() {
    Table table = table(100, Map.of(), Split.TRAIN, Split.TEST);
    SplitSpec given =
        new SplitSpec(
            List.of(Split.TRAIN, Split.TEST),
            0.2,
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            1);
    RowSplits splits = split(table, given);
    assertThat(splits.rows(Split.TEST)).hasSize(50).startsWith(50);
    assertThat(splits.rows(Split.VALIDATION))
        .hasSize(10)
        .matches(rows -> Arrays.stream(rows).allMatch(row -> row < 50));
  }

  @Test
  void foldsLeaveOutAGivenTest() {
    Table table = table(100, Map.of(), Split.TRAIN, Split.TEST);
    SplitSpec given =
        new SplitSpec(
            List.of(Split.TEST), 0, 0, Optional.empty(), Optional.empty(), Optional.empty(), 1);
    Problems problems = new Problems();
    RowSplits splits =
        new Splitter(table, given, problems).assign(new Portion.Fold(1, 5), Optional.empty(), 0.1);
    assertThat(splits.rows(Split.TEST))
        .hasSize(10)
        .matches(rows -> Arrays.stream(rows).allMatch(row -> row < 50));
    assertThat(splits.rows(Split.TRAIN)).hasSize(36);
    assertThat(splits.rows(Split.VALIDATION)).hasSize(4);
  }

  @Test
  void saysWhatIsWrong() {
    Column missing = NumberColumn.of(10, row -> row == 3 ? Double.NaN : row);
    Table table = table(10, Map.of("t", missing));
    assertThat(faults(table, spec(0.5, 0.6, null, null, null)))
        .containsExactly(
            "split: Cannot cut validation 0.5 and test 0.6 (expected less than 1 together)");
    assertThat(faults(table, spec(0, 0.2, "tt", null, null)))
        .containsExactly("split.group: Cannot find column 'tt' in the dataset, did you mean 't'?");
    assertThat(faults(table, spec(0, 0.2, "t", null, null)))
        .containsExactly("f0:3: Cannot split by group: column 't' is missing");
    assertThat(faults(table, spec(0, 0.2, null, null, "t")))
        .containsExactly("f0:3: Cannot split by time: column 't' is missing");
    SplitSpec given =
        new SplitSpec(
            List.of(Split.VALIDATION),
            0.1,
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            1);
    assertThat(faults(table, given))
        .containsExactly(
            "split.validation: Cannot cut validation 0.1: files give it (expected one of both)",
            "split.given: Cannot find the split validation in any file (expected split: validation at one of the files)");
  }
}
