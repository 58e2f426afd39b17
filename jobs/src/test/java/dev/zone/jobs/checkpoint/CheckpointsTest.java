package dev.zone.jobs.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import dev.zone.jobs.checkpoint.Publication.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  private static final int LONGEST = 100;

  @TempDir Path folder;

  @Test
  void readsBackEveryBit() {
    Checkpoint written =
        new Checkpoint(
            new Checkpoint.Position(
                2, 40, 3, Double.POSITIVE_INFINITY, 77, Double.NaN, 0, 0, 3, 0.1 + 0.2),
            new float[] {1.5f, -0.0f, Float.MIN_VALUE},
            new float[0],
            Optional.of(new float[] {Float.NaN, 2, 3}),
            Optional.empty(),
            new Checkpoint.Origin("a key", 3, Long.MIN_VALUE, "splitmix64/1"),
            "{\"größe\":1}");
    Checkpoints checkpoints = new Checkpoints(Storage.local(folder), 2);
    Publication publication = checkpoints.write(written);
    assertThat(publication.outcome()).isEqualTo(Outcome.DONE);
    assertThat(publication.message())
        .isEqualTo("Checkpoint written: " + folder.resolve("step-00000040"));
    assertThat(publication.notes()).isEmpty();
    assertThat(publication.bytes()).isEqualTo(Samples.bytesIn(folder.resolve("step-00000040")));
    Samples.requireEqual(checkpoints.read(publication.name(), LONGEST), written);
  }

  @Test
  void keepsTheNewestAndNothingElse() throws IOException {
    Checkpoints checkpoints = new Checkpoints(Storage.local(folder.resolve("checkpoints")), 2);
    for (int step : new int[] {90, 100, 110}) {
      checkpoints.write(Samples.at(step));
    }
    assertThat(checkpoints.list()).containsExactly("step-00000110", "step-00000100");
    assertThat(folder.resolve("checkpoints").toFile().list()).hasSize(2);
  }

  @Test
  void keepsTheBestToo() throws IOException {
    Checkpoints checkpoints = new Checkpoints(Storage.local(folder), 2);
    for (int step : new int[] {10, 20, 30, 40, 50}) {
      checkpoints.write(Samples.at(step, Math.min(step, 20)));
    }
    assertThat(checkpoints.list())
        .containsExactly("step-00000050", "step-00000040", "step-00000020");
    checkpoints.write(Samples.at(60, 60));
    assertThat(checkpoints.list()).containsExactly("step-00000060", "step-00000050");
  }

  @Test
  void hasNoneWhereThereIsNoFolder() {
    Checkpoints checkpoints = new Checkpoints(Storage.local(folder.resolve("none")), 2);
    assertThat(checkpoints.list()).isEmpty();
    assertThat(checkpoints.newestUsable(LONGEST).usable()).isEmpty();
    assertThat(checkpoints.newestUsable(LONGEST).passedOver()).isEmpty();
  }

  @Test
  void saysWhereItCannotWrite() throws IOException {
    Path file = folder.resolve("file");
    Files.writeString(file, "in the way");
    Publication publication = new Checkpoints(Storage.local(file), 2).write(Samples.at(7));
    assertThat(publication.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(publication.toException().kind()).isEqualTo(ErrorKind.ENVIRONMENT);
    assertThat(publication.toException())
        .hasMessageStartingWith("Cannot write checkpoint: " + file.resolve("step-00000007") + " (");
    assertThat(List.of(folder.toFile().list())).containsExactly("file");
  }

  @Test
  void refusesANameThatIsNoCheckpoints() {
    assertThatThrownBy(
            () -> new Checkpoints(Storage.local(folder), 2).read("../step-00000007", LONGEST))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.USER))
        .hasMessage(
            "Cannot use checkpoint: ../step-00000007 (expected a name such as step-00000400)");
  }
}
