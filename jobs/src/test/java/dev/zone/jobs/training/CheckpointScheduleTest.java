package dev.zone.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.TrainingSpec.CheckpointSpec;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckpointScheduleTest {
  private static final long MINUTE = 60_000_000_000L;

  @Test
  void isDueAtEpochsEndsIfNothingElseIsSaid() {
    CheckpointSchedule schedule = schedule(Optional.empty(), Optional.empty());
    assertThat(schedule.isDueAfter(100, 5 * MINUTE)).isFalse();
    assertThat(schedule.isDueAtEpochEnd(5 * MINUTE)).isTrue();
  }

  @Test
  void isDueEverySoManyStepsAndNotAtEpochsEnds() {
    CheckpointSchedule schedule = schedule(Optional.of(10), Optional.empty());
    assertThat(schedule.isDueAfter(9, 0)).isFalse();
    assertThat(schedule.isDueAtEpochEnd(0)).isFalse();
    assertThat(schedule.isDueAfter(10, 0)).isTrue();
  }

  @Test
  void staysDueUntilItIsTaken() {
    CheckpointSchedule schedule = schedule(Optional.of(10), Optional.empty());
    assertThat(schedule.isDueAfter(10, 0)).isTrue();
    assertThat(schedule.isDueAfter(11, 0)).isTrue();
    schedule.taken(0);
    assertThat(schedule.isDueAfter(12, 0)).isFalse();
  }

  @Test
  void isDueByStepsOrMinutesWhicheverComesFirst() {
    CheckpointSchedule schedule = schedule(Optional.of(10), Optional.of(0.5));
    assertThat(schedule.isDueAfter(3, MINUTE / 2)).isTrue();
    schedule.taken(MINUTE / 2);
    assertThat(schedule.isDueAfter(9, MINUTE - 1)).isFalse();
    assertThat(schedule.isDueAtEpochEnd(MINUTE)).isTrue();
  }

  private static CheckpointSchedule schedule(Optional<Integer> steps, Optional<Double> minutes) {
    return new CheckpointSchedule(new CheckpointSpec(steps, minutes, 2, Optional.empty()), 0);
  }
}
