package dev.zone.jobs.training;

import dev.zone.conf.TaskSpec;
import dev.zone.jobs.evaluation.Predictions;

/**
 * The mean loss of predictions, without weights, label smoothing and penalties: what splits are
 * compared by.
 */
final class TaskLoss {
  // DL4J clips probabilities so (LossMCXENT's default softmax clip epsilon), which keeps a wrong
  // certain answer finite.
  private static final double SMALLEST = 1e-10;

  private TaskLoss() {}

  /**
   * Cross-entropy in nats (summed over labels for several labels), or the squared or absolute error
   * in the unit that the model learns.
   */
  static double mean(TaskSpec task, Predictions predictions) {
    double sum = 0;
    for (int i = 0; i < predictions.examples(); i++) {
      sum += one(task, predictions, i);
    }
    return predictions.examples() == 0 ? Double.NaN : sum / predictions.examples();
  }

  private static double one(TaskSpec task, Predictions predictions, int example) {
    int outputs = predictions.outputs();
    float[] values = predictions.values();
    float[] targets = predictions.targets();
    if (task instanceof TaskSpec.Multiclass) {
      return -Math.log(
          Math.max(SMALLEST, values[example * outputs + Math.round(targets[example])]));
    }
    double sum = 0;
    for (int k = 0; k < outputs; k++) {
      double value = values[example * outputs + k];
      double target = targets[example * outputs + k];
      if (task instanceof TaskSpec.Regression regression) {
        sum += error(regression, (value - target) / regression.divideBy());
      } else {
        sum -=
            target * Math.log(Math.max(SMALLEST, value))
                + (1 - target) * Math.log(Math.max(SMALLEST, 1 - value));
      }
    }
    return sum;
  }

  private static double error(TaskSpec.Regression regression, double difference) {
    double size = Math.abs(difference);
    return switch (regression.loss()) {
      case MSE -> size * size;
      case MAE -> size;
    };
  }
}
