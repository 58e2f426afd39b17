package dev.zone.conf;

import dev.zone.conf.yaml.ByKey;
import dev.zone.conf.yaml.Choice;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Range;
import java.util.EnumSet;
import java.util.Set;

/** From which probability on a binary model says the positive class. */
@Choice
@Doc("The decision threshold.")
public sealed interface ThresholdSpec
    permits ThresholdSpec.Value, ThresholdSpec.Best, ThresholdSpec.Prevalence {
  @ByKey("value")
  @Doc("A fixed probability.")
  record Value(@Doc("The probability.") @Range(min = 0, max = 1) double value)
      implements ThresholdSpec {}

  @Doc("The threshold that is best for a metric on the validation split.")
  record Best(
      @Doc("The metric: accuracy, balancedAccuracy, balancedError, macroF1 or f1.")
          MetricName metric)
      implements ThresholdSpec {
    /** The metrics that a threshold can be chosen by. */
    public static Set<MetricName> metrics() {
      return EnumSet.range(MetricName.ACCURACY, MetricName.F1);
    }
  }

  @Doc(
      "The threshold at which as large a share of the validation split is called positive as is positive in training.")
  record Prevalence() implements ThresholdSpec {}
}
