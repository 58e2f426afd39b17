package dev.zone.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.Success$;
import org.apache.spark.TaskEndReason;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.junit.jupiter.api.Test;
import scala.Option;

class RankWatchTest {
  private final RankWatch watch = new RankWatch();

  @Test
  void tellsWhichRanksEndedAndWhichLostTheirExecutor() {
    assertThat(watch.hasBegun()).isFalse();
    start(3, 0, "a");
    start(3, 1, "b");
    assertThat(watch.hasBegun()).isTrue();
    end(3, 0, Success$.MODULE$);
    end(
        3,
        1,
        new ExecutorLostFailure("b", true, Option.apply("Command exited with code 137\nmore")));
    assertThat(watch.hasEnded(0)).isTrue();
    assertThat(watch.executor(1)).contains("b");
    assertThat(watch.lost()).hasSize(1).containsEntry(1, "Command exited with code 137");
  }

  @Test
  void doesNotBookWhatIsLeftOfAnEarlierAttempt() {
    start(4, 0, "a");
    start(4, 1, "c");
    end(3, 1, new ExecutorLostFailure("b", true, Option.apply("Command exited with code 143")));
    assertThat(watch.hasEnded(1)).isFalse();
    assertThat(watch.lost()).isEmpty();
  }

  private void start(int stage, int rank, String executor) {
    watch.onTaskStart(new SparkListenerTaskStart(stage, 0, info(rank, executor)));
  }

  private void end(int stage, int rank, TaskEndReason reason) {
    watch.onTaskEnd(
        new SparkListenerTaskEnd(stage, 0, "ResultTask", reason, info(rank, "any"), null, null));
  }

  private static TaskInfo info(int rank, String executor) {
    return new TaskInfo(rank, rank, 0, rank, 0, executor, "host", TaskLocality.ANY(), false);
  }
}
