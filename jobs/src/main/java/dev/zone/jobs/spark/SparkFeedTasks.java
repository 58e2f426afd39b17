package dev.zone.jobs.spark;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.registry.FeedTasks;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Tasks of a feed as Spark's: each a job of one task, which Spark does again where it fails or its
 * executor is lost. So answers come in order, and as many tasks are handed over as keep the
 * executors busy and the answers few.
 */
final class SparkFeedTasks implements FeedTasks, AutoCloseable {
  private static final long LOOK_EVERY_NANOS = 5_000_000L;
  private static final long NO_PLACE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long END_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** For each place a task behind the one that is at work there. */
  private static final int TASKS_A_PLACE = 2;

  private final Supplier<JavaSparkContext> start;
  private final BooleanSupplier cancelled;
  private JavaSparkContext spark;
  private boolean answered;

  /**
   * @param start starts Spark, when there is the first task
   * @param cancelled whether somebody asks for the end
   */
  SparkFeedTasks(Supplier<JavaSparkContext> start, BooleanSupplier cancelled) {
    this.start = start;
    this.cancelled = cancelled;
  }

  @Override
  public void requireWanted() {
    if (cancelled.getAsBoolean()) {
      throw new ZoneException(ErrorKind.CANCELLED, "The feed was stopped");
    }
  }

  @Override
  public void run(Iterator<byte[]> tasks, long answerBytes, Consumer<byte[]> answers) {
    if (!tasks.hasNext()) {
      return;
    }
    if (spark == null) {
      spark = start.get();
    }
    spark.setLocalProperty("spark.job.interruptOnCancel", "true");
    Deque<JavaFutureAction<List<byte[]>>> atWork = new ArrayDeque<>();
    boolean ended = false;
    try {
      while (tasks.hasNext() || !atWork.isEmpty()) {
        long most = most(answerBytes);
        while (tasks.hasNext() && atWork.size() < most) {
          atWork.add(
              spark
                  .parallelize(List.of(tasks.next()), 1)
                  .map(task -> FeedTasks.answer(task, WorkFolders::storage))
                  .collectAsync());
        }
        answers.accept(await(atWork.getFirst()));
        atWork.removeFirst();
      }
      ended = true;
    } finally {
      if (!ended) {
        atWork.forEach(action -> action.cancel(true));
        awaitRest();
      }
    }
  }

  private long most(long answerBytes) {
    long held = Runtime.getRuntime().maxMemory() / 4 / answerBytes;
    return Math.max(2, Math.min(held, (long) TASKS_A_PLACE * SparkStage.slots(spark)));
  }

  private byte[] await(JavaFutureAction<List<byte[]>> action) {
    long from = System.nanoTime();
    while (!action.isDone()) {
      requireWanted();
      if (!answered && System.nanoTime() - from > NO_PLACE_NANOS && SparkStage.slots(spark) == 0) {
        throw new ZoneException(
            ErrorKind.RESOURCES,
            "Cannot feed on master: %s (expected a free place within %d s)"
                .formatted(spark.master(), TimeUnit.NANOSECONDS.toSeconds(NO_PLACE_NANOS)));
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
    try {
      byte[] answer = action.get().get(0);
      answered = true;
      return answer;
    } catch (ExecutionException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ZoneException(ErrorKind.CANCELLED, "The feed was stopped", e);
    }
  }

  /** What a task failed with the last time, in its own words. */
  private static ZoneException failure(ExecutionException failed) {
    Throwable cause = failed;
    for (int depth = 0; cause.getCause() != null && depth < Causes.DEEPEST; depth++) {
      cause = cause.getCause();
      if (cause instanceof ZoneException known) {
        return new ZoneException(known.kind(), known.getMessage(), failed);
      }
    }
    String message = String.valueOf(cause.getMessage());
    return ZoneException.environment(
        "Cannot feed on the cluster: %s".formatted(message.lines().findFirst().orElse("")), failed);
  }

  /** A task that still writes would leave something behind what is removed now. */
  private void awaitRest() {
    long until = System.nanoTime() + END_NANOS;
    while (System.nanoTime() < until && running() > 0) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  private int running() {
    int running = 0;
    for (SparkExecutorInfo executor : spark.sc().statusTracker().getExecutorInfos()) {
      running += executor.numRunningTasks();
    }
    return running;
  }

  @Override
  public void close() {
    if (spark != null) {
      spark.close();
    }
  }
}
