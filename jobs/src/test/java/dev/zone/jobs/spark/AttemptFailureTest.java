package dev.zone.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.error.ErrorKind;
import dev.zone.jobs.spark.RankOutcome.RankFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AttemptFailureTest {
  @Test
  void takesWhatARankFoundOverWhatTheOthersSaw() {
    AttemptFailure failure =
        AttemptFailure.of(
            end(Map.of(), List.of()),
            new TreeMap<>(
                Map.of(
                    0,
                    secondary(1, "rank 1 is gone", 12),
                    1,
                    new RankFailure(
                        ErrorKind.RESOURCES,
                        "memory",
                        "no memory",
                        "",
                        11,
                        false,
                        -1,
                        "7",
                        true))));
    assertThat(failure.kind()).isEqualTo(ErrorKind.RESOURCES);
    assertThat(failure.message()).isEqualTo("no memory");
    assertThat(failure.step()).isEqualTo(11);
    assertThat(failure.spoiled()).containsExactly("7");
  }

  @Test
  void followsTheRanksThatWaitForEachOtherToTheOneThatSaysNothing() {
    // 0 waits for 2, 2 for 1, and 1 says nothing.
    AttemptFailure failure =
        AttemptFailure.of(
            end(Map.of(), List.of()),
            new TreeMap<>(
                Map.of(
                    0, secondary(2, "rank 2 is late", 5), 2, secondary(1, "rank 1 is late", 5))));
    assertThat(failure.cause()).isEqualTo("rank 1 is late");
  }

  @Test
  void endsWhenRanksWaitForEachOtherInACircle() {
    AttemptFailure failure =
        AttemptFailure.of(
            end(Map.of(), List.of()),
            new TreeMap<>(
                Map.of(
                    0, secondary(1, "rank 1 is late", 5), 1, secondary(0, "rank 0 is late", 5))));
    assertThat(failure.cause()).endsWith(" is late");
  }

  @Test
  void namesTheExecutorThatWentAwayAndWhatItsExitCodeMeans() {
    AttemptFailure failure =
        AttemptFailure.of(
            end(Map.of(1, "Command exited with code 52"), List.of()),
            new TreeMap<>(Map.of(0, secondary(1, "rank 1 is gone", 40))));
    assertThat(failure.message())
        .isEqualTo(
            "Cannot go on training: the executor of rank 1 is gone: Command exited with code 52 (out of memory)");
    assertThat(failure.cause()).isEqualTo("rank 1 is gone");
    assertThat(failure.step()).isEqualTo(40);
  }

  @Test
  void namesTheRankThatDoesNotAnswer() {
    AttemptFailure failure =
        AttemptFailure.of(
            end(Map.of(), List.of(1)),
            new TreeMap<>(Map.of(0, secondary(1, "rank 1 is late", 40))));
    assertThat(failure.message())
        .isEqualTo("Cannot go on training: rank 1 does not answer (rank 1 is late)");
    assertThat(failure.kind()).isEqualTo(ErrorKind.ENVIRONMENT);
  }

  private static RankFailure secondary(int awaited, String cause, int step) {
    return new RankFailure(
        ErrorKind.ENVIRONMENT, cause, cause, "", step, true, awaited, "0", false);
  }

  private static StageEnd end(Map<Integer, String> lost, List<Integer> silent) {
    return new StageEnd(
        new TreeMap<>(), new TreeMap<>(lost), new TreeSet<>(silent), Optional.empty());
  }
}
