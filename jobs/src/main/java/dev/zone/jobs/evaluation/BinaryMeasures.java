package dev.zone.jobs.evaluation;

import dev.zone.conf.MetricName;

final class BinaryMeasures extends Measures {
  private final Confusion confusion;
  private final double threshold;
  private Ranking ranking;

  BinaryMeasures(Predictions predictions, double threshold, double loss) {
    super(predictions, loss);
    this.threshold = threshold;
    this.confusion = Confusion.binary(predictions, 0, threshold);
  }

  double threshold() {
    return threshold;
  }

  Confusion confusion() {
    return confusion;
  }

  Ranking ranking() {
    if (ranking == null) {
      ranking = Ranking.of(predictions, 0, example -> predictions.targetClass(example, 0, 2) == 1);
    }
    return ranking;
  }

  @Override
  Measured compute(MetricName name) {
    return switch (name) {
      case ACCURACY -> Measured.of(confusion.accuracy(), "there are no examples");
      case BALANCED_ACCURACY -> confusion.balancedAccuracy();
      case BALANCED_ERROR -> error(confusion.balancedAccuracy());
      case MACRO_F1 -> confusion.macroF1();
      case F1 -> Measured.of(confusion.f1(1), "no example is positive and none was said to be");
      case PRECISION -> Measured.of(confusion.precision(1), "no example was said to be positive");
      case RECALL -> Measured.of(confusion.recall(1), "no example is positive");
      case AUC -> Measured.of(ranking().auc(), "all examples are of one class");
      case AVERAGE_PRECISION -> Measured.of(ranking().averagePrecision(), "no example is positive");
      default -> throw unknown(name);
    };
  }
}
