package dev.zone.jobs.spark;

import com.google.gson.JsonObject;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.RunState;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.checkpoint.Checkpoint;
import dev.zone.jobs.run.AttemptFiles;
import dev.zone.jobs.run.RunFolder;
import dev.zone.jobs.spark.RankOutcome.FitResult;
import dev.zone.jobs.spark.RankOutcome.RankFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.LoggerFactory;

/**
 * The attempts of a run: each is one barrier stage, which goes on from the newest usable
 * checkpoint, until one ends well or another is not worth it.
 */
final class Attempts {
  private static final long LOOK_EVERY_NANOS = 50_000_000L;

  /** How long failures of surviving ranks are waited for when Spark itself ended the stage. */
  private static final long TOLD_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final RunFolder folder;
  private final PlanSpec plan;
  private final JavaSparkContext spark;
  private final RunCheckpoints checkpoints;
  private final CancelRequest cancel;
  private final AttemptFiles files;

  Attempts(RunFolder folder, PlanSpec plan, JavaSparkContext spark, RunCheckpoints checkpoints) {
    this.folder = folder;
    this.plan = plan;
    this.spark = spark;
    this.checkpoints = checkpoints;
    this.cancel = new CancelRequest(folder);
    this.files = new AttemptFiles(folder);
  }

  /**
   * Trains.
   *
   * @return the results of rank 0, a fit each
   * @throws ZoneException of the last attempt's failure
   */
  List<FitResult> run(RankPayload payload, Fits fits) {
    Fits.Fit fit = fits.kept();
    // The folds of a cross-validation are not saved.
    boolean only = fits.list().size() == 1;
    RetryPolicy policy = new RetryPolicy(plan.job().retry());
    while (true) {
      Result result = attempt(payload, fit, only);
      if (result.failure().isEmpty()) {
        return result.results();
      }
      AttemptFailure failure = result.failure().get();
      RetryPolicy.Decision decision = policy.after(failure);
      if (!decision.again()) {
        throw decision.why().isEmpty()
            ? failure.asException()
            : new ZoneException(
                failure.kind(),
                failure.message() + " (" + decision.why() + ")",
                new RuntimeException(failure.trace()));
      }
      note(() -> folder.event("retry", failure.message() + ": " + decision.why()));
      SparkStage.replaceExecutors(spark, failure.spoiled());
      pause(decision.waitSeconds());
    }
  }

  /** One attempt, with its records. */
  private Result attempt(RankPayload payload, Fits.Fit fit, boolean only) {
    Optional<RunCheckpoints.Found> from;
    try {
      from =
          only
              ? checkpoints.newest(fit.network(), fit.manifest(), fit.engine().engine())
              : Optional.empty();
    } catch (ZoneException e) {
      return new Result(List.of(), Optional.of(AttemptFailure.of(e)));
    }
    int fromStep = from.map(found -> found.position().step()).orElse(0);
    int attempt = files.begin(plan.workers(), fromStep);
    sayWhereFrom(attempt, from);
    Result result =
        attempt(payload.ofAttempt(attempt, from.map(RunCheckpoints.Found::name)), attempt);
    if (result.failure().isPresent()) {
      AttemptFailure failure = result.failure().get();
      note(
          () ->
              files.failed(
                  attempt, failure.kind(), failure.cause(), failure.message(), failure.step()));
    } else {
      FitResult last = result.results().get(result.results().size() - 1);
      files.end(attempt, last.cancelled() ? "CANCELLED" : "SUCCEEDED", last.steps());
    }
    return result;
  }

  /** A record of a failure that cannot be written must not take the failure's place. */
  private static void note(Runnable record) {
    try {
      record.run();
    } catch (ZoneException e) {
      LoggerFactory.getLogger(Attempts.class).warn("Cannot keep a record", e);
    }
  }

  /** Either results or a failure. */
  private record Result(List<FitResult> results, Optional<AttemptFailure> failure) {}

  private Result attempt(RankPayload payload, int attempt) {
    StageEnd end;
    String workers = plan.workers() + (plan.workers() == 1 ? " worker" : " workers");
    note(() -> folder.state(RunState.WAITING, "for the places of " + workers));
    try {
      end =
          SparkStage.run(
              spark,
              plan.workers(),
              payload,
              cancel,
              () -> note(() -> folder.state(RunState.TRAINING, workers)));
    } catch (ZoneException e) {
      return new Result(List.of(), Optional.of(AttemptFailure.of(e)));
    }
    SortedMap<Integer, RankFailure> told = told(end, attempt);
    boolean whole = end.outcomes().size() == plan.workers() && end.failure().isEmpty();
    return whole && told.isEmpty()
        ? new Result(end.outcomes().get(0).results(), Optional.empty())
        : new Result(List.of(), Optional.of(AttemptFailure.of(end, told)));
  }

  /**
   * Failures that ranks tell. Where Spark ended the stage for the loss of one rank it no longer
   * brings what the others say; they leave it in the run's folder too.
   */
  private SortedMap<Integer, RankFailure> told(StageEnd end, int attempt) {
    SortedMap<Integer, RankFailure> told = new TreeMap<>();
    end.outcomes()
        .forEach((rank, outcome) -> outcome.failed().ifPresent(some -> told.put(rank, some)));
    if (end.failure().isEmpty()) {
      return told;
    }
    List<Integer> awaited = new ArrayList<>();
    for (int rank = 0; rank < plan.workers(); rank++) {
      if (!end.outcomes().containsKey(rank) && !end.lost().containsKey(rank)) {
        awaited.add(rank);
      }
    }
    long until = System.nanoTime() + TOLD_NANOS;
    while (!awaited.isEmpty() && System.nanoTime() < until) {
      awaited.removeIf(
          rank -> {
            Optional<RankFailure> failure = RankFailures.read(files, attempt, rank);
            failure.ifPresent(some -> told.put(rank, some));
            return failure.isPresent();
          });
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
    return told;
  }

  private void sayWhereFrom(int attempt, Optional<RunCheckpoints.Found> from) {
    if (attempt == 1 && from.isEmpty()) {
      return;
    }
    Optional<Checkpoint.Position> position = from.map(RunCheckpoints.Found::position);
    JsonObject json = new JsonObject();
    json.addProperty("type", "resume");
    json.addProperty("fold", position.map(Checkpoint.Position::fold).orElse(1));
    json.addProperty("epoch", position.map(Checkpoint.Position::epoch).orElse(0));
    json.addProperty("step", position.map(Checkpoint.Position::step).orElse(0));
    json.addProperty("attempt", attempt);
    folder.append("metrics.jsonl", json);
    folder.event(
        "resume",
        from.map(found -> "attempt " + attempt + " goes on from step " + found.position().step())
            .orElse("attempt " + attempt + " begins at step 0: there is no usable checkpoint"));
  }

  private void pause(double seconds) {
    long until = System.nanoTime() + (long) (seconds * 1e9);
    while (System.nanoTime() < until) {
      if (cancel.getAsBoolean()) {
        throw new ZoneException(ErrorKind.CANCELLED, "The run was stopped between two attempts");
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }
}
