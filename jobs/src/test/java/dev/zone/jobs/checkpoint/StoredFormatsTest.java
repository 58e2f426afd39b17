package dev.zone.jobs.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.datasets.storage.Storage;
import dev.zone.jobs.checkpoint.Checkpoint.Origin;
import dev.zone.jobs.checkpoint.Checkpoint.Position;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What versions before this one have written is read to the bit. */
class StoredFormatsTest {
  @Test
  void readsFormat1() throws URISyntaxException {
    Samples.requireEqual(
        stored("format-1").read("step-00000400", 8),
        checkpoint(
            new Position(1, 400, 3, 0.1 + 0.2, 77, 0.625, 2, 0, 1, 12.5), Origin.UNKNOWN, ""));
  }

  @Test
  void readsFormat2() throws URISyntaxException {
    Samples.requireEqual(
        stored("format-2").read("step-00000400", 8),
        checkpoint(
            new Position(1, 400, 3, 0.1 + 0.2, 77, 0.625, 2, 300, 1, 12.5),
            new Origin("0123abcd", 3, -42, "splitmix64/1"),
            "{\"columns\":[\"größe\"]}"));
  }

  @Test
  void findsTheStoredOnesUsable() throws URISyntaxException {
    for (String format : new String[] {"format-1", "format-2"}) {
      assertThat(stored(format).newestUsable(8).usable().orElseThrow().name())
          .isEqualTo("step-00000400");
    }
  }

  private static Checkpoints stored(String format) throws URISyntaxException {
    return new Checkpoints(
        Storage.local(Path.of(StoredFormatsTest.class.getResource(format).toURI())), 2);
  }

  private static Checkpoint checkpoint(Position position, Origin origin, String transforms) {
    return new Checkpoint(
        position,
        new float[] {1.5f, -0.0f, Float.MIN_VALUE, -3.25e7f},
        new float[] {0.125f, 2, 3, 4, 5, 6, 7, -8},
        Optional.of(new float[] {1, 2, 3, Float.MAX_VALUE}),
        Optional.of(new float[] {-1, -2, -3, Float.NaN}),
        origin,
        transforms);
  }
}
