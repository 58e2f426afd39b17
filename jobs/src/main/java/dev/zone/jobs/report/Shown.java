package dev.zone.jobs.report;

import dev.zone.conf.MetricName;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.jobs.evaluation.CrossValidation;
import dev.zone.jobs.evaluation.Evaluation;
import dev.zone.jobs.evaluation.Metrics;
import dev.zone.jobs.evaluation.RunEvaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which evaluation and which metrics a reader wants first. */
final class Shown {
  private Shown() {}

  record Choice(Split split, Evaluation evaluation) {}

  /** The test split's; validation's if there is no test split. */
  static Optional<Choice> main(RunEvaluation evaluation) {
    for (Split split : List.of(Split.TEST, Split.VALIDATION)) {
      Evaluation found = evaluation.splits().get(split);
      if (found != null) {
        return Optional.of(new Choice(split, found));
      }
    }
    return Optional.empty();
  }

  /** Those that the job names, then the task's usual ones; at most four, with values. */
  static List<MetricName> first(RunFiles run, RunEvaluation evaluation) {
    List<MetricName> wanted = new ArrayList<>();
    run.planned()
        .items("job", "evaluation", "metrics")
        .forEach(name -> name.text().flatMap(Metrics::byFileName).ifPresent(wanted::add));
    wanted.addAll(usual(evaluation.task()));
    return wanted.stream().distinct().filter(name -> has(evaluation, name)).limit(4).toList();
  }

  static List<MetricName> usual(String task) {
    return switch (task) {
      case "binary" ->
          List.of(MetricName.F1, MetricName.AUC, MetricName.BALANCED_ERROR, MetricName.ACCURACY);
      case "regression" ->
          List.of(MetricName.RMSE, MetricName.MAE, MetricName.R2, MetricName.PHM08);
      default ->
          List.of(
              MetricName.MACRO_F1,
              MetricName.ACCURACY,
              MetricName.BALANCED_ACCURACY,
              MetricName.AUC);
    };
  }

  private static boolean has(RunEvaluation evaluation, MetricName name) {
    Optional<Map<MetricName, CrossValidation.Spread>> folds =
        evaluation.crossValidation().map(CrossValidation::metrics);
    return folds.isPresent()
        ? folds.get().containsKey(name)
        : main(evaluation)
            .map(shown -> shown.evaluation().metrics().containsKey(name))
            .orElse(false);
  }

  static String word(Split split) {
    return switch (split) {
      case TRAIN -> "training";
      case VALIDATION -> "validation";
      case TEST -> "test";
    };
  }
}
