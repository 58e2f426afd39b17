package dev.zone.jobs.spark;

import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import scala.Function1;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;

/** The barrier stage whose tasks are the ranks. */
final class SparkStage {
  private static final long SLOTS_LIMIT_SECONDS = 60;

  private SparkStage() {}

  /** Starts Spark; everything that the launcher did not set is as a barrier stage needs it. */
  static JavaSparkContext start(PlanSpec plan) {
    SparkConf conf = new SparkConf();
    conf.setIfMissing("spark.app.name", plan.job().name());
    conf.setIfMissing("spark.ui.enabled", "false");
    conf.set("spark.task.cpus", Integer.toString(plan.job().resources().perWorker().cores()));
    conf.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s");
    conf.setIfMissing("spark.driver.maxResultSize", "0");
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
   * Runs the ranks.
   *
   * @return the outcomes by rank
   */
  static List<RankOutcome> run(JavaSparkContext spark, int workers, RankPayload payload) {
    awaitSlots(spark, workers);
    List<Integer> ranks = new ArrayList<>(Collections.nCopies(workers, 0));
    RDD<Integer> rdd = spark.parallelize(ranks, workers).rdd();
    Function1<scala.collection.Iterator<Integer>, scala.collection.Iterator<RankOutcome>> task =
        (Function1<scala.collection.Iterator<Integer>, scala.collection.Iterator<RankOutcome>>
                & Serializable)
            none -> one(new RankTask(payload).run(BarrierTaskContext.get()));
    RDD<RankOutcome> outcomes =
        rdd.barrier().mapPartitions(task, false, ClassTag.apply(RankOutcome.class));
    try {
      List<RankOutcome> all = new ArrayList<>(outcomes.toJavaRDD().collect());
      all.sort(Comparator.comparingInt(RankOutcome::rank));
      return all;
    } catch (RuntimeException e) {
      throw ZoneException.environment("Cannot finish the training: " + firstLine(e), e);
    } catch (Exception e) {
      // Scala does not declare what it throws.
      if (e instanceof SparkException) {
        throw ZoneException.environment("Cannot finish the training: " + firstLine(e), e);
      }
      throw new ZoneException(ErrorKind.INTERNAL, "Cannot run the training: " + firstLine(e), e);
    }
  }

  /**
   * A barrier stage that is submitted before its executors are there loses seconds; so wait for
   * them first.
   */
  private static void awaitSlots(JavaSparkContext spark, int workers) {
    int cpus = spark.getConf().getInt("spark.task.cpus", 1);
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SLOTS_LIMIT_SECONDS);
    int slots = slots(spark);
    while (slots < workers) {
      if (System.nanoTime() > until) {
        throw new ZoneException(
            ErrorKind.RESOURCES,
            String.format(
                "Cannot place %d workers of %d cores on master: %s (%d places within %d s, expected %d)",
                workers, cpus, spark.master(), slots, SLOTS_LIMIT_SECONDS, workers));
      }
      java.util.concurrent.locks.LockSupport.parkNanos(20_000_000L);
      slots = slots(spark);
    }
  }

  private static int slots(JavaSparkContext spark) {
    return spark
        .sc()
        .maxNumConcurrentTasks(spark.sc().resourceProfileManager().defaultResourceProfile());
  }

  private static String firstLine(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message.lines().findFirst().orElse(message);
  }

  private static scala.collection.Iterator<RankOutcome> one(RankOutcome outcome) {
    Iterator<RankOutcome> iterator = List.of(outcome).iterator();
    return CollectionConverters.asScala(iterator);
  }
}
