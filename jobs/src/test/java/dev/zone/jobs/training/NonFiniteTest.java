package dev.zone.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.TrainingSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Examples whose numbers are none, on real ranks. */
@Timeout(120)
class NonFiniteTest {
  private static final Map<Integer, Float> POISON =
      Map.of(17, Float.NaN, 101, Float.POSITIVE_INFINITY);

  private final List<String> events = new ArrayList<>();

  @Test
  void stopsAndNamesRankLayerAndExamples() {
    assertThatThrownBy(() -> train(TrainingSpec.NonFinite.STOP))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.USER))
        .hasMessageMatching(
            "Cannot go on training: (the loss is NaN|the gradient is not finite) at step \\d, epoch 1: rank [01], layer \\S.*, example clouds:(17|101)"
                + " \\(expected finite numbers; .*\\)");
  }

  @Test
  void skipsTheStepsThatTheyAreIn() throws Exception {
    TrainingResult result = train(TrainingSpec.NonFinite.SKIP).get(0);
    assertThat(result.steps()).isEqualTo(4 * 7);
    assertThat(events)
        .hasSizeBetween(4, 8)
        .allMatch(
            event ->
                event.matches(
                    "skipped step: step \\d+: (the loss is NaN|the gradient is not finite): rank [01].*"));
    assertThat(isFinite(result.parameters())).isTrue();
  }

  @Test
  void clipsTheirShareOfTheGradient() throws Exception {
    TrainingResult result = train(TrainingSpec.NonFinite.CLIP).get(0);
    assertThat(result.steps()).isEqualTo(4 * 7);
    assertThat(events)
        .isNotEmpty()
        .allMatch(
            event ->
                event.matches(
                    "clipped gradient: step \\d+: \\d+ numbers of the gradient were not finite and were clipped"));
    assertThat(isFinite(result.parameters())).isTrue();
  }

  @Test
  void stopsWhenNothingButSkippedStepsIsLeft() {
    Map<Integer, Float> all = new java.util.HashMap<>();
    for (int i = 0; i < 203; i++) {
      all.put(i, Float.NaN);
    }
    assertThatThrownBy(() -> train(TrainingSpec.NonFinite.SKIP, all))
        .hasMessageContaining("at step 11, epoch 2: rank 0, ")
        .hasMessageContaining("all 16 examples: ")
        .hasMessageContaining("after 10 skipped steps in a row");
  }

  private List<TrainingResult> train(TrainingSpec.NonFinite answer) throws Exception {
    return train(answer, POISON);
  }

  private List<TrainingResult> train(TrainingSpec.NonFinite answer, Map<Integer, Float> poison)
      throws Exception {
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void event(String event, String message) {
            if (!event.equals("slow")) {
              events.add(event + ": " + message);
            }
          }
        };
    return Blobs.onRanks(
        2,
        Blobs.with(Blobs.training(4), answer, Optional.empty()),
        Blobs.plain(),
        new RankTraining.Surroundings(List.of(), Optional.empty(), listener, () -> false),
        Optional.empty(),
        split ->
            new Blobs(split, split == dev.zone.conf.SplitSpec.Split.TRAIN ? poison : Map.of()));
  }

  private static boolean isFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
