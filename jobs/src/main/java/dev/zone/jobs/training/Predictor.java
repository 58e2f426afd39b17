package dev.zone.jobs.training;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.datasets.ExampleSet;
import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.evaluation.Predictions;
import java.nio.FloatBuffer;

/** Predicts a whole split, each rank its share; every rank then has all predictions. */
final class Predictor {
  private final Job job;
  private final Engine engine;
  private final Collective collective;
  private final BatchAssembler batches;
  private final int batchSize;
  private final FloatBuffer life = BatchAssembler.direct(1);

  Predictor(Job job, Engine engine, Collective collective, BatchAssembler batches, int batchSize) {
    this.job = job;
    this.engine = engine;
    this.collective = collective;
    this.batches = batches;
    this.batchSize = batchSize;
  }

  Predictions predict(Split split) {
    ExampleSet examples = job.examples().apply(split);
    int numbers = engine.outputs() * engine.targets().steps();
    Share share = Share.of(collective.rank(), collective.size(), examples.size());
    FloatBuffer all = BatchAssembler.direct(Math.multiplyExact(examples.size(), numbers));
    FloatBuffer some = BatchAssembler.direct(batchSize * numbers);
    int rounds = (Share.largest(collective.size(), examples.size()) + batchSize - 1) / batchSize;
    for (int round = 0; round < rounds; round++) {
      int from = share.start() + round * batchSize;
      int size = Math.min(batchSize, share.end() - from);
      if (size > 0) {
        engine.predict(batches.plain(examples, from, size), some);
        all.put(from * numbers, some, 0, size * numbers);
      }
      // A sign of life: without it the deadline would have to hold for the whole split.
      collective.allReduce(life);
    }
    // The others' places hold 0, so that the sum puts everybody's predictions together, to the bit.
    collective.allReduce(all);
    return predictions(examples, all);
  }

  /**
   * Puts the targets' predictions one after the other, without those of padded steps.
   *
   * @param all [examples, outputs], or [examples, outputs, steps]
   */
  private Predictions predictions(ExampleSet examples, FloatBuffer all) {
    int outputs = engine.outputs();
    int steps = engine.targets().steps();
    int width = job.targetWidth();
    TargetRows rows = TargetRows.of(examples, steps);
    float[] values = new float[rows.size() * outputs];
    float[] targets = new float[rows.size() * width];
    float[] some = new float[steps * width];
    int row = 0;
    for (int i = 0; i < examples.size(); i++) {
      examples.copyTarget(i, FloatBuffer.wrap(some));
      int count = rows.count(i);
      System.arraycopy(some, 0, targets, row * width, count * width);
      for (int step = 0; step < count; step++) {
        for (int k = 0; k < outputs; k++) {
          values[(row + step) * outputs + k] = all.get((i * outputs + k) * steps + step);
        }
      }
      row += count;
    }
    batches.layout().toUnits(values);
    return new Predictions(rows.size(), outputs, values, targets);
  }
}
