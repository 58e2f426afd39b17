package dev.zone.jobs.spark;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Sees where the ranks of one stage run, and which executors go away under them. */
final class RankWatch extends SparkListener {
  // All below: guarded by this.
  private final SortedMap<Integer, String> executors = new TreeMap<>();
  private final SortedMap<Integer, String> lost = new TreeMap<>();
  private final Set<Integer> ended = new HashSet<>();

  /** The stage that is watched: what is left of an earlier attempt's may still end. */
  private int stage = -1;

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart start) {
    stage = Math.max(stage, start.stageId());
    executors.put(start.taskInfo().index(), start.taskInfo().executorId());
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.stageId() != stage) {
      return;
    }
    ended.add(end.taskInfo().index());
    if (end.reason() instanceof ExecutorLostFailure failure) {
      String reason = failure.reason().isDefined() ? failure.reason().get() : "no reason is known";
      lost.putIfAbsent(end.taskInfo().index(), firstLine(reason));
    }
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    executors.forEach(
        (rank, executor) -> {
          if (executor.equals(removed.executorId())) {
            lost.put(rank, firstLine(removed.reason()));
          }
        });
  }

  synchronized Optional<String> executor(int rank) {
    return Optional.ofNullable(executors.get(rank));
  }

  /** Whether any rank has begun. */
  synchronized boolean hasBegun() {
    return stage >= 0;
  }

  /** Whether the rank's task is over, well or not. */
  synchronized boolean hasEnded(int rank) {
    return ended.contains(rank);
  }

  /** Ranks whose executor went away, and why. */
  synchronized SortedMap<Integer, String> lost() {
    return new TreeMap<>(lost);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse(text);
  }
}
