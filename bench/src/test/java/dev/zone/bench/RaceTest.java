package dev.zone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.zone.bench.Race.Round;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaceTest {
  private static final int BATCH = 10;

  @TempDir Path folder;

  @Test
  void rateIsThatAfterWarmingUp() throws Exception {
    Contestant one =
        new Contestant(
            "one", 1, 1, prints("step 1 0", "step 40 9000", "step 100 10000", "loss 0.5"));

    List<Round> rounds = race(2).run(List.of(one)).get("one");

    assertThat(rounds).hasSize(2);
    assertThat(rounds.get(0).rate()).isCloseTo(60 * BATCH, within(1e-6));
    assertThat(rounds.get(0).loss()).isEqualTo(0.5);
  }

  @Test
  void processesSideBySideAreMeasuredWhileBothTrain() throws Exception {
    // The second is done with half of its steps before the first is warm.
    Function<Path, Launch> launch =
        place ->
            place.endsWith("process-0")
                ? prints("step 1 0", "step 40 5000", "step 100 11000").apply(place)
                : prints("step 1 0", "step 40 4000", "step 50 5000", "step 100 10000").apply(place);

    Round round = race(1).run(List.of(new Contestant("two", 1, 2, launch))).get("two").get(0);

    assertThat(round.rate()).isCloseTo((10 + 10) * BATCH, within(1e-6));
  }

  @Test
  void whatAnEarlierMeasurementLeftIsNotTakenForThisOnes() throws Exception {
    Path left = folder.resolve("one-1/process-0/runs/20260102-cnn");
    Files.createDirectories(left);
    Files.writeString(
        left.resolve("metrics.jsonl"), "{\"type\":\"step\",\"step\":1,\"seconds\":0.5}\n");
    Contestant one =
        new Contestant(
            "one",
            1,
            1,
            place ->
                new Launch(List.of("true"), Map.of(), new RecordedSteps(place.resolve("runs"))));
    Race race = race(1);

    assertThat(race.run(List.of(one))).isEmpty();
    assertThat(race.failures().get("one")).contains("no step was told");
  }

  @Test
  void whoFailsIsNamedAndLeavesTheOthersToGoOn() throws Exception {
    Contestant failing =
        new Contestant("failing", 1, 1, place -> shell(place, "echo step 1 0; exit 3"));
    Contestant silent = new Contestant("silent", 1, 1, place -> shell(place, "true"));
    Contestant good =
        new Contestant("good", 2, 1, prints("step 1 0", "step 5 500", "step 10 1000"));
    Race race = race(2);

    Map<String, List<Round>> rounds = race.run(List.of(failing, silent, good));

    assertThat(rounds).containsOnlyKeys("good");
    assertThat(rounds.get("good")).hasSize(2);
    assertThat(race.failures().get("failing")).contains("ended with 3");
    assertThat(race.failures().get("silent")).contains("no step was told");
  }

  private Race race(int rounds) {
    return new Race(new Settings(folder, rounds, 1, 1, Optional.empty(), List.of()), folder, BATCH);
  }

  /** A process that says so, with times of its own making. */
  private static Function<Path, Launch> prints(String... lines) {
    return place -> shell(place, "printf '%s\\n' '" + String.join("' '", lines) + "'");
  }

  private static Launch shell(Path place, String script) {
    return new Launch(
        List.of("sh", "-c", script), Map.of(), new PrintedSteps(place.resolve("out")));
  }
}
