package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.graph.Loss;
import dev.zone.jobs.engine.graph.Shape;
import dev.zone.jobs.window.Segment;
import java.nio.FloatBuffer;
import java.util.Optional;
import org.bytedeco.dnnl.memory;

/** What follows on the last layer: the loss, in Java, of each example or of each of its steps. */
final class Head {
  private final Loss loss;
  private final int batch;
  private final int outputs;
  private final int rank;
  private final int steps;
  private final int window;
  private final float[] values;
  private final float[] targets;

  /**
   * @param shape [outputs], or [outputs, steps]
   * @param window steps that targets have, of which these may be a piece
   */
  Head(Loss loss, int batch, Shape shape, int window) {
    this.loss = loss;
    this.batch = batch;
    this.outputs = shape.axis(0);
    this.rank = shape.rank();
    this.steps = rank == 2 ? shape.axis(1) : 1;
    this.window = rank == 2 ? window : 1;
    this.values = new float[Math.multiplyExact(batch, shape.elements())];
    this.targets = new float[values.length];
  }

  /** How the values lie: [batch, steps, outputs], whatever the sizes are called. */
  memory.desc layout(Compilation plan) {
    return rank == 1
        ? plan.plain(batch, outputs)
        : plan.strided(
            new long[] {batch, outputs, steps}, new long[] {(long) steps * outputs, 1, outputs});
  }

  /** The last layer's values, or what they were replaced by. */
  float[] values() {
    return values;
  }

  /**
   * Replaces the values by the gradient.
   *
   * @param piece that the values are of
   * @return the loss
   */
  double replaceByGradient(Batch examples, Seen seen, Segment piece) {
    transpose(examples.targets(), piece.from(), targets);
    Optional<FloatBuffer> weights = examples.weights();
    double sum = 0;
    for (int i = 0; i < batch; i++) {
      int length = window == 1 ? 1 : seen.length(i);
      for (int step = 0; step < steps; step++) {
        int place = i * steps + step;
        double weight =
            weights.isPresent() ? weights.get().get(i * window + piece.from() + step) : 1;
        sum +=
            loss.replaceByGradient(
                values, targets, place * outputs, outputs, step < length ? weight : 0);
      }
    }
    return sum;
  }

  /** Some steps of [batch, outputs, window] to [batch, steps, outputs]. */
  private void transpose(FloatBuffer from, int first, float[] to) {
    if (window == 1) {
      from.get(0, to);
      return;
    }
    for (int i = 0; i < batch; i++) {
      for (int k = 0; k < outputs; k++) {
        for (int step = 0; step < steps; step++) {
          to[(i * steps + step) * outputs + k] =
              from.get((i * outputs + k) * window + first + step);
        }
      }
    }
  }

  /** Writes what the network puts out, [batch, outputs] or [batch, outputs, steps]. */
  void predict(FloatBuffer into) {
    for (int place = 0; place < batch * steps; place++) {
      loss.activate(values, place * outputs, outputs);
    }
    if (steps == 1) {
      into.put(0, values);
      return;
    }
    for (int i = 0; i < batch; i++) {
      for (int k = 0; k < outputs; k++) {
        for (int step = 0; step < steps; step++) {
          into.put((i * outputs + k) * steps + step, values[(i * steps + step) * outputs + k]);
        }
      }
    }
  }
}
