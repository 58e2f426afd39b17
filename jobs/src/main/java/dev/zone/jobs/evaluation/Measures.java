package dev.zone.jobs.evaluation;

import dev.zone.conf.MetricName;
import dev.zone.conf.TaskSpec;
import java.util.OptionalDouble;

/** The metrics of one set of predictions, each computed when asked for, shared work once. */
abstract class Measures {
  static final double USUAL_THRESHOLD = 0.5;

  final Predictions predictions;
  private final double loss;
  private final int notFinite;

  Measures(Predictions predictions, double loss) {
    this.predictions = predictions;
    this.loss = loss;
    this.notFinite = predictions.notFinite();
  }

  static Measures of(
      TaskSpec task, Predictions predictions, OptionalDouble threshold, double loss) {
    double cut = threshold.orElse(USUAL_THRESHOLD);
    if (task instanceof TaskSpec.Binary) {
      if (predictions.outputs() != 1) {
        throw new IllegalArgumentException(
            "Cannot evaluate a binary task: %d outputs (expected 1)"
                .formatted(predictions.outputs()));
      }
      return new BinaryMeasures(predictions, cut, loss);
    } else if (task instanceof TaskSpec.Multiclass) {
      return new MulticlassMeasures(predictions, loss);
    } else if (task instanceof TaskSpec.Multilabel) {
      return new MultilabelMeasures(predictions, cut, loss);
    }
    return new RegressionMeasures(predictions, loss);
  }

  /** Whether there is anything to compute but the loss. */
  final boolean isUsable() {
    return predictions.examples() > 0 && notFinite == 0;
  }

  final Measured measure(MetricName name) {
    if (predictions.examples() == 0) {
      return Measured.undefined("there are no examples");
    }
    if (name == MetricName.LOSS) {
      return Measured.of(loss, "the loss is not finite");
    }
    if (notFinite > 0) {
      return Measured.undefined(
          "%d of %d examples have outputs that are not finite"
              .formatted(notFinite, predictions.examples()));
    }
    return compute(name);
  }

  /** Outputs are finite, there is an example, and the task has the metric. */
  abstract Measured compute(MetricName name);

  static IllegalArgumentException unknown(MetricName name) {
    return new IllegalArgumentException(
        "Cannot compute metric: %s (expected one that the task has)"
            .formatted(Metrics.fileName(name)));
  }

  static Measured error(Measured accuracy) {
    return accuracy.value().isPresent()
        ? Measured.of(1 - accuracy.value().getAsDouble(), "it is not finite")
        : accuracy;
  }
}
