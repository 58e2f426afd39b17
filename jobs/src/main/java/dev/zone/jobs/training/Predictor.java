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
    int outputs = engine.outputs();
    Share share = Share.of(collective.rank(), collective.size(), examples.size());
    FloatBuffer all = BatchAssembler.direct(Math.multiplyExact(examples.size(), outputs));
    FloatBuffer some = BatchAssembler.direct(batchSize * outputs);
    int rounds = (Share.largest(collective.size(), examples.size()) + batchSize - 1) / batchSize;
    for (int round = 0; round < rounds; round++) {
      int from = share.start() + round * batchSize;
      int size = Math.min(batchSize, share.end() - from);
      if (size > 0) {
        engine.predict(batches.plain(examples, from, size), some);
        all.put(from * outputs, some, 0, size * outputs);
      }
      // A sign of life: without it the deadline would have to hold for the whole split.
      collective.allReduce(life);
    }
    // The others' places hold 0, so that the sum puts everybody's predictions together, to the bit.
    collective.allReduce(all);
    float[] values = new float[all.capacity()];
    all.get(0, values);
    batches.layout().toUnits(values);
    float[] targets = new float[examples.size() * job.targetWidth()];
    FloatBuffer into = FloatBuffer.wrap(targets);
    for (int i = 0; i < examples.size(); i++) {
      examples.copyTarget(i, into);
    }
    return new Predictions(examples.size(), outputs, values, targets);
  }
}
