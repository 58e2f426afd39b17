package dev.zone.jobs.evaluation;

import dev.zone.conf.MetricName;
import java.util.function.DoubleUnaryOperator;

final class RegressionMeasures extends Measures {
  RegressionMeasures(Predictions predictions, double loss) {
    super(predictions, loss);
    if (predictions.targetWidth() != predictions.outputs()) {
      throw new IllegalArgumentException(
          "Cannot evaluate a regression: %d outputs and %d targets (expected as many)"
              .formatted(predictions.outputs(), predictions.targetWidth()));
    }
  }

  /** Predicted - target of the i-th number. */
  double residual(int index) {
    return (double) predictions.values()[index] - predictions.targets()[index];
  }

  @Override
  Measured compute(MetricName name) {
    return switch (name) {
      case RMSE -> Measured.of(Math.sqrt(mean(d -> d * d)), "it is not finite");
      case MAE -> Measured.of(mean(Math::abs), "it is not finite");
      case R2 -> r2();
      case PHM08 ->
          Measured.of(
              sum(d -> d < 0 ? Math.expm1(-d / 13) : Math.expm1(d / 10)),
              "a prediction is so late that the score overflows");
      default -> throw unknown(name);
    };
  }

  private Measured r2() {
    int outputs = predictions.outputs();
    int examples = predictions.examples();
    double[] spread = new double[predictions.values().length];
    for (int output = 0; output < outputs; output++) {
      double[] targets = new double[examples];
      for (int example = 0; example < examples; example++) {
        targets[example] = predictions.targets()[example * outputs + output];
      }
      double mean = Sums.mean(targets);
      for (int example = 0; example < examples; example++) {
        double deviation = targets[example] - mean;
        spread[example * outputs + output] = deviation * deviation;
      }
    }
    double all = Sums.of(spread);
    return all == 0
        ? Measured.undefined("all targets are equal")
        : Measured.of(1 - sum(d -> d * d) / all, "it is not finite");
  }

  private double mean(DoubleUnaryOperator cost) {
    return sum(cost) / predictions.values().length;
  }

  private double sum(DoubleUnaryOperator cost) {
    double[] costs = new double[predictions.values().length];
    for (int i = 0; i < costs.length; i++) {
      costs[i] = cost.applyAsDouble(residual(i));
    }
    return Sums.of(costs);
  }
}
