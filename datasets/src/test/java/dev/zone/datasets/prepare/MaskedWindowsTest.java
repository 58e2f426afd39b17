package dev.zone.datasets.prepare;

import static dev.zone.datasets.prepare.PreparerTest.input;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.ColumnSpec.Role;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.JobSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.DatasetBuilder;
import dev.zone.datasets.ExampleSet;
import dev.zone.datasets.JobBuilder;
import dev.zone.datasets.PreparedManifest;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Series shorter than a window, of which the model sees their rows only. */
class MaskedWindowsTest {
  @TempDir private Path temporary;
  private Path data;

  @BeforeEach
  void files() throws IOException {
    data = Files.createDirectory(temporary.resolve("data"));
    // Series a has five rows, b one, c three.
    DataFiles.text(
        data.resolve("data.csv"),
        "g,t,u,v,y",
        "a,1,1,10,0",
        "a,2,2,20,0",
        "a,3,3,30,0",
        "a,4,4,40,0",
        "a,5,5,50,1",
        "b,1,6,60,1",
        "c,1,7,70,0",
        "c,2,8,90,0",
        "c,3,9,80,1");
  }

  private static DatasetSpec series() {
    return new DatasetBuilder()
        .column("g", ColumnSpec.Type.CATEGORY, Role.GROUP)
        .column("t", ColumnSpec.Type.NUMBER, Role.TIME)
        .number("u")
        .number("v")
        .label("y", "0", "good", "1", "bad")
        .build();
  }

  private PreparedData prepare(String windows, String inputs) {
    return prepare("{type: binary, label: y}", windows, inputs);
  }

  private PreparedData prepare(String task, String windows, String inputs) {
    JobSpec job =
        JobBuilder.job("task: " + task, "windows: " + windows, "inputs: [" + inputs + "]");
    Problems problems = new Problems();
    Optional<PreparedData> prepared =
        new Preparer()
            .prepare(
                new PreparationRequest(
                    job,
                    series(),
                    Optional.of(data),
                    temporary.resolve("cache"),
                    new Portion.Declared(),
                    Optional.empty()),
                problems);
    assertThat(problems.list().stream().map(Problem::toString)).isEmpty();
    return prepared.orElseThrow();
  }

  private static ExampleSet train(PreparedData prepared) {
    return prepared.examples(Split.TRAIN).orElseThrow();
  }

  private static int[] padding(ExampleSet examples) {
    return IntStream.range(0, examples.size()).map(examples::paddedSteps).toArray();
  }

  @Test
  void putsZerosBehindAShortSeriesAndSaysHowMany() {
    PreparedData prepared =
        prepare("{group: g, time: t, length: 4, stride: 1, pad: mask}", "{columns: [u, v]}");
    assertThat(prepared.manifest().inputs())
        .containsExactly(
            new PreparedManifest.Input("features", List.of(2, 4), List.of("u", "v"), true));
    ExampleSet examples = train(prepared);
    assertThat(padding(examples)).containsExactly(0, 0, 3, 1);
    assertThat(input(examples, 1, 8)).containsExactly(2, 3, 4, 5, 20, 30, 40, 50);
    assertThat(input(examples, 2, 8)).containsExactly(6, 0, 0, 0, 60, 0, 0, 0);
    assertThat(input(examples, 3, 8)).containsExactly(7, 8, 9, 0, 70, 90, 80, 0);
    assertThat(prepared.transforms().toString()).contains("\"pad\":\"mask\"");
  }

  @Test
  void averagesTheRowsThatAStepHas() {
    PreparedData prepared =
        prepare("{group: g, time: t, length: 4, average: 2, pad: mask}", "{columns: [u, v]}");
    ExampleSet examples = train(prepared);
    assertThat(padding(examples)).containsExactly(0, 0, 1, 0);
    assertThat(input(examples, 2, 4)).containsExactly(6, 0, 60, 0);
    assertThat(input(examples, 3, 4)).containsExactly(7.5f, 9, 80, 80);
  }

  @Test
  void transformsRowsAndNotThePadding() {
    // -1, 0 and 1 by the extremes of all rows; each window then by its own rows alone.
    PreparedData scaled =
        prepare(
            "{group: g, time: t, length: 4, pad: mask}",
            "{columns: [u], transforms: [{minMax: {low: -1, high: 1}}]}");
    assertThat(input(train(scaled), 2, 4)).containsExactly(0.25f, 0, 0, 0);
    PreparedData each =
        prepare(
            "{group: g, time: t, length: 4, pad: mask}",
            "{columns: [u], transforms: [normaliseEach]}");
    float root = (float) Math.sqrt(1.5);
    assertThat(input(train(each), 3, 4)).containsExactly(-root, 0, root, 0);
    assertThat(input(train(each), 2, 4)).containsExactly(0, 0, 0, 0);
  }

  @Test
  void givesEachRowOfAWindowItsTarget() {
    PreparedData prepared =
        prepare("{group: g, time: t, length: 4, pad: mask, targets: each}", "{columns: [u]}");
    PreparedManifest manifest = prepared.manifest();
    assertThat(manifest.targetSteps()).isEqualTo(4);
    assertThat(manifest.targetWidth()).isEqualTo(1);
    assertThat(manifest.counts()).containsEntry(Split.TRAIN, 4);
    assertThat(manifest.targetCounts()).containsEntry(Split.TRAIN, 12L);
    assertThat(manifest.classCounts()).containsEntry(Split.TRAIN, List.of(9L, 3L));
    ExampleSet examples = train(prepared);
    assertThat(target(examples, 0, 4)).containsExactly(0, 0, 0, 0);
    assertThat(target(examples, 1, 4)).containsExactly(0, 0, 0, 1);
    assertThat(target(examples, 2, 4)).containsExactly(1, 0, 0, 0);
    assertThat(target(examples, 3, 4)).containsExactly(0, 0, 1, 0);
    assertThat(prepared.transforms().toString()).contains("\"targets\":\"each\"");
    PreparedData last =
        prepare("{group: g, time: t, length: 4, pad: mask, targets: last}", "{columns: [u]}");
    assertThat(last.folder()).isNotEqualTo(prepared.folder());
    assertThat(last.manifest().targetCounts()).containsEntry(Split.TRAIN, 4L);
    assertThat(target(train(last), 1, 1)).containsExactly(1);
  }

  @Test
  void capsEachRowsTargetWhereTheModelLearns() {
    PreparedData prepared =
        prepare(
            "{type: regression, label: v, cap: 75}",
            "{group: g, time: t, length: 3, pad: drop, targets: each}",
            "{columns: [u]}");
    assertThat(target(train(prepared), 3, 3)).containsExactly(70, 75, 75);
    assertThat(prepared.manifest().classCounts().get(Split.TRAIN)).isEmpty();
  }

  private static float[] target(ExampleSet examples, int example, int length) {
    FloatBuffer into = FloatBuffer.allocate(length);
    examples.copyTarget(example, into);
    return into.array();
  }

  @Test
  void isPreparedApartFromOtherPadding() {
    String first = "{group: g, time: t, length: 4, pad: first}";
    PreparedData repeated = prepare(first, "{columns: [u]}");
    PreparedData masked = prepare(first.replace("first", "mask"), "{columns: [u]}");
    assertThat(masked.folder()).isNotEqualTo(repeated.folder());
    assertThat(repeated.manifest().inputs().get(0).masked()).isFalse();
    assertThat(padding(train(repeated))).containsOnly(0);
    assertThat(input(train(repeated), 2, 4)).containsExactly(6, 6, 6, 6);
    assertThat(Files.exists(repeated.folder().resolve("train.padding.npy"))).isFalse();
  }

  @Test
  void refusesPaddingThatCannotBe() throws IOException {
    PreparedData prepared = prepare("{group: g, time: t, length: 4, pad: mask}", "{columns: [u]}");
    Path file = prepared.folder().resolve("train.padding.npy");
    byte[] bytes = Files.readAllBytes(file);
    // 4.0f in little endian is the last example's.
    bytes[bytes.length - 2] = (byte) 0x80;
    bytes[bytes.length - 1] = 0x40;
    Files.write(file, bytes);
    ExampleSet examples = train(PreparedData.open(prepared.folder()));
    assertThatThrownBy(() -> examples.paddedSteps(3))
        .hasMessage(
            "Cannot use prepared data %s: 4.0 padded steps of 4; delete its folder and run again"
                .formatted(file));
  }
}
