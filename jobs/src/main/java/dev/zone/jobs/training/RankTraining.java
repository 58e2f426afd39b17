package dev.zone.jobs.training;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.checkpoint.Checkpoint;
import dev.zone.jobs.checkpoint.Checkpoints;
import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.evaluation.Predictions;
import dev.zone.jobs.training.TrainingListener.EpochSummary;
import dev.zone.jobs.update.Update;
import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Trains one rank's replica, from the first step to the predictions of the exported model. */
public final class RankTraining {
  /** The events that name clipped numbers; after these only the last count is told. */
  private static final int CLIPPED_TOLD = 10;

  private final Job job;
  private final TrainingSpec training;
  private final Collective collective;
  private final Engine engine;
  private final Update update;
  private final Surroundings surroundings;

  private final int examples;

  /** Optimizer steps that a batch takes: one for each piece of its windows. */
  private final int segments;

  private final int stepsPerEpoch;
  private final Predictor predictor;
  private final Optional<MovingAverage> average;
  private final LocalGradient gradient;
  private final Validation validation;
  private final StepControl control;
  private final Pace pace;

  private Optional<Saver> saver = Optional.empty();
  private int step;
  private int epoch;
  private double epochLoss;
  private long epochTargets;
  private int clippedSteps;
  private double secondsBefore;
  private long startNanos;
  private boolean cancelled;

  /**
   * What the rank's surroundings lend it.
   *
   * @param augmenters one an input of the model; empty for none
   * @param saving of the training's state; empty for none
   * @param listener told by rank 0
   * @param cancel asked by rank 0 at each step
   */
  public record Surroundings(
      List<Augmenter> augmenters,
      Optional<Saving> saving,
      TrainingListener listener,
      BooleanSupplier cancel) {}

  /**
   * How a training's state is saved.
   *
   * @param checkpoints where rank 0 writes
   * @param origin what they say of where they come from
   * @param transforms text of the fitted transforms, which they carry
   */
  public record Saving(Checkpoints checkpoints, Checkpoint.Origin origin, String transforms) {}

  public RankTraining(
      Job job, Collective collective, Engine engine, Update update, Surroundings surroundings) {
    this.job = job;
    this.training = job.training();
    this.collective = collective;
    this.engine = engine;
    this.update = update;
    this.surroundings = surroundings;
    this.examples = job.count(Split.TRAIN);
    this.segments = engine.targets().segments();
    this.stepsPerEpoch = Math.multiplyExact(job.batchesPerEpoch(), segments);
    int local = Share.largest(collective.size(), Math.min(training.batchSize(), examples));
    int prediction = engine.predictionBatch(local);
    BatchAssembler batches =
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
    this.gradient = new LocalGradient(job, collective, engine, batches, surroundings.augmenters());
    this.validation = new Validation(job, engine, predictor, average);
    this.control = new StepControl(collective);
    this.pace = new Pace(collective.size());
  }

  /** Optimizer steps done so far; for messages. */
  public int step() {
    return step;
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
    validation.restore(checkpoint);
    step = position.step();
    epoch = position.epoch();
    epochLoss = position.epochLoss();
    epochTargets = position.epochExamples();
    secondsBefore = position.seconds();
  }

  /**
   * Trains, then predicts validation and test with the exported parameters; the test split is read
   * here for the first time.
   *
   * @throws ZoneException if the loss or a gradient is no longer a number, a checkpoint cannot be
   *     written, a rank fails, or replicas differ
   */
  public TrainingResult run() {
    startNanos = System.nanoTime();
    if (collective.rank() == 0) {
      saver =
          surroundings
              .saving()
              .map(
                  saving ->
                      new Saver(
                          training.checkpoint(), saving.checkpoints(), surroundings.listener()));
    }
    try {
      while (epoch < training.epochs() && !cancelled && !validation.isOver()) {
        trainEpoch();
        if (!cancelled && !validation.isOver()) {
          endEpoch();
        }
      }
      Replicas.requireEqual(collective, step, engine.parameters(), update.state());
      // A model that is done is not lost because its last state cannot be saved; one that is to go
      // on later is.
      saver.ifPresent(one -> one.saveEnd(step, this::checkpoint, cancelled));
      TrainingResult result = cancelled ? cancelledResult() : result();
      saver.ifPresent(one -> one.finish(cancelled));
      return result;
    } finally {
      saver.ifPresent(Saver::close);
    }
  }

  private TrainingResult cancelledResult() {
    return new TrainingResult(
        copy(engine.parameters()),
        step,
        epoch,
        epoch,
        true,
        examplesSeen(),
        seconds(),
        Map.of(),
        Map.of());
  }

  private TrainingResult result() {
    double seconds = seconds();
    int exportedEpoch = validation.export(epoch);
    Map<Split, Predictions> predictions = new EnumMap<>(Split.class);
    Map<Split, Double> losses = new EnumMap<>(Split.class);
    for (Split split : List.of(Split.VALIDATION, Split.TEST)) {
      if (job.has(split)) {
        predictions.put(split, predictor.predict(split));
        losses.put(split, TaskLoss.mean(job.task(), predictions.get(split)));
      }
    }
    return new TrainingResult(
        copy(engine.parameters()),
        step,
        epoch,
        exportedEpoch,
        false,
        examplesSeen(),
        seconds,
        predictions,
        losses);
  }

  private void trainEpoch() {
    EpochOrder order = EpochOrder.of(examples, training.seed(), epoch);
    for (int batch = batchesOfEpoch();
        batch < job.batchesPerEpoch() && !cancelled && !validation.isOver();
        batch++) {
      trainBatch(order, batch * training.batchSize());
    }
  }

  /** Batches of the epoch at work that are done. */
  private int batchesOfEpoch() {
    return (step - epoch * stepsPerEpoch) / segments;
  }

  /**
   * One optimizer step, or one for each piece of the batch's windows. What else there is to do
   * waits for the last of them, so that no state of recurrent layers has to be kept.
   */
  private void trainBatch(EpochOrder order, int start) {
    int size = Math.min(training.batchSize(), examples - start);
    long began = System.nanoTime();
    gradient.begin(order, start, size, epoch);
    boolean save = false;
    for (int piece = 0; piece < segments; piece++) {
      trainStep(piece, size, began);
      save |= control.isCheckpoint();
      began = System.nanoTime();
    }
    if (!cancelled && validation.isDue(step, segments)) {
      validate();
    }
    // Somebody who wants the end gets a checkpoint when the loop is left.
    if (save && !cancelled) {
      writeCheckpoint();
    }
  }

  /**
   * @param began when work on the step began
   */
  private void trainStep(int piece, int size, long began) {
    update.begin(step, epoch);
    LocalGradient.Computed computed = gradient.compute(engine.targets().segment(piece), step);
    control.exchange(
        new StepControl.Part(
            computed.loss(),
            (System.nanoTime() - began) / 1e9,
            computed.clipped(),
            collective.rank() == 0 && surroundings.cancel().getAsBoolean(),
            saver.isPresent() && saver.get().isWantedAfter(step + 1)));
    cancelled |= control.isCancelled();
    collective.allReduce(engine.gradient());
    double total = control.loss();
    long targets = gradient.targets();
    Optional<String> flaw = gradient.check(total);
    if (flaw.isEmpty()) {
      update.apply(size, step, epoch);
      average.ifPresent(mean -> mean.update(step));
      epochLoss += total;
      epochTargets += targets;
      if (piece < segments - 1) {
        engine.carryState();
      }
    } else if (collective.rank() == 0) {
      surroundings.listener().event("skipped step", flaw.get());
    }
    step++;
    if (collective.rank() == 0) {
      double seconds = (System.nanoTime() - began) / 1e9;
      tell(total / Math.max(1, targets), size / (segments * seconds));
    }
  }

  /** On rank 0, after each step. */
  private void tell(double loss, double examplesPerSecond) {
    TrainingListener listener = surroundings.listener();
    listener.step(job.fold(), epoch + 1, step, loss, examplesPerSecond, seconds());
    if (control.clipped() > 0 && clippedSteps++ < CLIPPED_TOLD) {
      listener.event(
          "clipped gradient",
          "step "
              + step
              + ": "
              + control.clipped()
              + " numbers of the gradient were not finite and were clipped"
              + (clippedSteps == CLIPPED_TOLD ? "; later steps are not told" : ""));
    }
    pace.step(control).ifPresent(news -> listener.event("slow", news));
  }

  private void validate() {
    Validation.Result result = validation.afterStep(epoch + 1, step);
    if (collective.rank() == 0) {
      surroundings
          .listener()
          .validation(job.fold(), epoch + 1, step, result.metrics(), result.isBest());
    }
  }

  private void endEpoch() {
    epoch++;
    double seconds = seconds();
    double mean = epochLoss / epochTargets;
    Validation.Result result = validation.atEpochEnd(epoch, step, mean);
    if (collective.rank() == 0) {
      surroundings
          .listener()
          .epoch(
              new EpochSummary(
                  job.fold(),
                  epoch,
                  step,
                  mean,
                  update.learningRate(step - 1, epoch - 1),
                  seconds(),
                  examplesSeen() / Math.max(1e-9, seconds),
                  result.metrics(),
                  result.isBest()));
    }
    epochLoss = 0;
    epochTargets = 0;
    control.exchange(
        new StepControl.Part(
            0, 0, 0, false, saver.isPresent() && saver.get().isWantedAtEpochEnd()));
    if (control.isCheckpoint()) {
      writeCheckpoint();
    }
  }

  /** All ranks compare, rank 0 saves. */
  private void writeCheckpoint() {
    Replicas.requireEqual(collective, step, engine.parameters(), update.state());
    saver.ifPresent(one -> one.save(checkpoint()));
  }

  private Checkpoint checkpoint() {
    EarlyStopping stopping = validation.stopping();
    return new Checkpoint(
        new Checkpoint.Position(
            job.fold(),
            step,
            epoch,
            epochLoss,
            epochTargets,
            stopping.best(),
            stopping.bestEpoch(),
            stopping.bestStep(),
            stopping.validationsSince(),
            seconds()),
        copy(engine.parameters()),
        copy(update.state()),
        average.map(mean -> mean.values().clone()),
        validation.best(),
        surroundings.saving().orElseThrow().origin(),
        surroundings.saving().orElseThrow().transforms());
  }

  private long examplesSeen() {
    long ofEpoch = (long) batchesOfEpoch() * training.batchSize();
    return (long) epoch * examples + Math.min(examples, ofEpoch);
  }

  private double seconds() {
    return secondsBefore + (System.nanoTime() - startNanos) / 1e9;
  }

  private static float[] copy(FloatBuffer buffer) {
    float[] values = new float[buffer.capacity()];
    buffer.get(0, values);
    return values;
  }
}
