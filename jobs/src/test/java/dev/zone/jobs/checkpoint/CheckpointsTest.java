package dev.zone.jobs.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  @TempDir Path folder;

  @Test
  void readsBackEveryBit() {
    Checkpoint written =
        new Checkpoint(
            new Checkpoint.Position(2, 40, 3, 0.1 + 0.2, 77, Double.NaN, 0, 3, 12.5),
            new float[] {1.5f, -0.0f, Float.MIN_VALUE},
            new float[0],
            Optional.of(new float[] {Float.NaN, 2, 3}),
            Optional.empty());
    Checkpoint read = Checkpoints.read(new Checkpoints(folder, 2).write(written));
    assertThat(read.position()).isEqualTo(written.position());
    assertThat(bits(read.parameters())).isEqualTo(bits(written.parameters()));
    assertThat(read.updaterState()).isEmpty();
    assertThat(bits(read.average().orElseThrow())).isEqualTo(bits(written.average().orElseThrow()));
    assertThat(read.best()).isEmpty();
  }

  @Test
  void keepsTheNewestAndNothingElse() throws IOException {
    Checkpoints checkpoints = new Checkpoints(folder.resolve("checkpoints"), 2);
    for (int step : new int[] {90, 100, 110}) {
      checkpoints.write(at(step));
    }
    assertThat(checkpoints.list().stream().map(path -> path.getFileName().toString()))
        .containsExactly("step-00000110", "step-00000100");
    try (Stream<Path> all = Files.list(folder.resolve("checkpoints"))) {
      assertThat(all).hasSize(2);
    }
  }

  @Test
  void refusesABitThatFlipped() throws IOException {
    Path place = new Checkpoints(folder, 2).write(at(7));
    try (RandomAccessFile file =
        new RandomAccessFile(place.resolve("parameters.f32").toFile(), "rw")) {
      file.seek(5);
      int old = file.read();
      file.seek(5);
      file.write(old ^ 16);
    }
    assertThatThrownBy(() -> Checkpoints.read(place))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ENVIRONMENT))
        .hasMessage(
            "Cannot use checkpoint: "
                + place
                + " (parameters.f32 does not have the digest it was written with)");
  }

  @Test
  void refusesAFileThatIsTooShort() throws IOException {
    Path place = new Checkpoints(folder, 2).write(at(7));
    Files.write(place.resolve("parameters.f32"), new byte[4]);
    assertThatThrownBy(() -> Checkpoints.read(place))
        .hasMessage(
            "Cannot use checkpoint: " + place + " (parameters.f32 has 4 bytes, expected 8)");
  }

  @Test
  void refusesAnotherFormat() throws IOException {
    Path place = new Checkpoints(folder, 2).write(at(7));
    Path json = place.resolve("checkpoint.json");
    Files.writeString(json, Files.readString(json).replace("\"format\":1", "\"format\":9"));
    assertThatThrownBy(() -> Checkpoints.read(place))
        .hasMessage("Cannot use checkpoint: " + place + " (format 9, expected 1)");
  }

  @Test
  void saysWhereItCannotWrite() throws IOException {
    Path file = folder.resolve("file");
    Files.writeString(file, "in the way");
    assertThatThrownBy(() -> new Checkpoints(file, 2).write(at(7)))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ENVIRONMENT))
        .hasMessageStartingWith("Cannot write checkpoint: " + file.resolve("step-00000007"));
    assertThat(List.of(folder.toFile().list())).containsExactly("file");
  }

  private static Checkpoint at(int step) {
    return new Checkpoint(
        new Checkpoint.Position(1, step, 1, 0, 0, 0.5, 1, 0, 1),
        new float[] {1, 2},
        new float[] {3},
        Optional.empty(),
        Optional.empty());
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
