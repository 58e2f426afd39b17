package dev.zone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedStepsTest {
  @TempDir Path runs;

  @Test
  void stepsAreTakenFromWholeLinesAsTheyAppear() throws IOException {
    RecordedSteps steps = new RecordedSteps(runs);
    steps.poll();
    assertThat(steps.steps()).isEmpty();

    Path run = Files.createDirectory(runs.resolve("20260102-cnn"));
    Path metrics = run.resolve("metrics.jsonl");
    Files.writeString(
        metrics,
        """
        {"type":"start","epochs":1}
        {"type":"step","step":1,"seconds":0.5}
        {"type":"step","step":4,"sec""");
    assertThat(steps.steps()).extracting(StepSource.Point::value).containsExactly(1.0);

    Files.writeString(
        metrics,
        "onds\":2.0}\n{\"type\":\"epoch\",\"step\":5,\"seconds\":2.5}\n",
        StandardOpenOption.APPEND);
    List<StepSource.Point> all = steps.steps();
    assertThat(all).extracting(StepSource.Point::value).containsExactly(1.0, 4.0, 5.0);
    assertThat(all.get(2).millis() - all.get(0).millis()).isEqualTo(2000);
  }

  @Test
  void lossIsThatOfTheTestSplit() throws IOException {
    RecordedSteps steps = new RecordedSteps(runs);
    Path run = Files.createDirectory(runs.resolve("20260102-cnn"));
    steps.poll();
    assertThat(steps.loss()).isEmpty();

    Files.writeString(
        run.resolve("result.json"), "{\"metrics\":{\"test\":{\"loss\":0.25,\"accuracy\":1}}}");
    assertThat(steps.loss()).hasValue(0.25);
  }
}
