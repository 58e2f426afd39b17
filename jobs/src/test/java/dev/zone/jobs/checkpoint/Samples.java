package dev.zone.jobs.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Tiny checkpoints. */
final class Samples {
  private Samples() {}

  static Checkpoint at(int step) {
    return at(step, 0);
  }

  static Checkpoint at(int step, int bestStep) {
    return new Checkpoint(
        new Checkpoint.Position(1, step, 1, 0.25, 3, 0.5, bestStep > 0 ? 1 : 0, bestStep, 0, 1),
        new float[] {1, step},
        new float[] {3},
        Optional.empty(),
        Optional.of(new float[] {-1, bestStep}),
        new Checkpoint.Origin("key", 2, 42, "draws"),
        "{}");
  }

  static void requireEqual(Checkpoint actual, Checkpoint expected) {
    assertThat(actual.position()).isEqualTo(expected.position());
    assertThat(bits(actual.parameters())).isEqualTo(bits(expected.parameters()));
    assertThat(bits(actual.updaterState())).isEqualTo(bits(expected.updaterState()));
    assertThat(actual.average().map(Samples::bits).orElse(new int[0]))
        .isEqualTo(expected.average().map(Samples::bits).orElse(new int[0]));
    assertThat(actual.best().map(Samples::bits).orElse(new int[0]))
        .isEqualTo(expected.best().map(Samples::bits).orElse(new int[0]));
    assertThat(actual.average().isPresent()).isEqualTo(expected.average().isPresent());
    assertThat(actual.best().isPresent()).isEqualTo(expected.best().isPresent());
    assertThat(actual.origin()).isEqualTo(expected.origin());
    assertThat(actual.transforms()).isEqualTo(expected.transforms());
  }

  static long bytesIn(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
