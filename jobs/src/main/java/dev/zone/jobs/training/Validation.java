package dev.zone.jobs.training;

import dev.zone.conf.MetricName;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TrainingSpec;
import dev.zone.jobs.checkpoint.Checkpoint;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.evaluation.Metrics;
import dev.zone.jobs.evaluation.Predictions;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Validates while a training goes on: decides which parameters were best, keeps them, and decides
 * when no better ones are to be expected. Every rank comes to the same.
 */
final class Validation {
  private final Job job;
  private final TrainingSpec training;
  private final Engine engine;
  private final Predictor predictor;
  private final Optional<MovingAverage> average;
  private final EarlyStopping stopping;
  private float[] best = new float[0];

  /**
   * @param average of the parameters, which is validated in their place if there is one
   */
  Validation(Job job, Engine engine, Predictor predictor, Optional<MovingAverage> average) {
    this.job = job;
    this.training = job.training();
    this.engine = engine;
    this.predictor = predictor;
    this.average = average;
    this.stopping =
        training
            .earlyStopping()
            .map(spec -> new EarlyStopping(spec.metric(), spec.patience(), spec.minDelta()))
            .orElseGet(() -> new EarlyStopping(MetricName.LOSS, Integer.MAX_VALUE, 0));
  }

  /**
   * @param metrics of the validation split; empty if there was no validation
   * @param isBest whether it was the best so far
   */
  record Result(Map<MetricName, Double> metrics, boolean isBest) {
    private static final Result NONE = new Result(Map.of(), false);
  }

  /** Whether early stopping wants the end. */
  boolean isOver() {
    return stopping.isOver();
  }

  /** Early stopping's state, for checkpoints. */
  EarlyStopping stopping() {
    return stopping;
  }

  /** A copy of the best parameters so far, if any are kept. */
  Optional<float[]> best() {
    return best.length == 0 ? Optional.empty() : Optional.of(best.clone());
  }

  void restore(Checkpoint checkpoint) {
    Checkpoint.Position position = checkpoint.position();
    best = checkpoint.best().orElse(new float[0]);
    stopping.restore(
        position.bestValue(),
        position.bestEpoch(),
        position.bestStep(),
        position.epochsSinceBest());
  }

  /**
   * Whether the job wants a validation after this many steps.
   *
   * @param segments steps since the last time that there could be one
   */
  boolean isDue(int step, int segments) {
    return job.has(Split.VALIDATION)
        && training
            .validateEverySteps()
            .filter(every -> step / every != (step - segments) / every)
            .isPresent();
  }

  /**
   * @param epoch at work, from 1
   * @param step steps done
   */
  Result afterStep(int epoch, int step) {
    return validate(epoch, step, Double.NaN);
  }

  /**
   * With validations by steps an epoch's end is none, but the training's end is.
   *
   * @param epoch epochs done
   * @param step steps done
   * @param trainingLoss is compared if there is no validation split
   */
  Result atEpochEnd(int epoch, int step, double trainingLoss) {
    boolean bySteps = training.validateEverySteps().isPresent() && job.has(Split.VALIDATION);
    return bySteps && (epoch < training.epochs() || isDue(step, engine.targets().segments()))
        ? Result.NONE
        : validate(epoch, step, trainingLoss);
  }

  private Result validate(int epoch, int step, double otherwise) {
    Map<MetricName, Double> metrics = new EnumMap<>(MetricName.class);
    double value = otherwise;
    if (job.has(Split.VALIDATION)) {
      average.ifPresent(MovingAverage::swapIn);
      Predictions predictions = predictor.predict(Split.VALIDATION);
      average.ifPresent(MovingAverage::swapOut);
      double loss = TaskLoss.mean(job.task(), predictions);
      metrics.putAll(Metrics.computeAll(job.task(), predictions, OptionalDouble.empty(), loss));
      value = metrics.getOrDefault(stopping.metric(), Double.NaN);
    }
    boolean isBest = stopping.isBest(value, epoch, step);
    if (isBest && training.export() == TrainingSpec.Export.BEST && job.has(Split.VALIDATION)) {
      remember();
    }
    return new Result(metrics, isBest);
  }

  private void remember() {
    if (best.length == 0) {
      best = new float[engine.parameters().capacity()];
    }
    if (average.isPresent()) {
      System.arraycopy(average.get().values(), 0, best, 0, best.length);
    } else {
      engine.parameters().get(0, best);
    }
  }

  /**
   * Puts the parameters that are exported where the engine's are.
   *
   * @param epoch epochs done
   * @return the epoch that they are of
   */
  int export(int epoch) {
    if (best.length > 0 && training.export() == TrainingSpec.Export.BEST) {
      engine.parameters().put(0, best);
      return stopping.bestEpoch();
    }
    average.ifPresent(MovingAverage::swapIn);
    return epoch;
  }
}
