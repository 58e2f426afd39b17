package dev.zone.jobs.training;

import dev.zone.conf.MetricName;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.SeededRandom;
import dev.zone.jobs.checkpoint.Checkpoint;
import dev.zone.jobs.checkpoint.Checkpoints;
import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.evaluation.Metrics;
import dev.zone.jobs.evaluation.Predictions;
import dev.zone.jobs.training.TrainingListener.EpochSummary;
import dev.zone.jobs.update.Update;
import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/** Trains one rank's replica, from the first step to the predictions of the exported model. */
public final class RankTraining {
  private static final long STEP_STREAM = 0x73746570L; // "step"
  private static final int SMALLEST_PREDICTION_BATCH = 256;

  private final Job job;
  private final TrainingSpec training;
  private final Collective collective;
  private final Engine engine;
  private final Update update;
  private final Surroundings surroundings;

  private final int examples;
  private final int stepsPerEpoch;
  private final BatchAssembler batches;
  private final Predictor predictor;
  private final Optional<MovingAverage> average;
  private final EarlyStopping stopping;
  private final FloatBuffer control = BatchAssembler.direct(3);

  private float[] best = new float[0];
  private int step;
  private int epoch;
  private double epochLoss;
  private long epochExamples;
  private double secondsBefore;
  private long startNanos;
  private boolean cancelled;

  /**
   * What the rank's surroundings lend it.
   *
   * @param augmenters one an input of the model; empty for none
   * @param checkpoints where rank 0 writes; empty for none
   * @param listener told by rank 0
   * @param cancel asked by rank 0 at each step
   */
  public record Surroundings(
      List<Augmenter> augmenters,
      Optional<Checkpoints> checkpoints,
      TrainingListener listener,
      BooleanSupplier cancel) {}

  public RankTraining(
      Job job, Collective collective, Engine engine, Update update, Surroundings surroundings) {
    this.job = job;
    this.training = job.training();
    this.collective = collective;
    this.engine = engine;
    this.update = update;
    this.surroundings = surroundings;
    this.examples = job.count(Split.TRAIN);
    this.stepsPerEpoch = job.stepsPerEpoch();
    int local = Share.largest(collective.size(), Math.min(training.batchSize(), examples));
    int prediction = Math.max(local, SMALLEST_PREDICTION_BATCH);
    this.batches =
        new BatchAssembler(
            job,
            prediction,
            engine.outputs(),
            ClassWeighting.weights(training.classWeights(), job.classCounts()));
    this.predictor = new Predictor(job, engine, collective, batches, prediction);
    this.average =
        training.averaging() > 0
            ? Optional.of(new MovingAverage(training.averaging(), engine.parameters()))
            : Optional.empty();
    this.stopping =
        training
            .earlyStopping()
            .map(spec -> new EarlyStopping(spec.metric(), spec.patience(), spec.minDelta()))
            .orElseGet(() -> new EarlyStopping(MetricName.LOSS, Integer.MAX_VALUE, 0));
  }

  /** Goes on from a checkpoint of the same plan. Before {@link #run}, on every rank. */
  public void restore(Checkpoint checkpoint) {
    Checkpoint.Position position = checkpoint.position();
    if (checkpoint.parameters().length != engine.parameters().capacity()
        || checkpoint.updaterState().length != update.state().capacity()
        || checkpoint.average().isPresent() != average.isPresent()) {
      throw new ZoneException(
          ErrorKind.USER,
          "Cannot go on from a checkpoint of "
              + checkpoint.parameters().length
              + " parameters (expected one of the same plan, with "
              + engine.parameters().capacity()
              + ")");
    }
    engine.parameters().put(0, checkpoint.parameters());
    update.state().put(0, checkpoint.updaterState());
    average.ifPresent(
        mean ->
            System.arraycopy(
                checkpoint.average().orElseThrow(), 0, mean.values(), 0, mean.values().length));
    best = checkpoint.best().orElse(new float[0]);
    stopping.restore(position.bestValue(), position.bestEpoch(), position.epochsSinceBest());
    step = position.step();
    epoch = position.epoch();
    epochLoss = position.epochLoss();
    epochExamples = position.epochExamples();
    secondsBefore = position.seconds();
  }

  /**
   * Trains, then predicts validation and test with the exported parameters; the test split is read
   * here for the first time.
   *
   * @throws ZoneException if the loss is no longer a number, a rank fails, or replicas differ
   */
  public TrainingResult run() {
    startNanos = System.nanoTime();
    while (epoch < training.epochs() && !cancelled && !stopping.isOver()) {
      trainEpoch();
      if (!cancelled) {
        endEpoch();
      }
    }
    if (cancelled) {
      writeCheckpoint();
    }
    double seconds = seconds();
    Replicas.requireEqual(collective, step, engine.parameters(), update.state());
    boolean exportBest = best.length > 0 && training.export() == TrainingSpec.Export.BEST;
    int exportedEpoch = exportBest ? stopping.bestEpoch() : epoch;
    if (exportBest) {
      engine.parameters().put(0, best);
    } else {
      average.ifPresent(MovingAverage::swapIn);
    }
    float[] parameters = new float[engine.parameters().capacity()];
    engine.parameters().get(0, parameters);
    Map<Split, Predictions> predictions = new EnumMap<>(Split.class);
    Map<Split, Double> losses = new EnumMap<>(Split.class);
    if (!cancelled) {
      for (Split split : List.of(Split.VALIDATION, Split.TEST)) {
        if (job.has(split)) {
          predictions.put(split, predictor.predict(split));
          losses.put(split, TaskLoss.mean(job.task(), predictions.get(split)));
        }
      }
    }
    return new TrainingResult(
        parameters,
        step,
        epoch,
        exportedEpoch,
        cancelled,
        examplesSeen(),
        seconds,
        predictions,
        losses);
  }

  private void trainEpoch() {
    EpochOrder order = EpochOrder.of(examples, seed(), epoch);
    long epochSeed = SeededRandom.mix(seed(), job.fold(), epoch);
    for (int s = step - epoch * stepsPerEpoch; s < stepsPerEpoch && !cancelled; s++) {
      int start = s * training.batchSize();
      int size = Math.min(training.batchSize(), examples - start);
      Share share = Share.of(collective.rank(), collective.size(), size);
      long began = System.nanoTime();
      double loss = 0;
      if (share.size() > 0) {
        Batch batch =
            batches.training(
                job.examples().apply(Split.TRAIN),
                share.size(),
                place -> order.example(start + share.start() + place),
                surroundings.augmenters(),
                epochSeed);
        loss = engine.computeGradient(batch, stepSeed());
      } else {
        clear(engine.gradient());
      }
      double total = combine(loss);
      collective.allReduce(engine.gradient());
      update.apply(size, step, epoch);
      average.ifPresent(mean -> mean.update(step));
      step++;
      epochLoss += total;
      epochExamples += size;
      requireFinite(total);
      if (collective.rank() == 0) {
        surroundings
            .listener()
            .step(
                job.fold(),
                epoch + 1,
                step,
                total / size,
                size / ((System.nanoTime() - began) / 1e9),
                seconds());
      }
      Optional<Integer> every = training.checkpoint().everySteps();
      if (every.isPresent() && step % every.get() == 0) {
        writeCheckpoint();
      }
    }
  }

  private long seed() {
    return training.seed();
  }

  private long stepSeed() {
    return SeededRandom.mix(
        SeededRandom.mix(seed(), STEP_STREAM, job.fold()), step, collective.rank());
  }

  /**
   * Sums the ranks' losses, and lets all ranks learn in the same step that somebody wants the end.
   *
   * @return sum of the loss over the global batch
   */
  private double combine(double loss) {
    float high = (float) loss;
    control.put(0, high);
    control.put(1, (float) (loss - high));
    control.put(2, collective.rank() == 0 && surroundings.cancel().getAsBoolean() ? 1 : 0);
    collective.allReduce(control);
    cancelled = control.get(2) != 0;
    return (double) control.get(0) + control.get(1);
  }

  private void requireFinite(double loss) {
    if (Double.isNaN(loss) || Double.isInfinite(loss)) {
      throw new ZoneException(
          ErrorKind.USER,
          String.format(
              "Cannot go on training: the loss is %s at step %d, epoch %d (expected a finite number; a lower"
                  + " training.updater learningRate, training.clipping or standardised inputs usually help)",
              loss, step, epoch + 1));
    }
  }

  private void endEpoch() {
    epoch++;
    double seconds = seconds();
    Map<MetricName, Double> validation = new EnumMap<>(MetricName.class);
    double value = epochLoss / epochExamples;
    if (job.has(Split.VALIDATION)) {
      average.ifPresent(MovingAverage::swapIn);
      Predictions predictions = predictor.predict(Split.VALIDATION);
      average.ifPresent(MovingAverage::swapOut);
      double loss = TaskLoss.mean(job.task(), predictions);
      validation.putAll(Metrics.computeAll(job.task(), predictions, OptionalDouble.empty(), loss));
      value = validation.getOrDefault(stopping.metric(), Double.NaN);
    }
    boolean isBest = stopping.isBest(value, epoch);
    if (isBest && training.export() == TrainingSpec.Export.BEST && job.has(Split.VALIDATION)) {
      rememberBest();
    }
    if (collective.rank() == 0) {
      surroundings
          .listener()
          .epoch(
              new EpochSummary(
                  job.fold(),
                  epoch,
                  step,
                  epochLoss / epochExamples,
                  update.learningRate(step - 1, epoch - 1),
                  seconds(),
                  examplesSeen() / Math.max(1e-9, seconds),
                  validation,
                  isBest));
    }
    epochLoss = 0;
    epochExamples = 0;
    if (training.checkpoint().everySteps().isEmpty()) {
      writeCheckpoint();
    }
  }

  private void rememberBest() {
    if (best.length == 0) {
      best = new float[engine.parameters().capacity()];
    }
    if (average.isPresent()) {
      System.arraycopy(average.get().values(), 0, best, 0, best.length);
    } else {
      engine.parameters().get(0, best);
    }
  }

  private void writeCheckpoint() {
    if (surroundings.checkpoints().isEmpty()) {
      return;
    }
    Replicas.requireEqual(collective, step, engine.parameters(), update.state());
    if (collective.rank() != 0) {
      return;
    }
    surroundings
        .checkpoints()
        .get()
        .write(
            new Checkpoint(
                new Checkpoint.Position(
                    job.fold(),
                    step,
                    epoch,
                    epochLoss,
                    epochExamples,
                    stopping.best(),
                    stopping.bestEpoch(),
                    stopping.epochsSince(),
                    seconds()),
                copy(engine.parameters()),
                copy(update.state()),
                average.map(mean -> mean.values().clone()),
                best.length == 0 ? Optional.empty() : Optional.of(best.clone())));
    surroundings.listener().checkpoint(job.fold(), epoch, step);
  }

  private long examplesSeen() {
    return (long) epoch * examples + epochExamples;
  }

  private double seconds() {
    return secondsBefore + (System.nanoTime() - startNanos) / 1e9;
  }

  private static float[] copy(FloatBuffer buffer) {
    float[] values = new float[buffer.capacity()];
    buffer.get(0, values);
    return values;
  }

  private static void clear(FloatBuffer buffer) {
    for (int i = 0; i < buffer.capacity(); i++) {
      buffer.put(i, 0);
    }
  }
}
