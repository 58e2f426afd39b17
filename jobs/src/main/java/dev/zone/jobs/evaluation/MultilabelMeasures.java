package dev.zone.jobs.evaluation;

import dev.zone.conf.MetricName;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

final class MultilabelMeasures extends Measures {
  private final Confusion[] confusions;
  private final Ranking[] rankings;

  MultilabelMeasures(Predictions predictions, double threshold, double loss) {
    super(predictions, loss);
    int labels = predictions.outputs();
    this.confusions = new Confusion[labels];
    this.rankings = new Ranking[labels];
    for (int label = 0; label < labels; label++) {
      confusions[label] = Confusion.binary(predictions, label, threshold);
    }
  }

  /** Of a label: index 1 has it. */
  Confusion confusion(int label) {
    return confusions[label];
  }

  Ranking ranking(int label) {
    if (rankings[label] == null) {
      rankings[label] =
          Ranking.of(
              predictions, label, example -> predictions.targetClass(example, label, 2) == 1);
    }
    return rankings[label];
  }

  @Override
  Measured compute(MetricName name) {
    return switch (name) {
      case ACCURACY -> mean(label -> confusions[label].accuracy(), "there are no examples");
      case BALANCED_ACCURACY -> balancedAccuracy();
      case BALANCED_ERROR -> error(balancedAccuracy());
      case MACRO_F1 ->
          mean(label -> confusions[label].f1(1), "no example has a label and none was said to");
      case PRECISION ->
          mean(label -> confusions[label].precision(1), "no example was said to have a label");
      case RECALL -> mean(label -> confusions[label].recall(1), "no example has a label");
      case AUC ->
          mean(label -> ranking(label).auc(), "no label has examples with it and without it");
      case AVERAGE_PRECISION ->
          mean(label -> ranking(label).averagePrecision(), "no example has a label");
      default -> throw unknown(name);
    };
  }

  private Measured balancedAccuracy() {
    return mean(label -> confusions[label].balancedAccuracy().value(), "there are no examples");
  }

  private Measured mean(IntFunction<OptionalDouble> value, String reasonIfNone) {
    return Measured.meanOf(
        IntStream.range(0, confusions.length).mapToObj(value).toList(), reasonIfNone);
  }
}
