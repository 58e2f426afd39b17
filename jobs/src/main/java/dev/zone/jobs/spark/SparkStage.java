package dev.zone.jobs.spark;

import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.ExecutorAllocationClient;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.slf4j.LoggerFactory;
import scala.Function1;
import scala.Function2;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.BoxedUnit;

/**
 * The barrier stage whose tasks are the ranks. Spark never repeats it: whether, when and from where
 * a training goes on after a failure is {@link Attempts}' to decide.
 */
final class SparkStage {
  private static final long SLOTS_LIMIT_SECONDS = 60;
  private static final long LOOK_EVERY_NANOS = 20_000_000L;

  /** Ranks that fail because another did so follow within moments. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A task that is told to end and does not within this time is stuck. */
  private static final long END_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Spark's barrier is used once an attempt, to exchange addresses. */
  private static final int SHORTEST_BARRIER_SECONDS = 60;

  private SparkStage() {}

  /** Starts Spark; everything that the launcher did not set is as a barrier stage needs it. */
  static JavaSparkContext start(PlanSpec plan) {
    SparkConf conf = new SparkConf();
    conf.setIfMissing("spark.app.name", plan.job().name());
    conf.setIfMissing("spark.ui.enabled", "false");
    conf.set("spark.task.cpus", Integer.toString(plan.job().resources().perWorker().cores()));
    conf.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s");
    conf.setIfMissing("spark.driver.maxResultSize", "0");
    addSecret(conf);
    conf.set("spark.task.maxFailures", "1");
    conf.set("spark.stage.maxConsecutiveAttempts", "1");
    conf.set(
        "spark.barrier.sync.timeout",
        Math.max(SHORTEST_BARRIER_SECONDS, plan.job().resources().deadlineSeconds()) + "s");
    try {
      return new JavaSparkContext(conf);
    } catch (RuntimeException e) {
      throw ZoneException.environment(
          "Cannot start Spark on master: "
              + conf.get("spark.master", "none")
              + " ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  /**
   * A standalone cluster's machine hands its own secret to what it starts, but Spark looks for a
   * driver's among the settings, where a submission would have had to bring it.
   */
  static void addSecret(SparkConf conf) {
    String secret = System.getenv("_SPARK_AUTH_SECRET");
    if (secret != null && conf.getBoolean("spark.authenticate", false)) {
      conf.setIfMissing("spark.authenticate.secret", secret);
    }
  }

  /**
   * Runs the ranks once, until all have answered or it is clear that not all will.
   *
   * @param cancelled ends the wait for places
   * @param begun called once all ranks have their places
   * @throws ZoneException (resources) if there are not enough places
   */
  static StageEnd run(
      JavaSparkContext spark,
      int workers,
      RankPayload payload,
      BooleanSupplier cancelled,
      Runnable begun) {
    awaitSlots(spark, workers, cancelled);
    List<Integer> ranks = new ArrayList<>(Collections.nCopies(workers, 0));
    RDD<Integer> rdd = spark.parallelize(ranks, workers).rdd();
    Function1<scala.collection.Iterator<Integer>, scala.collection.Iterator<RankOutcome>> task =
        (Function1<scala.collection.Iterator<Integer>, scala.collection.Iterator<RankOutcome>>
                & Serializable)
            none ->
                CollectionConverters.asScala(
                    List.of(new RankTask(payload).run(BarrierTaskContext.get())).iterator());
    RDD<RankOutcome> outcomes =
        rdd.barrier().mapPartitions(task, false, ClassTag.apply(RankOutcome.class));
    RankWatch watch = new RankWatch();
    spark.sc().addSparkListener(watch);
    // A rank that waits for another one is to hear at once that its attempt is over.
    spark.sc().setLocalProperty("spark.job.interruptOnCancel", "true");
    try {
      return new Running(spark, watch, workers).await(outcomes, cancelled, begun);
    } finally {
      spark.sc().removeSparkListener(watch);
    }
  }

  /** A stage at work. */
  private static final class Running {
    private final JavaSparkContext spark;
    private final RankWatch watch;
    private final int workers;

    // Guarded by itself; filled on Spark's scheduler thread.
    private final SortedMap<Integer, RankOutcome> outcomes = new TreeMap<>();

    Running(JavaSparkContext spark, RankWatch watch, int workers) {
      this.spark = spark;
      this.watch = watch;
      this.workers = workers;
    }

    StageEnd await(RDD<RankOutcome> ranks, BooleanSupplier cancelled, Runnable begun) {
      Function1<scala.collection.Iterator<RankOutcome>, RankOutcome> only =
          (Function1<scala.collection.Iterator<RankOutcome>, RankOutcome> & Serializable)
              scala.collection.Iterator::next;
      Function2<Object, RankOutcome, BoxedUnit> keep =
          (rank, outcome) -> {
            synchronized (outcomes) {
              outcomes.put((Integer) rank, outcome);
            }
            return BoxedUnit.UNIT;
          };
      List<Object> all = new ArrayList<>();
      for (int rank = 0; rank < workers; rank++) {
        all.add(rank);
      }
      SimpleFutureAction<BoxedUnit> action =
          spark
              .sc()
              .submitJob(
                  ranks,
                  only,
                  CollectionConverters.asScala(all).toSeq(),
                  keep,
                  () -> BoxedUnit.UNIT);
      long began = System.nanoTime();
      long failedAt = 0;
      boolean told = false;
      while (!action.isCompleted()) {
        if (!watch.hasBegun()) {
          endUnlessWorthWaiting(action, began, cancelled);
        } else if (!told) {
          told = true;
          begun.run();
        }
        if (failedAt == 0 && anyFailed()) {
          failedAt = System.nanoTime();
        }
        if (failedAt != 0 && System.nanoTime() - failedAt > GRACE_NANOS) {
          break;
        }
        LockSupport.parkNanos(LOOK_EVERY_NANOS);
      }
      return action.isCompleted() ? ended(action) : abandoned(action);
    }

    /** Executors that were there may be gone or busy when the stage begins. */
    private void endUnlessWorthWaiting(
        SimpleFutureAction<BoxedUnit> action, long began, BooleanSupplier cancelled) {
      if (cancelled.getAsBoolean()) {
        action.cancel();
        throw stopped();
      }
      if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(SLOTS_LIMIT_SECONDS)) {
        action.cancel();
        throw new ZoneException(
            ErrorKind.RESOURCES,
            String.format(
                "Cannot start %d workers on master: %s (expected %d free places within %d s)",
                workers, spark.master(), workers, SLOTS_LIMIT_SECONDS));
      }
    }

    private boolean anyFailed() {
      synchronized (outcomes) {
        return outcomes.values().stream().anyMatch(outcome -> outcome.failed().isPresent());
      }
    }

    private SortedMap<Integer, RankOutcome> answers() {
      synchronized (outcomes) {
        return new TreeMap<>(outcomes);
      }
    }

    private StageEnd ended(SimpleFutureAction<BoxedUnit> action) {
      Optional<Throwable> failure =
          action.value().get().isFailure()
              ? Optional.of(action.value().get().failed().get())
              : Optional.empty();
      if (failure.isEmpty()) {
        return new StageEnd(answers(), new TreeMap<>(), new TreeSet<>(), failure);
      }
      hearOut();
      return end(failure);
    }

    /** Some rank has failed and another has not answered: it waits for the rest, or is frozen. */
    private StageEnd abandoned(SimpleFutureAction<BoxedUnit> action) {
      action.cancel();
      return end(Optional.empty());
    }

    /** Gives ranks that are told to end the time to, and replaces what holds those that do not. */
    private StageEnd end(Optional<Throwable> failure) {
      long until = System.nanoTime() + END_NANOS;
      SortedSet<Integer> silent = silent();
      while (!silent.isEmpty() && System.nanoTime() < until) {
        LockSupport.parkNanos(LOOK_EVERY_NANOS);
        silent = silent();
      }
      SortedMap<Integer, String> lost = watch.lost();
      silent.removeAll(lost.keySet());
      replaceExecutors(
          spark, silent.stream().map(watch::executor).flatMap(Optional::stream).toList());
      return new StageEnd(answers(), lost, silent, failure);
    }

    private SortedSet<Integer> silent() {
      SortedSet<Integer> silent = new TreeSet<>();
      SortedMap<Integer, RankOutcome> answers = answers();
      for (int rank = 0; rank < workers; rank++) {
        if (!answers.containsKey(rank) && !watch.hasEnded(rank)) {
          silent.add(rank);
        }
      }
      return silent;
    }

    /** Spark tells listeners a little later. */
    private void hearOut() {
      try {
        spark.sc().listenerBus().waitUntilEmpty(GRACE_NANOS / 1_000_000);
      } catch (TimeoutException e) {
        // Then the reason is not known; that the stage failed is.
        return;
      }
    }
  }

  /**
   * Has the cluster put new executors in the place of these: a process that does not answer, or
   * that ran out of memory, is of no further use. Nothing to do in local mode, where executor and
   * driver are one.
   */
  static void replaceExecutors(JavaSparkContext spark, List<String> executors) {
    if (executors.isEmpty()
        || !(spark.sc().schedulerBackend() instanceof ExecutorAllocationClient cluster)) {
      return;
    }
    try {
      // Not counted against the application, not subtracted from what it wants, even if busy.
      cluster.killExecutors(CollectionConverters.asScala(executors).toSeq(), false, false, true);
    } catch (Exception e) {
      // Scala does not declare what it throws: a master that is away, say. Spark itself gives up
      // executors that stay silent, only later.
      LoggerFactory.getLogger(SparkStage.class).warn("Cannot replace executors {}", executors, e);
    }
  }

  /**
   * A barrier stage that is submitted before its executors are there loses seconds; so wait for
   * them first.
   */
  private static void awaitSlots(JavaSparkContext spark, int workers, BooleanSupplier cancelled) {
    int cpus = spark.getConf().getInt("spark.task.cpus", 1);
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SLOTS_LIMIT_SECONDS);
    int slots = slots(spark);
    while (slots < workers) {
      if (cancelled.getAsBoolean()) {
        throw stopped();
      }
      if (System.nanoTime() > until) {
        throw new ZoneException(
            ErrorKind.RESOURCES,
            String.format(
                "Cannot place %d workers of %d cores on master: %s (%d places within %d s, expected %d)",
                workers, cpus, spark.master(), slots, SLOTS_LIMIT_SECONDS, workers));
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
      slots = slots(spark);
    }
  }

  private static ZoneException stopped() {
    return new ZoneException(ErrorKind.CANCELLED, "The run was stopped while it waited");
  }

  /** Tasks that may be at work at the same time. */
  static int slots(JavaSparkContext spark) {
    return spark
        .sc()
        .maxNumConcurrentTasks(spark.sc().resourceProfileManager().defaultResourceProfile());
  }
}
