package dev.zone.jobs.training;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.ExampleSet;
import dev.zone.datasets.SeededRandom;
import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.window.Segment;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * One rank's part of the steps' gradients: computed over its share of the global batch, and looked
 * into if the sum over the ranks turns out not to be finite.
 */
final class LocalGradient {
  private static final long STEP_STREAM = 0x73746570L; // "step"

  /** So many steps without effect in a row are no longer an accident. */
  private static final int MOST_SKIPPED = 10;

  private final Job job;
  private final TrainingSpec training;
  private final Collective collective;
  private final Engine engine;
  private final BatchAssembler batches;
  private final List<Augmenter> augmenters;
  private final NonFinite nonFinite;

  private Optional<Batch> batch = Optional.empty();
  private IntUnaryOperator globalExample = place -> place;
  private int globalSize;
  private IntUnaryOperator example = place -> place;
  private Segment segment;
  private int step;
  private int epoch;
  private int skippedInARow;

  /**
   * @param augmenters one an input of the model; empty for none
   */
  LocalGradient(
      Job job,
      Collective collective,
      Engine engine,
      BatchAssembler batches,
      List<Augmenter> augmenters) {
    this.job = job;
    this.training = job.training();
    this.collective = collective;
    this.engine = engine;
    this.batches = batches;
    this.augmenters = List.copyOf(augmenters);
    this.nonFinite = new NonFinite(job, engine, collective);
    this.segment = engine.targets().segment(0);
  }

  /**
   * What was computed, beside the gradient in the engine.
   *
   * @param loss sum over the local batch
   * @param clipped numbers of the gradient that were not finite and were replaced
   */
  record Computed(double loss, int clipped) {}

  /**
   * Begins with a global batch.
   *
   * @param start place in the epoch's order at which the global batch begins
   * @param size examples of the global batch
   * @param atEpoch epochs done
   */
  void begin(EpochOrder order, int start, int size, int atEpoch) {
    epoch = atEpoch;
    globalSize = size;
    globalExample = place -> order.example(start + place);
    Share share = Share.of(collective.rank(), collective.size(), size);
    example = place -> order.example(start + share.start() + place);
    batch = assemble(share);
  }

  /**
   * Computes the gradient over this rank's share of the global batch; it is in the engine then.
   *
   * @param piece of the windows; pieces follow each other
   * @param atStep steps done before this one
   */
  Computed compute(Segment piece, int atStep) {
    segment = piece;
    step = atStep;
    double loss = compute();
    int clipped = 0;
    if (training.nonFinite() == TrainingSpec.NonFinite.CLIP) {
      clipped = nonFinite.clip(engine.gradient(), clippingBound());
      loss = Double.isFinite(loss) ? loss : 0;
    }
    return new Computed(loss, clipped);
  }

  private Optional<Batch> assemble(Share share) {
    return share.size() == 0
        ? Optional.empty()
        : Optional.of(
            batches.training(
                job.examples().apply(Split.TRAIN),
                share.size(),
                example,
                augmenters,
                SeededRandom.mix(training.seed(), job.fold(), epoch)));
  }

  /**
   * @return sum of the loss over the local batch, whose gradient is in the engine then
   */
  private double compute() {
    if (batch.isEmpty()) {
      engine.computeNothing();
      return 0;
    }
    return engine.computeGradient(batch.get(), segment, stepSeed());
  }

  /** Targets of the whole global batch that count in the piece. */
  long targets() {
    if (!engine.targets().isEach()) {
      return globalSize;
    }
    ExampleSet examples = job.examples().apply(Split.TRAIN);
    long count = 0;
    for (int i = 0; i < globalSize; i++) {
      int seen = engine.targets().steps() - examples.paddedSteps(globalExample.applyAsInt(i));
      count += Math.max(0, Math.min(seen, segment.to()) - segment.from());
    }
    return count;
  }

  private long stepSeed() {
    return SeededRandom.mix(
        SeededRandom.mix(training.seed(), STEP_STREAM, job.fold()), step, collective.rank());
  }

  private float clippingBound() {
    return training.clipping().flatMap(spec -> spec.value()).orElse(1.0).floatValue();
  }

  /**
   * Looks at the sum over the ranks, which is in the engine in the gradient's place. Every rank
   * comes to the same.
   *
   * @param total loss over the global batch
   * @return empty if all is finite; else why the step is to have no effect
   * @throws ZoneException of the user's if something is not finite and the job does not skip such
   *     steps, or too many were skipped in a row; names step, rank, layer and examples
   */
  Optional<String> check(double total) {
    if (Double.isFinite(total) && nonFinite.isFinite(engine.gradient())) {
      skippedInARow = 0;
      return Optional.empty();
    }
    // The sum is in the gradient's place: the local one is needed to tell whose it is.
    double loss = compute();
    String where = nonFinite.describe(batch, loss, example);
    String what = Double.isFinite(total) ? "the gradient is not finite" : "the loss is " + total;
    skippedInARow++;
    boolean skip = training.nonFinite() == TrainingSpec.NonFinite.SKIP;
    if (!skip || skippedInARow > MOST_SKIPPED) {
      throw new ZoneException(
          ErrorKind.USER,
          String.format(
              "Cannot go on training: %s at step %d, epoch %d: %s%s (expected finite numbers; a lower"
                  + " training.updater learningRate, training.clipping or standardised inputs usually help)",
              what,
              step + 1,
              epoch + 1,
              where,
              skip ? ", after " + MOST_SKIPPED + " skipped steps in a row" : ""));
    }
    return Optional.of("step " + (step + 1) + ": " + what + ": " + where);
  }
}
