package dev.zone.jobs.spark;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.ErrorKind;
import dev.zone.jobs.evaluation.Predictions;
import dev.zone.jobs.training.TrainingResult;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a rank brings back: rank 0 the results, any rank its failure. A failure is a value, not an
 * exception, so that Spark neither hides its kind nor repeats what cannot get better.
 *
 * @param results of rank 0, a fit each; empty for other ranks
 * @param failure null if there is none
 */
record RankOutcome(int rank, List<FitResult> results, RankFailure failure) implements Serializable {
  static RankOutcome done(int rank, List<TrainingResult> results) {
    return new RankOutcome(
        rank,
        rank == 0
            ? new ArrayList<>(results.stream().map(FitResult::of).toList())
            : new ArrayList<>(),
        null);
  }

  static RankOutcome failed(int rank, RankFailure failure) {
    return new RankOutcome(rank, new ArrayList<>(), failure);
  }

  Optional<RankFailure> failed() {
    return Optional.ofNullable(failure);
  }

  static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  /**
   * @param cause in few words and without figures, so that the same cause reads the same
   * @param step optimizer steps done
   * @param secondary whether it only tells that another rank is gone
   * @param awaited the rank that it waited for; {@link #NOBODY} for none
   * @param executor that the rank ran on
   * @param spoiled whether that executor is of no further use
   */
  record RankFailure(
      ErrorKind kind,
      String cause,
      String message,
      String trace,
      int step,
      boolean secondary,
      int awaited,
      String executor,
      boolean spoiled)
      implements Serializable {
    static final int NOBODY = -1;
  }

  /** A {@link TrainingResult} that Spark can carry. */
  record FitResult(
      float[] parameters,
      int steps,
      int epochs,
      int exportedEpoch,
      boolean cancelled,
      long examplesSeen,
      double seconds,
      SplitResult validation,
      SplitResult test)
      implements Serializable {
    static FitResult of(TrainingResult result) {
      return new FitResult(
          result.parameters(),
          result.steps(),
          result.epochs(),
          result.exportedEpoch(),
          result.cancelled(),
          result.examplesSeen(),
          result.seconds(),
          SplitResult.of(result, Split.VALIDATION),
          SplitResult.of(result, Split.TEST));
    }

    Optional<SplitResult> split(Split split) {
      return Optional.ofNullable(
          switch (split) {
            case VALIDATION -> validation;
            case TEST -> test;
            case TRAIN -> null;
          });
    }
  }

  record SplitResult(int examples, int outputs, float[] values, float[] targets, double loss)
      implements Serializable {
    static SplitResult of(TrainingResult result, Split split) {
      Map<Split, Predictions> all = result.predictions();
      Predictions predictions = all.get(split);
      return predictions == null
          ? null
          : new SplitResult(
              predictions.examples(),
              predictions.outputs(),
              predictions.values(),
              predictions.targets(),
              result.losses().get(split));
    }

    Predictions predictions() {
      return new Predictions(examples, outputs, values, targets);
    }
  }
}
