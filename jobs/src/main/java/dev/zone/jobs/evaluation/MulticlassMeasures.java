package dev.zone.jobs.evaluation;

import dev.zone.conf.MetricName;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

final class MulticlassMeasures extends Measures {
  private final Confusion confusion;
  private final Ranking[] rankings;

  MulticlassMeasures(Predictions predictions, double loss) {
    super(predictions, loss);
    this.confusion = Confusion.multiclass(predictions);
    this.rankings = new Ranking[predictions.outputs()];
  }

  Confusion confusion() {
    return confusion;
  }

  /** One class against the rest. */
  Ranking ranking(int index) {
    if (rankings[index] == null) {
      rankings[index] =
          Ranking.of(
              predictions,
              index,
              example -> predictions.targetClass(example, 0, predictions.outputs()) == index);
    }
    return rankings[index];
  }

  @Override
  Measured compute(MetricName name) {
    return switch (name) {
      case ACCURACY -> Measured.of(confusion.accuracy(), "there are no examples");
      case BALANCED_ACCURACY -> confusion.balancedAccuracy();
      case BALANCED_ERROR -> error(confusion.balancedAccuracy());
      case MACRO_F1 -> confusion.macroF1();
      case AUC ->
          Measured.meanOf(
              IntStream.range(0, predictions.outputs()).mapToObj(index -> auc(index)).toList(),
              "all examples are of one class");
      default -> throw unknown(name);
    };
  }

  private OptionalDouble auc(int index) {
    return confusion.support(index) == 0 ? OptionalDouble.empty() : ranking(index).auc();
  }
}
