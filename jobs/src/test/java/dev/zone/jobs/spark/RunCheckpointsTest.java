package dev.zone.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.PlanSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.PreparedManifest;
import dev.zone.jobs.checkpoint.Checkpoint;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.Requests;
import dev.zone.jobs.run.RunFolder;
import dev.zone.jobs.update.EngineChoice.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCheckpointsTest {
  private static final PreparedManifest DATA =
      new PreparedManifest(
          "chip/tiny",
          "",
          true,
          "the key of the data",
          List.of(Requests.input("a", 1)),
          List.of("a", "b"),
          1,
          1,
          Map.of(Split.TRAIN, 7),
          Map.of(Split.TRAIN, 7L),
          Map.of(Split.TRAIN, List.of(4L, 3L)),
          List.of());

  @TempDir private Path folder;
  private final NetworkConfiguration network = new Requests().create();

  private RunCheckpoints checkpoints(int seed, int workers) {
    PlanSpec plan = TinyPlan.of(seed, workers);
    return new RunCheckpoints(new RunFolder(folder), plan);
  }

  private void writtenBy(int workers) {
    try (RunCheckpoints checkpoints = checkpoints(7, workers)) {
      checkpoints
          .checkpoints()
          .write(
              new Checkpoint(
                  new Checkpoint.Position(1, 40, 2, 0, 0, Double.NaN, 0, 0, 0, 1),
                  new float[Math.toIntExact(network.parameters())],
                  new float[0],
                  Optional.empty(),
                  Optional.empty(),
                  checkpoints.origin(DATA, Engine.ONEDNN),
                  ""));
    }
  }

  private List<String> events() throws IOException {
    Path events = folder.resolve("events.jsonl");
    return Files.exists(events) ? Files.readAllLines(events) : List.of();
  }

  @Test
  void saysOnceThatOtherWorkersWroteTheCheckpoint() throws IOException {
    writtenBy(2);
    try (RunCheckpoints checkpoints = checkpoints(7, 1)) {
      assertThat(checkpoints.newest(network, DATA, Engine.ONEDNN).orElseThrow().position().step())
          .isEqualTo(40);
      assertThat(checkpoints.newest(network, DATA, Engine.ONEDNN)).isPresent();
    }
    assertThat(events()).hasSize(1);
    assertThat(events().get(0))
        .contains("\"event\":\"note\"")
        .contains("goes on with 1 worker instead of 2: the model will not be the same to the bit");
  }

  @Test
  void saysNothingOfItsOwnCheckpoint() throws IOException {
    writtenBy(3);
    try (RunCheckpoints checkpoints = checkpoints(7, 3)) {
      assertThat(checkpoints.newest(network, DATA, Engine.ONEDNN)).isPresent();
    }
    assertThat(events()).isEmpty();
  }

  @Test
  void refusesTheCheckpointOfAnotherTraining() {
    writtenBy(2);
    try (RunCheckpoints checkpoints = checkpoints(8, 2)) {
      assertThatThrownBy(() -> checkpoints.newest(network, DATA, Engine.ONEDNN))
          .isInstanceOfSatisfying(
              ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.USER))
          .hasMessageStartingWith("Cannot go on from the checkpoints: ")
          .hasMessageEndingWith(
              " (expected ones of the same data, model, training, engine and version of Zone)");
    }
  }

  @Test
  void knowsTheCheckpointsOfTrainingsThatHadNoChoiceOfPrecision() {
    try (RunCheckpoints checkpoints = checkpoints(7, 2)) {
      assertThat(checkpoints.origin(DATA, Engine.DL4J).key())
          .isEqualTo("17ef1fed06b3e5af921fe091b754c80259e5c3e3fd7ce556623c2bdebd27fe0e");
    }
  }

  @Test
  void refusesTheCheckpointOfAnotherEngine() {
    writtenBy(2);
    try (RunCheckpoints checkpoints = checkpoints(7, 2)) {
      assertThatThrownBy(() -> checkpoints.newest(network, DATA, Engine.DL4J))
          .hasMessageContaining("(expected ones of the same data, model, training, engine ");
    }
  }
}
