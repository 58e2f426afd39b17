package dev.zone.conf;

import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Range;
import java.util.List;
import java.util.Optional;

/** What is reported of a trained model. */
@Doc("What is reported.")
public record EvaluationSpec(
    @Doc(
            "Metrics named first at the end; all that the task has are in the records. The task's usual ones if not given.")
        @Default("[]")
        List<MetricName> metrics,
    @Doc("Trains and tests once per fold instead of once; the split's test part is not used.")
        Optional<CrossValidationSpec> crossValidation) {
  public EvaluationSpec {
    metrics = List.copyOf(metrics);
  }

  @Doc(
      "Cross-validation, stratified by the label's classes. The exported model is trained on all rows, as each fold is.")
  public record CrossValidationSpec(
      @Doc("Folds.") @Range(min = 2, max = 100) int folds,
      @Doc("Share of each fold's training rows held out for validation.")
          @Default("0.1")
          @Range(min = 0, max = 0.5)
          double validation) {}
}
