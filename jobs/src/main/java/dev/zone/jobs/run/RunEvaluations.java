package dev.zone.jobs.run;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TaskSpec;
import dev.zone.conf.ThresholdSpec;
import dev.zone.datasets.PreparedManifest;
import dev.zone.jobs.evaluation.Evaluation;
import dev.zone.jobs.evaluation.Evaluator;
import dev.zone.jobs.evaluation.Predictions;
import dev.zone.jobs.evaluation.RunEvaluation;
import dev.zone.jobs.evaluation.Thresholds;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BiFunction;

/**
 * Evaluates what fits predicted: the threshold is chosen on validation, then applied to all splits.
 */
public final class RunEvaluations {
  private RunEvaluations() {}

  /**
   * @param manifest of the data that the fit was trained on
   * @param predictions by split, with their mean losses
   * @param origins where an example comes from, by split and index
   */
  public record FitPredictions(
      PreparedManifest manifest,
      Map<Split, Predictions> predictions,
      Map<Split, Double> losses,
      BiFunction<Split, Integer, String> origins) {}

  /**
   * @param fits the folds of a cross-validation followed by the exported model's, or that alone
   */
  public static RunEvaluation evaluate(TaskSpec task, List<FitPredictions> fits) {
    List<RunEvaluation.Fold> folds = new ArrayList<>();
    for (FitPredictions fit : fits.subList(0, fits.size() - 1)) {
      OptionalDouble threshold = threshold(task, fit);
      folds.add(new RunEvaluation.Fold(threshold, splits(task, fit, threshold)));
    }
    FitPredictions exported = fits.get(fits.size() - 1);
    OptionalDouble threshold = threshold(task, exported);
    return new RunEvaluation(
        RunEvaluation.taskName(task),
        exported.manifest().classes(),
        threshold,
        splits(task, exported, threshold),
        folds);
  }

  private static Map<Split, Evaluation> splits(
      TaskSpec task, FitPredictions fit, OptionalDouble threshold) {
    Map<Split, Evaluation> splits = new EnumMap<>(Split.class);
    fit.predictions()
        .forEach(
            (split, predictions) ->
                splits.put(
                    split,
                    Evaluator.evaluate(
                            task,
                            fit.manifest().classes(),
                            predictions,
                            threshold,
                            fit.losses().get(split))
                        .withOrigins(example -> fit.origins().apply(split, example))));
    return splits;
  }

  private static OptionalDouble threshold(TaskSpec task, FitPredictions fit) {
    if (task instanceof TaskSpec.Multilabel) {
      return OptionalDouble.of(0.5);
    }
    if (!(task instanceof TaskSpec.Binary binary)) {
      return OptionalDouble.empty();
    }
    Predictions validation = fit.predictions().get(Split.VALIDATION);
    if (binary.threshold() instanceof ThresholdSpec.Value fixed) {
      return OptionalDouble.of(fixed.value());
    }
    List<Long> counts = fit.manifest().classCounts().get(Split.TRAIN);
    double prevalence = (double) counts.get(1) / (counts.get(0) + counts.get(1));
    return OptionalDouble.of(Thresholds.choose(binary.threshold(), validation, prevalence));
  }
}
