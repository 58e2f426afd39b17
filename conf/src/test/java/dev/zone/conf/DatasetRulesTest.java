package dev.zone.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.Setting;
import dev.zone.conf.yaml.YamlBinder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatasetRulesTest {
  private static final String DATASET =
      """
      name: chip/x
      title: t
      source: {format: delimited, files: [{path: a.csv, split: train}]}
      columns:
        lot: {type: category, role: group}
        at: {type: number, role: time}
        a: {type: number}
        image: {type: tensor, shape: [8, 6]}
        verdict: {type: category, role: label, classes: {0: good, 1: bad}}
      split: {given: [train], validation: 0.2}
      licence: none stated
      citation: c
      """;

  @Test
  void findsNothingWrongWithARightDescriptor() {
    assertThat(problems()).isEmpty();
  }

  @Test
  void refusesColumnsThatContradictThemselves() {
    assertProblems(
        List.of("columns.image={type: tensor}", "columns.a={shape: [3]}"),
        "--set columns.a: Cannot use columns.a.shape: [3] (expected none, because it is not a tensor)",
        "--set columns.image: Cannot use columns.image.shape: nothing (expected a shape, because it is a tensor)");
    assertProblems(
        List.of("columns.a={range: [2, 1]}"),
        "--set columns.a: Cannot use columns.a.range: [2.0, 1.0] (expected the smaller number first)");
    assertProblems(
        List.of("columns.verdict.classes={0: good}"),
        "--set columns.verdict.classes: Cannot use columns.verdict.classes: [good] (expected at least 2 classes, because it is a label)");
    assertProblems(
        List.of("columns.verdict.classes={0: good, 1: good}"),
        "--set columns.verdict.classes: Cannot use columns.verdict.classes: good, good (expected a different name for each class)");
    assertProblems(
        List.of("columns.verdict={type: text, role: label}"),
        "--set columns.verdict: Cannot use columns.verdict.type: text (expected category or number for a label)");
    assertProblems(
        List.of("columns.a={classes: {0: x, 1: y}}"),
        "--set columns.a: Cannot use columns.a.classes: 2 classes (expected none, because its type is number)");
    assertProblems(
        List.of("columns.at={type: timestamp, role: time}", "columns.a={pattern: yyyy}"),
        "--set columns.at: Cannot use columns.at.pattern: nothing (expected how the timestamps are written, such as dd/MM/yyyy HH:mm:ss)",
        "--set columns.a: Cannot use columns.a.pattern: yyyy (expected none, because it is not a timestamp)");
    assertProblems(
        List.of("columns.at={type: timestamp, role: time, pattern: bogus}"),
        "--set columns.at: Cannot use columns.at.pattern: bogus (expected a pattern of java.time, such as yyyy-MM-dd HH:mm)");
    assertProblems(
        List.of(
            "columns.left={type: category, remainingLife: {group: lots, time: verdict, atEnd: {test: ../x}}}"),
        "--set columns.left: Cannot use columns.left.type: category (expected number: it is computed)",
        "--set columns.left: Cannot use columns.left.remainingLife.group: lots (expected one of the dataset's columns lot, at, a, image, verdict, left), did you mean 'lot'?",
        "--set columns.left: Cannot use columns.left.remainingLife.time: verdict (expected a column of numbers)",
        "--set columns.left: Cannot use columns.left.remainingLife.atEnd.test: ../x (expected a path below the data folder, without '..')");
  }

  @Test
  void refusesAddressesThatNoFileIsFetchedFrom() {
    assertProblems(
        List.of("source.files=[{path: a.csv, split: train, url: 'https://x.org/b?c=a%20b'}]"));
    for (String url :
        List.of(
            "ftp://x.org/a.csv",
            "file:///etc/passwd",
            "a.csv",
            "https:///a.csv",
            "https://x.org/a b.csv",
            "https://me:secret@x.org/a.csv",
            "https://x.org/a.csv#b",
            "https://x.org/" + "a".repeat(2000))) {
      assertProblems(
          List.of("source.files=[{path: a.csv, split: train, url: '%s'}]".formatted(url)),
          "--set source.files: Cannot use source.files.0.url: %s (expected an address of http or https, without a user, a password or a '#')"
              .formatted(url));
    }
    assertProblems(
        List.of(
            "source.files=[{path: a.csv, split: train, beside: [{path: b.csv, url: 'file:///b'}]}]"),
        "--set source.files: Cannot use source.files.0.beside.0.url: file:///b (expected an address of http or https, without a user, a password or a '#')");
    assertProblems(
        List.of("source.files=[{path: '*.csv', split: train, url: 'https://x.org/a.csv'}]"),
        "--set source.files: Cannot use source.files.0.path: *.csv (expected the name of one file, because it has a url)");
  }

  @Test
  void refusesDescriptorsThatNothingCanBeLearnedFrom() {
    assertProblems(
        List.of("name=chip/x@2", "columns={y: {role: label}}"),
        "--set name: Cannot use name: chip/x@2 (expected a name without a version)",
        "--set columns: Cannot use columns: no input (expected at least one column whose role is input)");
  }

  @Test
  void refusesSplitsOfColumnsThatAreNotThere() {
    assertProblems(
        List.of("split={group: lotts, given: [test]}"),
        "--set split: Cannot use split.group: lotts (expected one of the dataset's columns lot, at, a, image, verdict), did you mean 'lot'?",
        "--set split: Cannot use split.given: test (expected a split that one of the dataset's files names)");
  }

  @Test
  void refusesSourcesThatCannotBeRead() {
    assertProblems(
        List.of("source.files=[{path: /a.csv, split: train, entries: ../b}, {path: 'c:\\d'}]"),
        "--set source.files: Cannot use source.files.0.path: /a.csv (expected a path below the data folder, without '..')",
        "--set source.files: Cannot use source.files.0.entries: ../b (expected a path below the data folder, without '..')",
        "--set source.files: Cannot use source.files.1.path: c:\\d (expected a path below the data folder, without '..')");
    assertProblems(
        List.of("source.encoding=utf9", "source.header=false", "columns.b*={}"),
        "--set source.encoding: Cannot use source.encoding: utf9 (expected a character set such as UTF-8)",
        "--set source.header: Cannot use source.header: false (expected true, because columns are patterns; or each column's name)");
    assertProblems(
        List.of(
            "source={format: numpy, files: [{path: a.npy, split: train}, {path: b.npy, values: {column: b}}]}"),
        "--set source: Cannot use source.files.1.values.column: b (expected one of the dataset's columns lot, at, a, image, verdict)",
        "--set source: Cannot use source.files.0.values: no column (expected {column: …}, which an npy file needs)");
    assertProblems(
        List.of("source={format: matlab, files: [{path: a.mat, split: train}], variables: {b: x}}"),
        "--set source: Cannot use source.variables.b: b (expected one of the dataset's columns lot, at, a, image, verdict)");
    assertProblems(
        List.of(
            "source={format: images, column: a, files: [{path: a.zip, split: train, name: '(?<verdikt>x)/(y)', index: {entry: i.csv, file: f, columns: {c: x}}}, {path: b.zip, name: '('}, {path: c.zip, name: x}]}"),
        "--set source: Cannot use source.files.0.name: verdikt (expected one of the dataset's columns lot, at, a, image, verdict), did you mean 'verdict'?",
        "--set source: Cannot use source.files.0.index.columns.c: x (expected one of the dataset's columns lot, at, a, image, verdict)",
        "--set source: Cannot use source.files.1.name: ( (expected a regular expression; Unclosed group)",
        "--set source: Cannot use source.files.2.name: x (expected named groups (?<column>…), which become columns)",
        "--set source: Cannot use source.column: a (expected a tensor column of shape [height, width] or [height, width, channels])");
  }

  @Test
  void refusesLayoutsThatFilesCannotHave() {
    assertProblems(
        List.of(
            "source.files=[{path: '*.csv', split: train, rows: [3, 2], except: [../b], beside: [{path: /c}]}]"),
        "--set source.files: Cannot use source.files.0.except: ../b (expected a path below the data folder, without '..')",
        "--set source.files: Cannot use source.files.0.rows: [3, 2] (expected the smaller number first)",
        "--set source.files: Cannot use source.files.0.beside: 1 files (expected none, because the path is not one file of delimited text)",
        "--set source.files: Cannot use source.files.0.beside.0.path: /c (expected a path below the data folder, without '..')");
    assertProblems(
        List.of(
            "source={format: parquet, files: [{path: a.parquet, split: train, rows: [1, 2], transposed: true}]}"),
        "--set source: Cannot use source.files.0.rows: [1, 2] (expected none, because it is not delimited text)",
        "--set source: Cannot use source.files.0.transposed: true (expected false, because it is not delimited text)");
    assertProblems(
        List.of(
            "source={format: numpy, columns: {x: [a, a], y: [image, at], z: [b]}, files: [{path: a.npy, split: train, values: {column: y}}]}"),
        "--set source: Cannot use source.columns.x: [a, a] (expected one name or more, each once)",
        "--set source: Cannot use source.columns.y: image (expected numbers or classes where there are several)",
        "--set source: Cannot use source.columns.z: b (expected one of the dataset's columns lot, at, a, image, verdict)");
    assertProblems(
        List.of("columns.at={type: text, role: time, rowNumber: true}"),
        "--set columns.at: Cannot use columns.at.rowNumber: true (expected a column of type number that nothing else computes)");
  }

  private static void assertProblems(List<String> settings, String... expected) {
    assertThat(problems(settings.toArray(String[]::new))).containsExactly(expected);
  }

  private static List<String> problems(String... settings) {
    Problems problems = new Problems();
    List<Setting> set =
        Arrays.stream(settings).map(s -> Setting.parse(s, problems).orElseThrow()).toList();
    Optional<Bound<DatasetSpec>> bound =
        YamlBinder.parse(DATASET, "x.yaml", DatasetSpec.class, set, problems);
    assertThat(problems.list()).isEmpty();
    DatasetRules.check(bound.orElseThrow().value(), bound.orElseThrow().locations(), problems);
    return problems.list().stream().map(Problem::toString).toList();
  }
}
