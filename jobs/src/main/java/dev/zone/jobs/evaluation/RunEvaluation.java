package dev.zone.jobs.evaluation;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TaskSpec;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The content of a run's {@code evaluation.json}; {@link EvaluationJson} reads and writes it.
 *
 * @param task {@code binary}, {@code multiclass}, {@code multilabel} or {@code regression}
 * @param classes names in index order, as in {@link dev.zone.datasets.PreparedManifest#classes()}
 * @param threshold of the exported model (binary, multilabel); empty for other tasks
 * @param splits evaluations of the exported model
 * @param folds of the cross-validation, fold 1 first; empty if there was none
 */
public record RunEvaluation(
    String task,
    List<String> classes,
    OptionalDouble threshold,
    Map<Split, Evaluation> splits,
    List<Fold> folds) {
  public RunEvaluation {
    classes = List.copyOf(classes);
    splits = ordered(splits);
    folds = List.copyOf(folds);
  }

  /**
   * @param threshold of the fold's model
   * @param splits evaluations of the fold's model; without curves and examples in the file
   */
  public record Fold(OptionalDouble threshold, Map<Split, Evaluation> splits) {
    public Fold {
      splits = ordered(splits);
    }
  }

  /** The name of a task in files. */
  public static String taskName(TaskSpec task) {
    if (task instanceof TaskSpec.Binary) {
      return "binary";
    } else if (task instanceof TaskSpec.Multiclass) {
      return "multiclass";
    }
    return task instanceof TaskSpec.Multilabel ? "multilabel" : "regression";
  }

  /** Over the folds' test parts; empty without cross-validation. */
  public Optional<CrossValidation> crossValidation() {
    List<Evaluation> tests =
        folds.stream().map(fold -> fold.splits().get(Split.TEST)).filter(Objects::nonNull).toList();
    return tests.isEmpty() ? Optional.empty() : Optional.of(CrossValidation.of(classes, tests));
  }

  private static Map<Split, Evaluation> ordered(Map<Split, Evaluation> map) {
    Map<Split, Evaluation> copy = new EnumMap<>(Split.class);
    copy.putAll(map);
    return Collections.unmodifiableMap(copy);
  }
}
