package dev.zone.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.ModelSpec;
import dev.zone.conf.ModelSpec.Activation;
import dev.zone.conf.ModelSpec.Joint;
import dev.zone.conf.ModelSpec.Pooling;
import dev.zone.conf.ScheduleSpec;
import dev.zone.conf.TaskSpec;
import dev.zone.conf.TaskSpec.RegressionLoss;
import dev.zone.conf.TrainingSpec.BatchStatistics;
import dev.zone.conf.TrainingSpec.ClassWeights;
import dev.zone.conf.TrainingSpec.Engine;
import dev.zone.conf.UpdaterSpec;
import dev.zone.datasets.PreparedManifest.Input;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.Requests;
import dev.zone.jobs.training.RanksOfThreads.Outcome;
import dev.zone.jobs.update.EngineChoice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * N ranks train the model that plain DL4J trains in one process on the same global batches: after
 * 50 steps the parameters differ by less than 1e-5 of their norm, which is rounding.
 *
 * <p>Networks are smooth where there is a choice. Where a ReLU's input is 0 to within rounding, its
 * derivative is 0 or 1 by chance, and Adam makes a step of the same length of either: of twenty
 * trainings of the resnet with Adam that were tried, one ended 5e-4 away.
 */
@Timeout(120)
class EqualityTest {
  private static final double ROUNDING = 1e-5;
  private static final int[] EACH_NUMBER = {1, 2, 3, 4};
  private static final int[] TWO_OR_THREE = {2, 3};
  private static final Input SERIES = Requests.input("windows", 3, 4);
  private static final Input SHORT_SERIES =
      new Input("windows", List.of(3, 4), List.of("a", "b", "c"), true);
  private static final Input LONG_SERIES = Requests.input("windows", 3, 7);
  private static final Input LONG_SHORT_SERIES =
      new Input("windows", List.of(3, 7), List.of("a", "b", "c"), true);
  private static final Input IMAGES = Requests.input("images", 2, 6, 7);

  private static final Input SMALL_IMAGES = Requests.input("images", 2, 5, 5);
  private static final ModelSpec RESNET = new ModelSpec.Resnet(List.of(3, 4), 1, 1, 0);

  private static ModelSpec cnn(boolean batchNorm, double dropout) {
    return new ModelSpec.Cnn(
        List.of(3, 4),
        1,
        3,
        batchNorm,
        Activation.TANH,
        Pooling.AVERAGE,
        Joint.FLATTEN,
        List.of(6),
        dropout,
        dropout,
        Optional.empty(),
        Optional.empty());
  }

  static Stream<Trial> architectures() {
    return Stream.of(
        new Trial("mlp"),
        new Trial("cnn").inputs(IMAGES).model(cnn(false, 0)),
        new Trial("lstm, short series")
            .inputs(SHORT_SERIES)
            .model(new ModelSpec.Lstm(List.of(4), List.of(), 0)),
        new Trial("bilstm, short series")
            .inputs(SHORT_SERIES)
            .model(new ModelSpec.Bilstm(List.of(3), List.of(), 0)),
        new Trial("cnn1d").inputs(SERIES).model(Requests.cnn1d(Joint.FLATTEN, 2)),
        new Trial("binary").task(Requests.binary(), 1),
        new Trial("multi-label").task(new TaskSpec.Multilabel(List.of("a", "b")), 2),
        new Trial("regression").task(Requests.regression(RegressionLoss.MSE), 1));
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void trainsAsPlainDl4jDoesOnAnyNumberOfRanks(Trial trial) throws Exception {
    // Each number for the network that is soonest done, an even and an odd one for the others.
    assertSameAsFit(trial, trial.toString().equals("mlp") ? EACH_NUMBER : TWO_OR_THREE);
  }

  @Test
  void trainsAGraphWithTwoInputsAsPlainDl4jDoes(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("graph.json"), TwoInputs.configuration());
    assertSameAsFit(
        new Trial("two inputs")
            .files(folder)
            .inputs(Requests.input("numbers", 7), Requests.input("images", 2, 6, 6))
            .model(new ModelSpec.Configuration("graph.json")),
        TWO_OR_THREE);
  }

  static Stream<Trial> stepTargets() {
    ModelSpec lstm = new ModelSpec.Lstm(List.of(4, 3), List.of(3), 0);
    ModelSpec bilstm = new ModelSpec.Bilstm(List.of(3, 2), List.of(3), 0);
    return Stream.of(
            new Trial("lstm").inputs(LONG_SERIES).model(lstm),
            new Trial("lstm, short series, balanced")
                .inputs(LONG_SHORT_SERIES)
                .model(lstm)
                .classWeights(ClassWeights.BALANCED),
            new Trial("bilstm, short series")
                .inputs(LONG_SHORT_SERIES)
                .model(bilstm)
                .labelSmoothing(0.1),
            new Trial("binary").inputs(LONG_SHORT_SERIES).model(lstm).task(Requests.binary(), 1),
            new Trial("multi-label")
                .inputs(LONG_SERIES)
                .model(bilstm)
                .task(new TaskSpec.Multilabel(List.of("a", "b")), 2),
            new Trial("regression")
                .inputs(LONG_SHORT_SERIES)
                .model(lstm)
                .task(Requests.regression(RegressionLoss.MSE), 1))
        .map(Trial::each);
  }

  @ParameterizedTest
  @MethodSource("stepTargets")
  void learnsEachStepAsPlainDl4jDoes(Trial trial) throws Exception {
    assertSameAsFit(trial, 1, 3);
  }

  /** Seven steps in pieces of three, three and one, or of two and five. */
  static Stream<Trial> truncated() {
    ModelSpec lstm = new ModelSpec.Lstm(List.of(4, 3), List.of(), 0);
    return Stream.of(
            new Trial("lstm").inputs(LONG_SERIES).model(lstm).tbptt(3, 4),
            new Trial("lstm, short series, balanced")
                .inputs(LONG_SHORT_SERIES)
                .model(lstm)
                .classWeights(ClassWeights.BALANCED)
                .tbptt(3, 4),
            new Trial("step by step").inputs(LONG_SHORT_SERIES).model(lstm).tbptt(1, 2),
            new Trial("regression, cosine")
                .inputs(LONG_SHORT_SERIES)
                .model(lstm)
                .task(Requests.regression(RegressionLoss.MSE), 1)
                .schedule(new ScheduleSpec.Cosine(1, 0.1))
                .penalties(0, 1e-3, 0)
                .clipNorm(0.5)
                .tbptt(5, 5))
        .map(Trial::each);
  }

  @ParameterizedTest
  @MethodSource("truncated")
  void truncatesBackpropagationThroughTimeAsPlainDl4jDoes(Trial trial) throws Exception {
    assertSameAsFit(trial, 1, 3);
  }

  /** The file says how long pieces are, or the job does. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void truncatesAGraphFromAFileAsPlainDl4jDoes(int length, @TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("graph.json"), TwoInputs.truncated(3));
    Trial trial =
        new Trial("two series")
            .files(folder)
            .inputs(
                new Input("a", List.of(3, 7), List.of("a", "b", "c"), true),
                new Input("b", List.of(2, 7), List.of("d", "e"), true))
            .model(new ModelSpec.Configuration("graph.json"))
            .each();
    if (length > 0) {
      trial.tbptt(length, 3);
    }
    assertThat(trial.network().targets().segments()).isEqualTo(length > 0 ? 4 : 3);
    assertSameAsFit(trial, 1, 3);
  }

  static Stream<Trial> options() {
    return Stream.of(
        new Trial("SGD").updater(new UpdaterSpec.Sgd(0.1)),
        new Trial("Nesterov").updater(new UpdaterSpec.Nesterovs(0.05, 0.9)),
        new Trial("RMSProp").updater(new UpdaterSpec.RmsProp(0.003, 0.95)),
        new Trial("AdamW").penalties(0, 0, 0.01),
        new Trial("L1").penalties(1e-3, 0, 0),
        new Trial("L2").penalties(0, 1e-2, 0),
        new Trial("clipping by norm").clipNorm(0.05),
        new Trial("clipping by value").clipValue(0.01),
        new Trial("steps").schedule(new ScheduleSpec.Step(2, 0.5)),
        new Trial("cosine with weight decay")
            .schedule(new ScheduleSpec.Cosine(1, 0.1))
            .penalties(0, 0, 0.01),
        new Trial("exponential, clipped").schedule(new ScheduleSpec.Exponential(0.8)).clipNorm(0.1),
        new Trial("balanced classes").classWeights(ClassWeights.BALANCED),
        new Trial("roots of balanced classes").classWeights(ClassWeights.SQRT),
        new Trial("label smoothing").labelSmoothing(0.1),
        new Trial("lstm").inputs(SERIES).model(new ModelSpec.Lstm(List.of(4, 3), List.of(3), 0)),
        new Trial("bilstm").inputs(SERIES).model(new ModelSpec.Bilstm(List.of(3, 2), List.of(), 0)),
        new Trial("average over time").inputs(SERIES).model(Requests.cnn1d(Joint.AVERAGE, 1)),
        new Trial("absolute error").task(Requests.regression(RegressionLoss.MAE), 1));
  }

  @ParameterizedTest
  @MethodSource("options")
  void updatesAsPlainDl4jDoes(Trial trial) throws Exception {
    assertSameAsFit(trial, 1, 3);
  }

  @Test
  void normalisesByEachReplicasOwnExamples() throws Exception {
    Trial trial = new Trial("batch normalisation").inputs(IMAGES).model(cnn(true, 0));
    assertSameAsFit(trial, 1);
    for (Engine engine : engines(trial)) {
      assertSameAsReplicas(trial.engine(engine), TWO_OR_THREE);
    }
    assertSameAsFit(new Trial("resnet").inputs(SMALL_IMAGES).model(RESNET), 1);
  }

  static Stream<Trial> normalised() {
    return Stream.of(
            new Trial("mlp")
                .model(new ModelSpec.Mlp(List.of(12, 8), Activation.TANH, true, 0, 0, 0)),
            new Trial("cnn").inputs(IMAGES).model(cnn(true, 0)),
            new Trial("resnet")
                .inputs(SMALL_IMAGES)
                .model(RESNET)
                .updater(new UpdaterSpec.Sgd(0.05)))
        .map(trial -> trial.statistics(BatchStatistics.GLOBAL));
  }

  @ParameterizedTest
  @MethodSource("normalised")
  void normalisesByTheGlobalBatchIfAsked(Trial trial) throws Exception {
    assertSameAsFit(trial, TWO_OR_THREE);
  }

  @Test
  void drawsDropoutByEachRanksSeed() throws Exception {
    Trial trial = new Trial("dropout").inputs(IMAGES).model(cnn(false, 0.3));
    NetworkConfiguration network = trial.network();
    RandomExamples data = trial.examples();
    Outcome one = RanksOfThreads.train(trial, network, data, 1);
    PlainDl4j plain = new PlainDl4j(trial, network, data);
    assertSame(trial, 1, one.parameters(), plain.fit(one.seeds().get(0)));
    Outcome two = RanksOfThreads.train(trial, network, data, 2);
    assertSame(trial, 2, two.parameters(), plain.averageOf(2, two.seeds()));
    assertSameAsReplicas(trial, 3);
    Outcome again = RanksOfThreads.train(trial, network, data, 2);
    assertThat(again.seeds()).isEqualTo(two.seeds());
    assertThat(Arrays.equals(again.parameters(), two.parameters())).isTrue();
    assertThat(two.seeds().get(0))
        .doesNotHaveDuplicates()
        .doesNotContainAnyElementsOf(two.seeds().get(1));
    // With other masks it is another training.
    assertThat(distance(one.parameters(), two.parameters())).isGreaterThan(100 * ROUNDING);
  }

  @Test
  void coversWhatTheNamedArchitecturesAreMadeOf() {
    List<Trial> covered =
        List.of(
            new Trial("mlp"),
            new Trial("cnn").inputs(IMAGES).model(cnn(true, 0.3)),
            new Trial("resnet").inputs(SMALL_IMAGES).model(RESNET),
            new Trial("cnn1d").inputs(SERIES).model(Requests.cnn1d(Joint.AVERAGE, 1)),
            new Trial("lstm").inputs(SERIES).model(new ModelSpec.Lstm(List.of(4), List.of(3), 0.1)),
            new Trial("bilstm")
                .inputs(SERIES)
                .model(new ModelSpec.Bilstm(List.of(3), List.of(), 0)));
    assertThat(covered)
        .allSatisfy(
            trial ->
                assertThat(trial.engine(Engine.AUTO).engine())
                    .as(trial.toString())
                    .isEqualTo(EngineChoice.Engine.ONEDNN));
  }

  @ParameterizedTest
  @EnumSource(names = {"ONEDNN", "DL4J"})
  void roundsByTheNumberOfRanksAndAlwaysAlike(Engine engine) throws Exception {
    Trial trial = new Trial("rounding").engine(engine);
    NetworkConfiguration network = trial.network();
    RandomExamples data = trial.examples();
    float[][] results = new float[3][];
    for (int ranks = 1; ranks <= 3; ranks++) {
      results[ranks - 1] = RanksOfThreads.train(trial, network, data, ranks).parameters();
      float[] again = RanksOfThreads.train(trial, network, data, ranks).parameters();
      assertThat(Arrays.equals(again, results[ranks - 1])).as("%d ranks again", ranks).isTrue();
    }
    assertThat(Arrays.equals(results[0], results[1])).isFalse();
    assertThat(Arrays.equals(results[0], results[2])).isFalse();
    assertThat(Arrays.equals(results[1], results[2])).isFalse();
  }

  private static void assertSameAsFit(Trial trial, int... ranks) throws Exception {
    NetworkConfiguration network = trial.network();
    RandomExamples data = trial.examples();
    float[] expected = new PlainDl4j(trial, network, data).fit();
    for (Engine engine : engines(trial)) {
      trial.engine(engine);
      // Sharing is the loop's, whatever the engine.
      int first = engine == Engine.DL4J ? 0 : ranks.length - 1;
      for (int count : Arrays.copyOfRange(ranks, first, ranks.length)) {
        float[] actual = RanksOfThreads.train(trial, network, data, count).parameters();
        assertSame(trial, count, actual, expected);
      }
    }
  }

  /** DL4J's, and the other one if it covers the network. */
  private static List<Engine> engines(Trial trial) {
    boolean covered = trial.engine(Engine.AUTO).engine() == EngineChoice.Engine.ONEDNN;
    return covered ? List.of(Engine.DL4J, Engine.ONEDNN) : List.of(Engine.DL4J);
  }

  private static void assertSameAsReplicas(Trial trial, int... ranks) throws Exception {
    NetworkConfiguration network = trial.network();
    RandomExamples data = trial.examples();
    for (int count : ranks) {
      Outcome outcome = RanksOfThreads.train(trial, network, data, count);
      float[] expected = new PlainDl4j(trial, network, data).averageOf(count, outcome.seeds());
      assertSame(trial, count, outcome.parameters(), expected);
    }
  }

  private static void assertSame(Trial trial, int ranks, float[] actual, float[] expected) {
    double distance = distance(actual, expected);
    assertThat(distance).as("%s on %d ranks", trial, ranks).isLessThan(ROUNDING);
  }

  /** Norm of the difference over the norm. */
  private static double distance(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) expected[i] - actual[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / norm);
  }
}
