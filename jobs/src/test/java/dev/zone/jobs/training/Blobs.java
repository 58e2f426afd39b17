package dev.zone.jobs.training;

import dev.zone.conf.ModelSpec;
import dev.zone.conf.ScheduleSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TaskSpec;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.TrainingSpec.CheckpointSpec;
import dev.zone.conf.TrainingSpec.EarlyStoppingSpec;
import dev.zone.conf.UpdaterSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.ExampleSet;
import dev.zone.datasets.PreparedManifest;
import dev.zone.datasets.SeededRandom;
import dev.zone.jobs.checkpoint.Checkpoint;
import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.collective.SharedMemoryGroup;
import dev.zone.jobs.model.ModelFactory;
import dev.zone.jobs.model.ModelRequest;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.update.Dl4jTraining;
import dev.zone.jobs.update.EngineChoice;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Three clouds of points in the plane: 203 to train, 61 to validate, 60 to test; and ranks that are
 * threads.
 */
final class Blobs implements ExampleSet {
  static final TaskSpec TASK = new TaskSpec.Multiclass("cloud");

  private static final Map<Split, Integer> COUNTS =
      Map.of(Split.TRAIN, 203, Split.VALIDATION, 61, Split.TEST, 60);
  private static final PreparedManifest MANIFEST =
      new PreparedManifest(
          "chip/clouds",
          "",
          true,
          "",
          List.of(new PreparedManifest.Input("features", List.of(2), List.of("x", "y"))),
          List.of("a", "b", "c"),
          1,
          1,
          COUNTS,
          Map.of(Split.TRAIN, 203L, Split.VALIDATION, 61L, Split.TEST, 60L),
          Map.of(Split.TRAIN, List.of(68L, 68L, 67L)),
          List.of());

  private final int size;
  private final float[] points;

  private Blobs(Split split) {
    this(split, Map.of());
  }

  /**
   * @param poison values that stand in examples' first feature instead of their own
   */
  Blobs(Split split, Map<Integer, Float> poison) {
    size = COUNTS.get(split);
    points = new float[2 * size];
    SeededRandom random = new SeededRandom(split.ordinal());
    for (int i = 0; i < size; i++) {
      double angle = 2 * Math.PI * (i % 3) / 3;
      points[2 * i] = (float) (Math.cos(angle) + 0.35 * random.nextGaussian());
      points[2 * i + 1] = (float) (Math.sin(angle) + 0.35 * random.nextGaussian());
    }
    poison.forEach((example, value) -> points[2 * example] = value);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void copyInput(int example, int input, FloatBuffer into) {
    into.put(points, 2 * example, 2);
  }

  @Override
  public void copyTarget(int example, FloatBuffer into) {
    into.put(example % 3);
  }

  @Override
  public String origin(int example) {
    return "clouds:" + example;
  }

  static ModelSpec plain() {
    return new ModelSpec.Mlp(List.of(16, 8), ModelSpec.Activation.TANH, false, 0, 0, 0);
  }

  static ModelSpec dropout() {
    return new ModelSpec.Mlp(List.of(16, 8), ModelSpec.Activation.RELU, false, 0.3, 0, 0);
  }

  static TrainingSpec training(int epochs) {
    return training(epochs, spec -> spec);
  }

  static TrainingSpec training(int epochs, UnaryOperator<TrainingSpec> change) {
    return change.apply(
        of(
            epochs,
            32,
            0.01,
            7,
            0,
            Optional.empty(),
            new CheckpointSpec(Optional.empty(), Optional.empty(), 2, Optional.empty()),
            TrainingSpec.Export.LAST));
  }

  static TrainingSpec withBatchSize(TrainingSpec s, int size) {
    return of(
        s.epochs(),
        size,
        rate(s),
        s.seed(),
        s.averaging(),
        s.earlyStopping(),
        s.checkpoint(),
        s.export());
  }

  static TrainingSpec withSeed(TrainingSpec s, long seed) {
    return of(
        s.epochs(),
        s.batchSize(),
        rate(s),
        seed,
        s.averaging(),
        s.earlyStopping(),
        s.checkpoint(),
        s.export());
  }

  static TrainingSpec withAveraging(TrainingSpec s) {
    return of(
        s.epochs(),
        s.batchSize(),
        rate(s),
        s.seed(),
        0.9,
        s.earlyStopping(),
        s.checkpoint(),
        s.export());
  }

  static TrainingSpec withCheckpoints(TrainingSpec s, int everySteps) {
    return of(
        s.epochs(),
        s.batchSize(),
        rate(s),
        s.seed(),
        s.averaging(),
        s.earlyStopping(),
        new CheckpointSpec(Optional.of(everySteps), Optional.empty(), 2, Optional.empty()),
        TrainingSpec.Export.BEST);
  }

  static TrainingSpec withEarlyStopping(TrainingSpec s, EarlyStoppingSpec stopping, double rate) {
    return of(
        s.epochs(),
        s.batchSize(),
        rate,
        s.seed(),
        0,
        Optional.of(stopping),
        s.checkpoint(),
        TrainingSpec.Export.BEST);
  }

  /** The same training with other answers to numbers that are none, and other validations. */
  static TrainingSpec with(
      TrainingSpec s, TrainingSpec.NonFinite nonFinite, Optional<Integer> validateEverySteps) {
    return with(s, nonFinite, validateEverySteps, s.engine());
  }

  /** The same training on another engine. */
  static TrainingSpec on(TrainingSpec.Engine engine, TrainingSpec s) {
    return with(s, s.nonFinite(), s.validateEverySteps(), engine);
  }

  private static TrainingSpec with(
      TrainingSpec s,
      TrainingSpec.NonFinite nonFinite,
      Optional<Integer> validateEverySteps,
      TrainingSpec.Engine engine) {
    return new TrainingSpec(
        s.epochs(),
        s.batchSize(),
        s.updater(),
        s.schedule(),
        s.seed(),
        s.l1(),
        s.l2(),
        s.weightDecay(),
        s.clipping(),
        s.classWeights(),
        s.labelSmoothing(),
        s.averaging(),
        s.earlyStopping(),
        s.checkpoint(),
        TrainingSpec.Export.BEST,
        validateEverySteps,
        nonFinite,
        s.batchStatistics(),
        s.tbpttLength(),
        engine,
        TrainingSpec.Precision.FLOAT32);
  }

  private static double rate(TrainingSpec spec) {
    return spec.updater().learningRate();
  }

  private static TrainingSpec of(
      int epochs,
      int batchSize,
      double rate,
      long seed,
      double averaging,
      Optional<EarlyStoppingSpec> stopping,
      CheckpointSpec checkpoint,
      TrainingSpec.Export export) {
    return new TrainingSpec(
        epochs,
        batchSize,
        new UpdaterSpec.Adam(rate, 0.9, 0.999, 1e-8),
        new ScheduleSpec.Constant(),
        seed,
        0,
        0,
        0.01,
        Optional.empty(),
        TrainingSpec.ClassWeights.BALANCED,
        0,
        averaging,
        stopping,
        checkpoint,
        export,
        Optional.empty(),
        TrainingSpec.NonFinite.STOP,
        TrainingSpec.BatchStatistics.REPLICA,
        Optional.empty(),
        TrainingSpec.Engine.AUTO,
        TrainingSpec.Precision.FLOAT32);
  }

  /** Trains on threads; the results by rank. */
  static List<TrainingResult> onRanks(
      int ranks,
      TrainingSpec training,
      ModelSpec model,
      RankTraining.Surroundings surroundings,
      Optional<Checkpoint> from)
      throws Exception {
    return onRanks(ranks, training, model, surroundings, from, Blobs::new);
  }

  /** The same on other examples. */
  static List<TrainingResult> onRanks(
      int ranks,
      TrainingSpec training,
      ModelSpec model,
      RankTraining.Surroundings surroundings,
      Optional<Checkpoint> from,
      Function<Split, ExampleSet> examples)
      throws Exception {
    Problems problems = new Problems();
    NetworkConfiguration network =
        ModelFactory.create(
                new ModelRequest(
                    model,
                    TASK,
                    training,
                    MANIFEST.inputs(),
                    3,
                    Job.batchesPerEpoch(203, training.batchSize()),
                    Path.of(".")),
                problems)
            .orElseThrow();
    SharedMemoryGroup group = new SharedMemoryGroup(ranks, Duration.ofSeconds(60));
    ExecutorService threads = Executors.newFixedThreadPool(ranks);
    try {
      List<Future<TrainingResult>> futures = new ArrayList<>();
      for (int r = 0; r < ranks; r++) {
        int rank = r;
        futures.add(
            threads.submit(
                () -> one(group.join(rank), network, training, surroundings, from, examples)));
      }
      List<TrainingResult> results = new ArrayList<>();
      for (Future<TrainingResult> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    } finally {
      threads.shutdownNow();
    }
  }

  private static TrainingResult one(
      Collective collective,
      NetworkConfiguration network,
      TrainingSpec training,
      RankTraining.Surroundings surroundings,
      Optional<Checkpoint> from,
      Function<Split, ExampleSet> examples) {
    try (collective;
        Dl4jTraining made =
            Dl4jTraining.create(
                network,
                Optional.empty(),
                Optional.empty(),
                Dl4jTraining.How.of(
                    EngineChoice.of(network, new EngineChoice.Circumstances(training, false, false))
                        .engine()))) {
      Job job = new Job(TASK, training, MANIFEST, examples, 1);
      RankTraining loop =
          new RankTraining(job, collective, made.engine(), made.update(), surroundings);
      from.ifPresent(loop::restore);
      return loop.run();
    }
  }
}
