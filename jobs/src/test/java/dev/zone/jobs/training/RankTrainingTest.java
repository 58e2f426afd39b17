package dev.zone.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.MetricName;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.TrainingSpec.EarlyStoppingSpec;
import dev.zone.conf.TrainingSpec.Engine;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import dev.zone.jobs.checkpoint.Checkpoint;
import dev.zone.jobs.checkpoint.Checkpoints;
import dev.zone.jobs.collective.SharedMemoryGroup;
import dev.zone.jobs.evaluation.Metrics;
import dev.zone.jobs.evaluation.Predictions;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The loop on real engines: threads of this JVM are the ranks. */
@Timeout(120)
class RankTrainingTest {
  @TempDir Path folder;
  private Path checkpointsFolder;

  @BeforeEach
  void placeCheckpoints() {
    checkpointsFolder = folder.resolve("checkpoints");
  }

  @Test
  void trainsTheSameModelOnAnyNumberOfRanks() throws Exception {
    // 203 examples in batches of 32: the last batch has 11, which 3 and 4 ranks cannot share
    // evenly.
    TrainingSpec training = Blobs.training(3);
    float[] one = train(1, training).get(0).parameters();
    for (int ranks = 2; ranks <= 4; ranks++) {
      List<TrainingResult> results = train(ranks, training);
      for (TrainingResult result : results) {
        assertThat(Arrays.equals(result.parameters(), results.get(0).parameters())).isTrue();
        assertThat(
                Arrays.equals(
                    result.predictions().get(Split.TEST).values(),
                    results.get(0).predictions().get(Split.TEST).values()))
            .isTrue();
      }
      assertThat(distance(one, results.get(0).parameters())).as("%d ranks", ranks).isLessThan(1e-5);
    }
  }

  @Test
  void givesARankNothingWhenABatchHasFewerExamplesThanRanks() throws Exception {
    // 203 = 6 * 33 + 5: five examples for six ranks.
    TrainingSpec training = Blobs.training(2, spec -> Blobs.withBatchSize(spec, 33));
    float[] one = train(1, training).get(0).parameters();
    assertThat(distance(one, train(6, training).get(0).parameters())).isLessThan(1e-5);
  }

  @Test
  void learns() throws Exception {
    TrainingResult result = train(2, Blobs.training(12)).get(0);
    Predictions test = result.predictions().get(Split.TEST);
    assertThat(
            Metrics.compute(MetricName.ACCURACY, Blobs.TASK, test, OptionalDouble.empty(), 0)
                .getAsDouble())
        .isGreaterThan(0.9);
    assertThat(result.losses().get(Split.TEST)).isLessThan(0.4);
    assertThat(result.epochs()).isEqualTo(12);
    assertThat(result.steps()).isEqualTo(12 * 7);
    assertThat(result.examplesSeen()).isEqualTo(12 * 203);
  }

  @ParameterizedTest
  @EnumSource(names = {"ONEDNN", "DL4J"})
  void repeatsToTheBitAndChangesWithTheSeed(Engine engine) throws Exception {
    TrainingSpec training = Blobs.on(engine, Blobs.training(2, Blobs::withAveraging));
    float[] first = train(2, training, Blobs.dropout()).get(0).parameters();
    assertThat(Arrays.equals(train(2, training, Blobs.dropout()).get(0).parameters(), first))
        .isTrue();
    TrainingSpec other =
        Blobs.on(engine, Blobs.training(2, spec -> Blobs.withSeed(Blobs.withAveraging(spec), 8)));
    assertThat(Arrays.equals(train(2, other, Blobs.dropout()).get(0).parameters(), first))
        .isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"ONEDNN", "DL4J"})
  void goesOnFromACheckpointAsIfNothingHadHappened(Engine engine) throws Exception {
    TrainingSpec training =
        Blobs.on(
            engine, Blobs.training(4, spec -> Blobs.withCheckpoints(Blobs.withAveraging(spec), 5)));
    float[] undisturbed = train(2, training, Blobs.dropout()).get(0).parameters();
    checkpointsFolder = folder.resolve("stopped");
    AtomicInteger asked = new AtomicInteger();
    BooleanSupplier cancelAtStep13 = () -> asked.incrementAndGet() == 13;
    List<TrainingResult> stopped =
        onRanks(
            2,
            training,
            Blobs.dropout(),
            Optional.empty(),
            cancelAtStep13,
            new TrainingListener() {});
    assertThat(stopped.get(0).cancelled()).isTrue();
    assertThat(stopped.get(0).steps()).isEqualTo(13);
    assertThat(stopped.get(0).predictions()).isEmpty();
    Checkpoints checkpoints = new Checkpoints(Storage.local(checkpointsFolder), 2);
    Checkpoint newest = checkpoints.read(checkpoints.list().get(0), 1000);
    assertThat(newest.position().step()).isEqualTo(13);
    List<TrainingResult> resumed =
        onRanks(
            2,
            training,
            Blobs.dropout(),
            Optional.of(newest),
            () -> false,
            new TrainingListener() {});
    assertThat(resumed.get(0).steps()).isEqualTo(4 * 7);
    assertThat(Arrays.equals(resumed.get(0).parameters(), undisturbed)).isTrue();
  }

  @Test
  void exportsTheBestEpochAndStopsWhenItNoLongerImproves() throws Exception {
    // A learning rate this high makes later epochs worse.
    TrainingSpec training =
        Blobs.training(
            40,
            spec ->
                Blobs.withEarlyStopping(spec, new EarlyStoppingSpec(MetricName.LOSS, 3, 0), 0.2));
    List<TrainingListener.EpochSummary> epochs = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void epoch(EpochSummary summary) {
            epochs.add(summary);
          }
        };
    TrainingResult result =
        onRanks(2, training, Blobs.plain(), Optional.empty(), () -> false, listener).get(0);
    assertThat(result.epochs()).isLessThan(40).isEqualTo(epochs.size());
    assertThat(result.exportedEpoch()).isEqualTo(result.epochs() - 3);
    double best =
        epochs.stream()
            .mapToDouble(epoch -> epoch.validation().get(MetricName.LOSS))
            .min()
            .getAsDouble();
    assertThat(result.losses().get(Split.VALIDATION)).isEqualTo(best);
    assertThat(epochs.get(result.exportedEpoch() - 1).best()).isTrue();
  }

  @Test
  void validatesEverySoManyStepsAndExportsTheBestOfThose() throws Exception {
    TrainingSpec training =
        Blobs.with(
            Blobs.training(
                6,
                spec ->
                    Blobs.withEarlyStopping(
                        spec, new EarlyStoppingSpec(MetricName.LOSS, 100, 0), 0.2)),
            TrainingSpec.NonFinite.STOP,
            Optional.of(5));
    List<Integer> steps = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void validation(
              int fold, int epoch, int step, Map<MetricName, Double> metrics, boolean best) {
            steps.add(step);
            losses.add(metrics.get(MetricName.LOSS));
          }

          @Override
          public void epoch(EpochSummary summary) {
            if (!summary.validation().isEmpty()) {
              steps.add(summary.step());
              losses.add(summary.validation().get(MetricName.LOSS));
            }
          }
        };
    TrainingResult result =
        onRanks(2, training, Blobs.plain(), Optional.empty(), () -> false, listener).get(0);
    // 42 steps; the last validation is the training's end.
    assertThat(steps).containsExactly(5, 10, 15, 20, 25, 30, 35, 40, 42);
    double best = losses.stream().mapToDouble(Double::doubleValue).min().getAsDouble();
    assertThat(result.losses().get(Split.VALIDATION)).isEqualTo(best);
    assertThat(result.exportedEpoch()).isEqualTo((steps.get(losses.indexOf(best)) + 6) / 7);
  }

  @Test
  void stopsWhenTheLossIsNoNumber() {
    TrainingSpec training =
        Blobs.training(
            5,
            spec ->
                Blobs.withEarlyStopping(spec, new EarlyStoppingSpec(MetricName.LOSS, 3, 0), 1e30));
    assertThatThrownBy(() -> train(2, training))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.USER))
        .hasMessageMatching(
            "Cannot go on training: the loss is (NaN|Infinity) at step [23], epoch 1: rank 0, .*all 16 examples: clouds:\\d+.* and 11 more; rank 1, .* \\(expected finite numbers.*");
  }

  @Test
  void findsAReplicaThatDrifted() throws Exception {
    SharedMemoryGroup group = new SharedMemoryGroup(3, Duration.ofSeconds(20));
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<?>> ranks = new ArrayList<>();
      for (int r = 0; r < 3; r++) {
        int rank = r;
        FloatBuffer parameters = BatchAssembler.direct(5);
        parameters.put(3, rank == 2 ? 1.0000001f : 1);
        ranks.add(threads.submit(() -> Replicas.requireEqual(group.join(rank), 9, parameters)));
      }
      for (Future<?> rank : ranks) {
        assertThatThrownBy(rank::get)
            .cause()
            .hasMessage(
                "Cannot trust the training: rank 2 differs from rank 0 after step 9 (expected the same parameters and"
                    + " updater state to the bit)");
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void weightsRareClassesUpAndKeepsTheMean() {
    float[] weights =
        ClassWeighting.weights(TrainingSpec.ClassWeights.BALANCED, List.of(90L, 10L, 0L));
    assertThat(weights[0] * 90 + weights[1] * 10)
        .isCloseTo(100, org.assertj.core.data.Offset.offset(1e-4f));
    assertThat(weights[1] / weights[0]).isCloseTo(9, org.assertj.core.data.Offset.offset(1e-4f));
    assertThat(weights[2]).isEqualTo(1);
    float[] roots = ClassWeighting.weights(TrainingSpec.ClassWeights.SQRT, List.of(90L, 10L));
    assertThat(roots[1] / roots[0]).isCloseTo(3, org.assertj.core.data.Offset.offset(1e-4f));
    assertThat(ClassWeighting.weights(TrainingSpec.ClassWeights.NONE, List.of(1L, 2L))).isEmpty();
  }

  @Test
  void changesTrainingExamplesOnlyAndDrawsByExample() throws Exception {
    TrainingSpec training = Blobs.training(1);
    Augmenter noise = (example, seed) -> example[0] += (seed & 1023) / 1024f;
    float[] plain = train(2, training).get(0).parameters();
    List<TrainingResult> two =
        Blobs.onRanks(
            2,
            training,
            Blobs.plain(),
            surroundings(List.of(noise), () -> false, new TrainingListener() {}),
            Optional.empty());
    List<TrainingResult> three =
        Blobs.onRanks(
            3,
            training,
            Blobs.plain(),
            surroundings(List.of(noise), () -> false, new TrainingListener() {}),
            Optional.empty());
    assertThat(distance(plain, two.get(0).parameters())).isGreaterThan(1e-3);
    assertThat(distance(two.get(0).parameters(), three.get(0).parameters())).isLessThan(1e-5);
  }

  private List<TrainingResult> train(int ranks, TrainingSpec training) throws Exception {
    return train(ranks, training, Blobs.plain());
  }

  private List<TrainingResult> train(
      int ranks, TrainingSpec training, dev.zone.conf.ModelSpec model) throws Exception {
    return onRanks(
        ranks, training, model, Optional.empty(), () -> false, new TrainingListener() {});
  }

  private List<TrainingResult> onRanks(
      int ranks,
      TrainingSpec training,
      dev.zone.conf.ModelSpec model,
      Optional<Checkpoint> from,
      BooleanSupplier cancel,
      TrainingListener listener)
      throws Exception {
    return Blobs.onRanks(ranks, training, model, surroundings(List.of(), cancel, listener), from);
  }

  private RankTraining.Surroundings surroundings(
      List<Augmenter> augmenters, BooleanSupplier cancel, TrainingListener listener) {
    return new RankTraining.Surroundings(
        augmenters,
        Optional.of(
            new RankTraining.Saving(
                new Checkpoints(Storage.local(checkpointsFolder), 2),
                Checkpoint.Origin.UNKNOWN,
                "")),
        listener,
        cancel);
  }

  /** Relative to the parameters' norm. */
  private static double distance(float[] expected, float[] actual) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) expected[i] - actual[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / norm);
  }
}
