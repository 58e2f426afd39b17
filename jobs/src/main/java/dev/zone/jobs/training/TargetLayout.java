package dev.zone.jobs.training;

import dev.zone.conf.TaskSpec;
import dev.zone.conf.TrainingSpec;
import java.nio.FloatBuffer;

/**
 * Between targets as data have them and as the output layer has them; the same for outputs, the
 * other way. If each step of a window has a target, data have step after step, [steps, width], and
 * the output layer output after output, [outputs, steps].
 */
final class TargetLayout {
  private final TaskSpec task;
  private final int outputs;
  private final int steps;
  private final float on;
  private final float off;

  /**
   * @param steps targets of an example
   */
  TargetLayout(TaskSpec task, TrainingSpec training, int outputs, int steps) {
    this.task = task;
    this.outputs = outputs;
    this.steps = steps;
    // Szegedy et al. 2016, section 7: the share is spread over all classes, the true one included.
    this.off = (float) (training.labelSmoothing() / outputs);
    this.on = (float) (1 - training.labelSmoothing()) + off;
  }

  /**
   * Writes one example's targets for the loss.
   *
   * @param target the example's targets, as {@link dev.zone.datasets.ExampleSet#copyTarget} gives
   *     them
   * @param into receives [outputs] values from {@code at} on, or [outputs, steps]
   */
  void write(float[] target, FloatBuffer into, int at) {
    int width = target.length / steps;
    for (int step = 0; step < steps; step++) {
      write(target, step * width, into, at + step);
    }
  }

  private void write(float[] target, int from, FloatBuffer into, int at) {
    if (task instanceof TaskSpec.Multiclass) {
      for (int k = 0; k < outputs; k++) {
        into.put(at + k * steps, off);
      }
      into.put(at + Math.round(target[from]) * steps, on);
    } else if (task instanceof TaskSpec.Regression regression) {
      for (int k = 0; k < outputs; k++) {
        into.put(at + k * steps, (float) (target[from + k] / regression.divideBy()));
      }
    } else {
      for (int k = 0; k < outputs; k++) {
        into.put(at + k * steps, target[from + k]);
      }
    }
  }

  /** Turns outputs into predictions in the target's unit, in place. */
  void toUnits(float[] values) {
    if (task instanceof TaskSpec.Regression regression && regression.divideBy() != 1) {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (values[i] * regression.divideBy());
      }
    }
  }
}
