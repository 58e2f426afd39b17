package dev.zone.jobs.training;

import dev.zone.conf.TaskSpec;
import dev.zone.conf.TrainingSpec;
import java.nio.FloatBuffer;

/**
 * Between targets as data have them and as the output layer has them; the same for outputs, the
 * other way.
 */
final class TargetLayout {
  private final TaskSpec task;
  private final int outputs;
  private final float on;
  private final float off;

  TargetLayout(TaskSpec task, TrainingSpec training, int outputs) {
    this.task = task;
    this.outputs = outputs;
    // Szegedy et al. 2016, section 7: the share is spread over all classes, the true one included.
    this.off = (float) (training.labelSmoothing() / outputs);
    this.on = (float) (1 - training.labelSmoothing()) + off;
  }

  /**
   * Writes one example's target for the loss.
   *
   * @param target the example's target from 0 on, as {@link
   *     dev.zone.datasets.ExampleSet#copyTarget} gives it
   * @param into receives [outputs] values from {@code at} on
   */
  void write(float[] target, FloatBuffer into, int at) {
    if (task instanceof TaskSpec.Multiclass) {
      for (int k = 0; k < outputs; k++) {
        into.put(at + k, off);
      }
      into.put(at + Math.round(target[0]), on);
    } else if (task instanceof TaskSpec.Regression regression) {
      for (int k = 0; k < outputs; k++) {
        into.put(at + k, (float) (target[k] / regression.divideBy()));
      }
    } else {
      for (int k = 0; k < outputs; k++) {
        into.put(at + k, target[k]);
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
