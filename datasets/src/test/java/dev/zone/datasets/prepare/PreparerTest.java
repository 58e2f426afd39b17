package dev.zone.datasets.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.ColumnSpec.Role;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.JobSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.SplitSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.DatasetBuilder;
import dev.zone.datasets.ExampleSet;
import dev.zone.datasets.JobBuilder;
import dev.zone.datasets.PreparedManifest;
import dev.zone.datasets.PreparedManifest.Finding;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparerTest {
  private static final JobSpec PLAIN =
      JobBuilder.job("task: {type: binary, label: y}", "inputs: [{columns: [a, b]}]");

  @TempDir Path temporary;
  private Path data;
  private Path cache;

  @BeforeEach
  void folders() throws IOException {
    data = Files.createDirectory(temporary.resolve("data"));
    cache = temporary.resolve("cache");
  }

  private PreparationRequest request(JobSpec job, DatasetSpec dataset) {
    return new PreparationRequest(
        job, dataset, Optional.of(data), cache, new Portion.Declared(), Optional.empty());
  }

  private PreparedData prepare(JobSpec job, DatasetSpec dataset) {
    return prepare(request(job, dataset));
  }

  private static PreparedData prepare(PreparationRequest request) {
    Problems problems = new Problems();
    Optional<PreparedData> prepared = new Preparer().prepare(request, problems);
    assertThat(problems.list()).isEmpty();
    return prepared.orElseThrow();
  }

  private List<String> faults(JobSpec job, DatasetSpec dataset) {
    Problems problems = new Problems();
    assertThat(new Preparer().prepare(request(job, dataset), problems)).isEmpty();
    if (Files.exists(cache)) {
      try (Stream<Path> left = Files.list(cache)) {
        assertThat(left.map(path -> path.getFileName().toString()))
            .as("nothing half done is left")
            .noneMatch(name -> name.startsWith("."));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    return problems.list().stream().map(Problem::toString).toList();
  }

  static float[] input(ExampleSet examples, int example, int elements) {
    FloatBuffer buffer = FloatBuffer.allocate(elements);
    examples.copyInput(example, 0, buffer);
    assertThat(buffer.position()).isEqualTo(elements);
    return buffer.array();
  }

  static float target(ExampleSet examples, int example) {
    FloatBuffer buffer = FloatBuffer.allocate(1);
    examples.copyTarget(example, buffer);
    return buffer.get(0);
  }

  private static DatasetBuilder simple() {
    return new DatasetBuilder()
        .number("a")
        .number("b")
        .label("y", "0", "good", "1", "bad")
        .split(DatasetBuilder.share(0.2, 0.2, "y"));
  }

  /** a: 0, 1, 2 …; b: its square; every fourth is bad. */
  private void rows(int count) {
    List<String> lines = new ArrayList<>(List.of("a,b,y"));
    IntStream.range(0, count)
        .forEach(i -> lines.add(i + "," + (i * i) + "," + (i % 4 == 0 ? 1 : 0)));
    DataFiles.text(data.resolve("data.csv"), lines.toArray(String[]::new));
  }

  @Test
  void preparesRowsByStratifiedShares() {
    rows(100);
    PreparedData prepared = prepare(PLAIN, simple().build());
    PreparedManifest manifest = prepared.manifest();
    assertThat(manifest.counts())
        .isEqualTo(Map.of(Split.TRAIN, 60, Split.VALIDATION, 20, Split.TEST, 20));
    assertThat(manifest.classCounts().get(Split.TEST)).containsExactly(15L, 5L);
    assertThat(manifest.classes()).containsExactly("good", "bad");
    assertThat(manifest.inputs())
        .containsExactly(new PreparedManifest.Input("features", List.of(2), List.of("a", "b")));
    ExampleSet test = prepared.examples(Split.TEST).orElseThrow();
    for (int i = 0; i < test.size(); i++) {
      float[] values = input(test, i, 2);
      assertThat(values[1]).isEqualTo(values[0] * values[0]);
      assertThat(target(test, i)).isEqualTo(values[0] % 4 == 0 ? 1 : 0);
      assertThat(test.origin(i)).isEqualTo("data.csv:" + ((int) values[0] + 2));
    }
  }

  @Test
  void fitsTransformsOnTrainingRowsAlone() {
    rows(100);
    JobSpec job =
        JobBuilder.job(
            "task: {type: binary, label: y, positive: good}",
            "inputs: [{columns: [a], transforms: [standardise]}]");
    PreparedData prepared = prepare(job, simple().build());
    ExampleSet train = prepared.examples(Split.TRAIN).orElseThrow();
    double sum = 0;
    for (int i = 0; i < train.size(); i++) {
      sum += input(train, i, 1)[0];
    }
    assertThat(sum / train.size()).isCloseTo(0, within(1e-6));
    assertThat(prepared.manifest().classes()).containsExactly("bad", "good");
    assertThat(prepared.manifest().inputs().get(0).name()).isEqualTo("a");
    assertThat(prepared.transforms().get("classes").toString()).isEqualTo("[\"bad\",\"good\"]");
    assertThat(prepared.transforms().get("inputs").toString()).contains("standardise");
  }

  @Test
  void derivesColumnsAndEncodesCategories() {
    DataFiles.text(data.resolve("data.csv"), "a,b,c,y", "2,4,x,0", "3,0,y,1", "5,1,x,0", "1,1,z,1");
    JobSpec job =
        JobBuilder.job(
            "task: {type: multiclass, label: y}",
            "derive:",
            "  p: {product: {columns: [a, b]}}",
            "  d: {difference: {columns: [p, b]}}",
            "  r: {ratio: {columns: [a, b]}}",
            "inputs:",
            "  - {columns: [p, d, r], transforms: [impute: {strategy: constant, value: -1}]}",
            "  - {column: c, transforms: [oneHot]}");
    DatasetSpec dataset =
        simple()
            .column("c", ColumnSpec.Type.CATEGORY, Role.INPUT)
            .split(DatasetBuilder.NO_SPLIT)
            .build();
    PreparedData prepared = prepare(job, dataset);
    ExampleSet train = prepared.examples(Split.TRAIN).orElseThrow();
    assertThat(prepared.manifest().inputs().get(0).names())
        .containsExactly("p", "d", "r", "c=x", "c=y", "c=z");
    assertThat(input(train, 0, 6)).containsExactly(8, 4, 0.5f, 1, 0, 0);
    assertThat(input(train, 1, 6)).containsExactly(0, 0, -1, 0, 1, 0);
    assertThat(prepared.examples(Split.TEST)).isEmpty();
  }

  @Test
  void saysWhatIsWrongWithTheJobAllAtOnce() {
    rows(20);
    JobSpec job =
        JobBuilder.job(
            "task: {type: binary, label: z}",
            "derive: {p: {product: {columns: [a, bb]}}}",
            "inputs: [{columns: [aa]}, {columns: [X*]}, {column: y}]");
    assertThat(faults(job, simple().build()))
        .containsExactly(
            "derive.p: Cannot find column 'bb' in the dataset, did you mean 'b'?",
            "task.label: Cannot find column 'z' in the dataset",
            "inputs[0]: Cannot find column 'aa' in the dataset, did you mean 'a'?",
            "inputs[1]: Cannot find columns 'X*' among the inputs of the dataset",
            "inputs[2]: Cannot use column 'y' as an input: it is a label (expected what is known before)");
  }

  @Test
  void refusesLabelsThatDoNotFitTheTask() {
    rows(20);
    assertThat(
            faults(
                JobBuilder.job("task: {type: binary, label: a}", "inputs: [{column: b}]"),
                simple().build()))
        .containsExactly(
            "task.label: Cannot learn classes of column 'a': the dataset declares none (expected classes: {value: name})");
    assertThat(
            faults(
                JobBuilder.job(
                    "task: {type: binary, label: y, positive: Bad}", "inputs: [{column: b}]"),
                simple().build()))
        .containsExactly(
            "task.positive: Cannot find class 'Bad', did you mean 'bad'? (expected one of good, bad)");
    assertThat(
            faults(
                JobBuilder.job("task: {type: binary, label: y}", "inputs: [{column: b}]"),
                new DatasetBuilder().number("b").label("y", "0", "x", "1", "y", "2", "z").build()))
        .containsExactly("task.label: Cannot learn column 'y': 3 classes (expected 2)");
    assertThat(
            faults(
                JobBuilder.job("task: {type: regression, label: y}", "inputs: [{column: b}]"),
                simple().build()))
        .containsExactly(
            "task.label: Cannot learn column 'y' as a number (expected a number column)");
  }

  @Test
  void preparesSeveralLabels() {
    DataFiles.text(data.resolve("data.csv"), "a,u,v", "1,0,1", "2,1,1", "3,0,0");
    DatasetSpec dataset =
        new DatasetBuilder()
            .number("a")
            .label("u", "0", "no", "1", "yes")
            .label("v", "0", "no", "1", "yes")
            .build();
    PreparedData prepared =
        prepare(
            JobBuilder.job("task: {type: multilabel, labels: [u, v]}", "inputs: [{column: a}]"),
            dataset);
    assertThat(prepared.manifest().targetWidth()).isEqualTo(2);
    assertThat(prepared.manifest().classes()).containsExactly("u", "v");
    assertThat(prepared.manifest().classCounts().get(Split.TRAIN)).containsExactly(1L, 2L);
    FloatBuffer target = FloatBuffer.allocate(2);
    prepared.examples(Split.TRAIN).orElseThrow().copyTarget(1, target);
    assertThat(target.array()).containsExactly(1, 1);
  }

  @Test
  void refusesMissingValuesOfOtherSplitsWithTheirRow() {
    DataFiles.text(data.resolve("train.csv"), "a,b,y", "1,1,0", "2,2,1");
    DataFiles.text(data.resolve("test.csv"), "a,b,y", "1,1,0", "2,,1");
    DatasetSpec dataset =
        simple()
            .source(
                DatasetBuilder.delimited(
                    DatasetBuilder.file("train.csv", Split.TRAIN),
                    DatasetBuilder.file("test.csv", Split.TEST)))
            .split(given(List.of(Split.TRAIN, Split.TEST), 0, null))
            .build();
    assertThat(faults(PLAIN, dataset))
        .containsExactly(
            "test.csv:3: Cannot use a missing value of 'b', where training misses none (expected an impute transform, which fills it)");
  }

  static SplitSpec given(List<Split> given, double validation, String group) {
    return new SplitSpec(
        given, validation, 0, Optional.ofNullable(group), Optional.empty(), Optional.empty(), 1);
  }

  @Test
  void cutsWindowsOfEnginesWithRemainingLife() {
    List<String> train = new ArrayList<>();
    List<String> test = new ArrayList<>();
    for (int unit = 1; unit <= 4; unit++) {
      for (int cycle = 1; cycle <= 5 + unit; cycle++) {
        train.add(unit + " " + cycle + " " + (100 * unit + cycle));
        if (cycle <= 2 * unit) {
          test.add(unit + " " + cycle + " " + (1000 * unit + cycle) + "  ");
        }
      }
    }
    DataFiles.text(data.resolve("train.txt"), train.toArray(String[]::new));
    DataFiles.text(data.resolve("test.txt"), test.toArray(String[]::new));
    DataFiles.text(data.resolve("left.txt"), "10", "20", "30", "40");
    JobSpec job =
        JobBuilder.job(
            "task: {type: regression, label: rul, cap: 6}",
            "windows: {group: unit, time: cycle, length: 3, stride: 2, test: last}",
            "inputs: [{columns: [s]}]");
    PreparedData prepared = prepare(job, engines("left.txt"));
    assertThat(prepared.manifest().inputs().get(0).shape()).containsExactly(1, 3);
    ExampleSet tests = prepared.examples(Split.TEST).orElseThrow();
    assertThat(tests.size()).isEqualTo(4);
    assertThat(input(tests, 0, 3)).as("padded by its first row").containsExactly(1001, 1001, 1002);
    assertThat(input(tests, 3, 3)).containsExactly(4006, 4007, 4008);
    assertThat(target(tests, 3)).as("the truth, uncapped").isEqualTo(40);
    assertThat(tests.origin(0)).isEqualTo("test.txt:2");
    assertThat(prepared.manifest().findings())
        .anyMatch(
            finding ->
                finding
                    .message()
                    .startsWith("4 of 4 test targets (100.0 %) are above the cap of 6: "));
    ExampleSet trains = prepared.examples(Split.TRAIN).orElseThrow();
    ExampleSet validations = prepared.examples(Split.VALIDATION).orElseThrow();
    // Windows of units with 6, 7, 8 and 9 cycles: 2, 3, 3 and 4; one unit validates.
    assertThat(trains.size() + validations.size()).isEqualTo(12);
    float[] first = input(trains, 0, 3);
    assertThat(first[2]).isEqualTo(first[0] + 2);
    int unit = (int) first[0] / 100;
    assertThat(target(trains, 0)).isEqualTo(Math.min(6, 5 + unit - 3));
    assertThat(prepared.manifest().findings()).noneMatch(f -> f.check().equals("group-leakage"));
  }

  @Test
  void smoothsAlongEachSeriesAndAveragesRowsOfWindows() {
    DataFiles.text(data.resolve("train.txt"), "1 1 8", "1 2 0", "2 1 4", "1 3 8", "1 4 0", "2 2 8");
    DataFiles.text(data.resolve("test.txt"), "1 1 16", "1 2 0", "1 3 0", "1 4 8");
    DataFiles.text(data.resolve("left.txt"), "10");
    JobSpec job =
        JobBuilder.job(
            "task: {type: regression, label: rul}",
            "split: {given: [train, test]}",
            "windows: {group: unit, time: cycle, length: 4, average: 2, test: last}",
            "inputs: [{columns: [s]}, {columns: [s], transforms: [{smooth: {weight: 0.5}}]}]");
    PreparedData prepared = prepare(job, engines("left.txt"));
    assertThat(prepared.manifest().inputs())
        .containsExactly(
            new PreparedManifest.Input("features", List.of(2, 2), List.of("s", "s smoothed")));
    ExampleSet trains = prepared.examples(Split.TRAIN).orElseThrow();
    // Unit 1: 8 0 8 0, smoothed 8 4 6 3; unit 2, padded: 4 4 4 8, smoothed 4 4 4 6.
    assertThat(input(trains, 0, 4)).containsExactly(4, 4, 6, 4.5f);
    assertThat(input(trains, 1, 4)).containsExactly(4, 6, 4, 5);
    // Unit 1 of the test file is another unit: its average begins anew, 16 8 4 6.
    ExampleSet tests = prepared.examples(Split.TEST).orElseThrow();
    assertThat(input(tests, 0, 4)).containsExactly(8, 4, 12, 5);
    assertThat(prepared.transforms().toString()).contains("\"smooth\":0.5", "\"average\":2");
  }

  private static DatasetSpec engines(String left) {
    SourceSpec source =
        new SourceSpec.Delimited(
            List.of(
                DatasetBuilder.file("train.txt", Split.TRAIN),
                DatasetBuilder.file("test.txt", Split.TEST)),
            "whitespace",
            false,
            "UTF-8",
            DatasetBuilder.MISSING);
    return new DatasetBuilder()
        .source(source)
        .column("unit", ColumnSpec.Type.CATEGORY, Role.GROUP)
        .column("cycle", ColumnSpec.Type.NUMBER, Role.TIME)
        .number("s")
        .column("rul", DatasetBuilder.remainingLife("unit", "cycle", Map.of(Split.TEST, left)))
        .split(given(List.of(Split.TRAIN, Split.TEST), 0.25, "unit"))
        .build();
  }

  @Test
  void refusesRemainingLivesThatDoNotFit() {
    DataFiles.text(data.resolve("train.txt"), "1 1 5", "1 2 5");
    DataFiles.text(data.resolve("test.txt"), "1 1 5", "2 1 5");
    DataFiles.text(data.resolve("left.txt"), "10");
    JobSpec job =
        JobBuilder.job(
            "task: {type: regression, label: rul}",
            "windows: {group: unit, time: cycle, length: 2}",
            "inputs: [{columns: [s]}]");
    assertThat(faults(job, engines("left.txt")))
        .containsExactly(
            "left.txt: Cannot use remaining lives: 1 numbers (expected 2, one for each unit of test)");
    DataFiles.text(data.resolve("left.txt"), "10", "x");
    assertThat(faults(job, engines("left.txt")))
        .containsExactly("left.txt: Cannot read line 2: 'x' (expected one number)");
    assertThat(faults(job, engines("lefts.txt")))
        .containsExactly("lefts.txt: Cannot find file: lefts.txt");
  }

  @Test
  void marksWindowsByAnyRowAndKeepsSeriesTogether() {
    List<String> lines = new ArrayList<>(List.of("g,a,b,y"));
    for (int group = 0; group < 10; group++) {
      for (int i = 0; i < 4; i++) {
        lines.add(group + "," + i + "," + group + "," + (i == 1 ? 1 : 0));
      }
    }
    DataFiles.text(data.resolve("data.csv"), lines.toArray(String[]::new));
    DatasetSpec dataset =
        simple()
            .column("g", ColumnSpec.Type.NUMBER, Role.GROUP)
            .split(DatasetBuilder.share(0.2, 0.2, null))
            .build();
    JobSpec job =
        JobBuilder.job(
            "task: {type: binary, label: y}",
            "windows: {group: g, time: a, length: 2, anyRow: bad}",
            "inputs: [{columns: [b]}]");
    PreparedData prepared = prepare(job, dataset);
    ExampleSet train = prepared.examples(Split.TRAIN).orElseThrow();
    assertThat(train.size()).isEqualTo(18);
    assertThat(target(train, 0)).isEqualTo(1);
    assertThat(target(train, 1)).isEqualTo(1);
    assertThat(target(train, 2)).isEqualTo(0);
    assertThat(prepared.manifest().findings()).noneMatch(f -> f.check().equals("group-leakage"));
    assertThat(
            faults(
                JobBuilder.job(
                    "task: {type: binary, label: y}",
                    "windows: {length: 2, anyRow: worse}",
                    "inputs: [{columns: [b]}]"),
                dataset))
        .containsExactly(
            "windows.anyRow: Cannot find class 'worse' (expected one of good, bad)",
            "split: Cannot cut windows from rows that are drawn one by one (expected split: {group: …} or {time: …})");
  }

  @Test
  void reusesWhatIsThereAndMakesItAnewAfterDamage() throws IOException {
    rows(100);
    PreparedData first = prepare(PLAIN, simple().build());
    Path inputs = first.folder().resolve("train.input0.npy");
    Object written = Files.getLastModifiedTime(inputs);
    assertThat(prepare(PLAIN, simple().build()).folder()).isEqualTo(first.folder());
    assertThat(Files.getLastModifiedTime(inputs)).isEqualTo(written);
    byte[] whole = Files.readAllBytes(inputs);
    Files.write(inputs, java.util.Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> PreparedData.open(first.folder()))
        .isInstanceOf(ZoneException.class)
        .hasMessageContaining("Cannot use prepared data")
        .hasMessageContaining("delete its folder and run again")
        .extracting(e -> ((ZoneException) e).kind())
        .isEqualTo(ErrorKind.ENVIRONMENT);
    prepare(PLAIN, simple().build());
    assertThat(Files.readAllBytes(inputs)).isEqualTo(whole);
  }

  @Test
  void keyDependsOnDataAndOnWhatTheJobDoesToThemAlone() {
    rows(100);
    Path first = prepare(PLAIN, simple().build()).folder();
    JobSpec otherThreshold =
        JobBuilder.job(
            "task: {type: binary, label: y, threshold: {value: 0.3}}",
            "inputs: [{columns: [a, b]}]");
    assertThat(prepare(otherThreshold, simple().build()).folder()).isEqualTo(first);
    assertThat(prepare(PLAIN, simple().split(DatasetBuilder.share(0.2, 0.1, "y")).build()).folder())
        .isNotEqualTo(first);
    JobSpec otherInputs =
        JobBuilder.job("task: {type: binary, label: y}", "inputs: [{columns: [b, a]}]");
    assertThat(prepare(otherInputs, simple().build()).folder()).isNotEqualTo(first);
    rows(101);
    assertThat(prepare(PLAIN, simple().build()).folder()).isNotEqualTo(first);
  }

  @Test
  void givesTheSameBytesEachTime() throws IOException {
    rows(2000);
    Path first = prepare(PLAIN, simple().build()).folder();
    Path kept = temporary.resolve("kept");
    Files.move(first, kept);
    prepare(PLAIN, simple().build());
    try (Stream<Path> files = Files.list(kept)) {
      for (Path file : files.toList()) {
        assertThat(first.resolve(file.getFileName())).hasSameBinaryContentAs(file);
      }
    }
  }

  @Test
  void twoWritersOfOneKeyBothSucceed() {
    rows(5000);
    PreparationRequest request = request(PLAIN, simple().build());
    List<CompletableFuture<PreparedData>> writers =
        List.of(
            CompletableFuture.supplyAsync(() -> prepare(request)),
            CompletableFuture.supplyAsync(() -> prepare(request)));
    assertThat(writers.get(0).join().folder()).isEqualTo(writers.get(1).join().folder());
  }

  @Test
  void refusesDataThatChangedSinceThePlan() {
    rows(100);
    Problems problems = new Problems();
    PreparationRequest request =
        new PreparationRequest(
            PLAIN,
            simple().build(),
            Optional.of(data),
            cache,
            new Portion.Declared(),
            Optional.of("0".repeat(64)));
    assertThat(new Preparer().prepare(request, problems)).isEmpty();
    assertThat(problems.list().toString())
        .contains("Cannot use the data of chip/test: they changed since the job was planned");
  }

  @Test
  void saysThatTheCacheCannotBeWritten() throws IOException {
    rows(100);
    Files.writeString(cache, "a file");
    assertThatThrownBy(() -> prepare(PLAIN, simple().build()))
        .isInstanceOf(ZoneException.class)
        .hasMessageStartingWith("Cannot write prepared data to " + cache)
        .extracting(e -> ((ZoneException) e).kind())
        .isEqualTo(ErrorKind.ENVIRONMENT);
  }

  @Test
  void saysThatThereIsNoRoom() {
    assertThatThrownBy(() -> new PreparedFolder(cache, "key").write(folder -> true, Long.MAX_VALUE))
        .isInstanceOf(ZoneException.class)
        .hasMessageMatching(
            "Cannot write prepared data to .*: [0-9]+ MiB are free \\(expected [0-9]+ MiB\\)")
        .extracting(e -> ((ZoneException) e).kind())
        .isEqualTo(ErrorKind.ENVIRONMENT);
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void foldsCoverEachRowOnceAndKeepTheClasses() {
    rows(103);
    JobSpec job =
        JobBuilder.job(
            "task: {type: binary, label: y}",
            "inputs: [{columns: [a]}]",
            "evaluation: {crossValidation: {folds: 5, validation: 0.1}}");
    Preparer preparer = new Preparer();
    List<Float> tested = new ArrayList<>();
    for (int fold = 1; fold <= 5; fold++) {
      PreparedData prepared =
          preparer
              .prepare(
                  new PreparationRequest(
                      job,
                      simple().build(),
                      Optional.of(data),
                      cache,
                      new Portion.Fold(fold, 5),
                      Optional.empty()),
                  new Problems())
              .orElseThrow();
      ExampleSet test = prepared.examples(Split.TEST).orElseThrow();
      assertThat(test.size()).isBetween(20, 21);
      assertThat(prepared.manifest().classCounts().get(Split.TEST).get(1)).isBetween(5L, 6L);
      assertThat(prepared.manifest().counts().get(Split.VALIDATION)).isEqualTo(8);
      for (int i = 0; i < test.size(); i++) {
        tested.add(input(test, i, 1)[0]);
      }
    }
    assertThat(tested).hasSize(103).doesNotHaveDuplicates();
    PreparedData all =
        preparer
            .prepare(
                new PreparationRequest(
                    job,
                    simple().build(),
                    Optional.of(data),
                    cache,
                    new Portion.Everything(),
                    Optional.empty()),
                new Problems())
            .orElseThrow();
    assertThat(all.manifest().counts()).isEqualTo(Map.of(Split.TRAIN, 92, Split.VALIDATION, 11));
  }

  @Test
  void turnsImagesToChannelsFirst() {
    byte[] pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    DataFiles.zip(
        data.resolve("i.npz"),
        false,
        "image.npy",
        DataFiles.npy("|u1", "(1, 2, 2, 3)", pixels),
        "y.npy",
        DataFiles.npy("<i8", "(1,)", DataFiles.longs(1)));
    DatasetSpec dataset =
        new DatasetBuilder()
            .tensor("image", 2, 2, 3)
            .label("y", "0", "a", "1", "b")
            .source(new SourceSpec.Numpy(List.of(DatasetBuilder.file("i.npz"))))
            .build();
    PreparedData prepared =
        prepare(
            JobBuilder.job("task: {type: multiclass, label: y}", "inputs: [{column: image}]"),
            dataset);
    assertThat(prepared.manifest().inputs().get(0))
        .isEqualTo(
            new PreparedManifest.Input("image", List.of(3, 2, 2), List.of("red", "green", "blue")));
    assertThat(input(prepared.examples(Split.TRAIN).orElseThrow(), 0, 12))
        .containsExactly(1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12);
  }

  @Test
  void findsWhatMayMislead() {
    List<String> lines = new ArrayList<>(List.of("g,a,b,c,y"));
    for (int i = 0; i < 400; i++) {
      // Equal inputs in fours; c is constant; b gives the label away; g lies in all splits.
      int y = i / 4 % 40 == 0 ? 1 : 0;
      lines.add(i % 3 + "," + i / 4 % 10 + "," + (y * 5 + i / 4 % 2 * 0.1) + ",7," + y);
    }
    DataFiles.text(data.resolve("data.csv"), lines.toArray(String[]::new));
    DatasetSpec dataset =
        simple().number("c").column("g", ColumnSpec.Type.CATEGORY, Role.GROUP).build();
    PreparedManifest manifest =
        prepare(
                JobBuilder.job("task: {type: binary, label: y}", "inputs: [{columns: ['*']}]"),
                dataset)
            .manifest();
    assertThat(manifest.findings().stream().map(Finding::check))
        .containsExactly(
            "duplicates-across-splits",
            "group-leakage",
            "label-giveaway",
            "duplicates",
            "constant-columns");
    assertThat(message(manifest, "duplicates-across-splits"))
        .contains("of 80 test examples (100.0 %)")
        .contains("0 of them with different labels");
    assertThat(message(manifest, "group-leakage"))
        .startsWith("3 of 3 values of column 'g' (100.0 %) have rows in more than one split");
    assertThat(message(manifest, "label-giveaway")).contains("b (balanced accuracy 1.000)");
    assertThat(message(manifest, "constant-columns"))
        .isEqualTo("1 of 3 input columns hold one value in training: c");
  }

  private static String message(PreparedManifest manifest, String check) {
    return manifest.findings().stream()
        .filter(finding -> finding.check().equals(check))
        .map(Finding::message)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void findsContradictingLabelsAndMissingClasses() {
    DataFiles.text(data.resolve("train.csv"), "a,b,y", "1,1,0", "1,1,1", "2,,0", "3,,0", "4,,0");
    DataFiles.text(data.resolve("test.csv"), "a,b,y", "1,1,1");
    DatasetSpec dataset =
        simple()
            .source(
                DatasetBuilder.delimited(
                    DatasetBuilder.file("train.csv", Split.TRAIN),
                    DatasetBuilder.file("test.csv", Split.TEST)))
            .split(given(List.of(Split.TRAIN, Split.TEST), 0, null))
            .build();
    PreparedManifest manifest =
        prepare(
                JobBuilder.job(
                    "task: {type: binary, label: y}",
                    "inputs: [{columns: [a, b], transforms: [impute: {strategy: constant}]}]"),
                dataset)
            .manifest();
    assertThat(message(manifest, "duplicates-across-splits"))
        .contains("1 of them with different labels");
    assertThat(message(manifest, "contradicting-labels")).startsWith("3 of 6 examples (50.0 %)");
    assertThat(message(manifest, "classes-missing"))
        .isEqualTo("The test split has no example of good");
    assertThat(message(manifest, "mostly-missing")).contains("b (60 %)");
    assertThat(message(manifest, "missing-values")).startsWith("3 of 10 input values");
  }

  @Test
  void findsColumnsThatAreNearlyConstantAmongTheTrainingRows() {
    List<String> lines = new ArrayList<>(List.of("a,b,y"));
    // Of 2,000 rows a has one value in all but 2, b in all but 3; what is missing does not count.
    IntStream.range(0, 2000)
        .forEach(
            i ->
                lines.add(
                    (i % 1000 == 7 ? "1" : "5")
                        + ","
                        + (i < 3 ? "1" : i % 10 == 9 ? "" : "5")
                        + ","
                        + i % 2));
    DataFiles.text(data.resolve("data.csv"), lines.toArray(String[]::new));
    PreparedManifest manifest =
        prepare(
                JobBuilder.job(
                    "task: {type: binary, label: y}",
                    "inputs: [{columns: [a, b], transforms: [impute: {strategy: constant}]}]"),
                simple().split(DatasetBuilder.NO_SPLIT).build())
            .manifest();
    assertThat(message(manifest, "nearly-constant-columns"))
        .isEqualTo(
            "1 of 2 input columns hold one value in at least 99.9 % of the training rows: a");
    assertThat(manifest.findings().stream().map(Finding::check)).doesNotContain("constant-columns");
  }

  @Test
  void findsImbalance() {
    rows(0);
    List<String> lines = new ArrayList<>(List.of("a,b,y"));
    IntStream.range(0, 500).forEach(i -> lines.add(i + ",1," + (i < 5 ? 1 : 0)));
    DataFiles.text(data.resolve("data.csv"), lines.toArray(String[]::new));
    PreparedManifest manifest =
        prepare(PLAIN, simple().split(DatasetBuilder.NO_SPLIT).build()).manifest();
    assertThat(message(manifest, "class-imbalance"))
        .isEqualTo("Of 500 training examples few are of bad 5: accuracy alone says little of them");
  }
}
