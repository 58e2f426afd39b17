package dev.zone.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.collective.CollectiveException;
import dev.zone.jobs.collective.CollectiveException.Reason;
import org.junit.jupiter.api.Test;

class CausesTest {
  @Test
  void findsThatMemoryRanOutBelowWhatALibraryMadeOfIt() {
    OutOfMemoryError memory = new OutOfMemoryError("Physical memory usage is too high");
    RuntimeException wrapped =
        new RuntimeException("Error during neural network forward pass", memory);
    assertThat(Causes.memory(wrapped)).containsSame(memory);
    assertThat(Causes.memory(new IllegalStateException(wrapped))).containsSame(memory);
    assertThat(Causes.memory(new RuntimeException("another fault"))).isEmpty();
  }

  @Test
  void readTheSameWhenTheSameHappensWithOtherFigures() {
    assertThat(Causes.of(failure("Cannot write checkpoint: /r/step-00000010 (No space left)")))
        .isEqualTo(Causes.of(failure("Cannot write checkpoint: /r/step-00000020 (no answer)")))
        .isEqualTo("Cannot write checkpoint: /r/step-#");
  }

  @Test
  void nameTheRankThatIsLateOrGone() {
    assertThat(Causes.of(new CollectiveException(Reason.LATE, 3, "waited 60 s")))
        .isEqualTo("rank 3 is late");
    assertThat(Causes.of(new CollectiveException(Reason.INTERRUPTED, "told to end")))
        .isEqualTo("interrupted");
  }

  private static ZoneException failure(String message) {
    return new ZoneException(ErrorKind.ENVIRONMENT, message);
  }
}
