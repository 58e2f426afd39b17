package dev.zone.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherSignsTest {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  @TempDir private Path folder;

  private void give(int sign) throws IOException {
    Files.writeString(folder.resolve("launcher"), Integer.toString(sign));
  }

  @Test
  void asksForNoSignsOfALauncherThatGivesNone() throws IOException {
    assertThat(new LauncherSigns(folder, 0).areGiven()).isFalse();
    give(1);
    assertThat(new LauncherSigns(folder, 0).areGiven()).isTrue();
  }

  @Test
  void takesALauncherForGoneOnceItsSignIsTheSameForMinutes() throws IOException {
    give(1);
    LauncherSigns signs = new LauncherSigns(folder, 0);
    assertThat(signs.isSilent(MINUTE)).isFalse();
    assertThat(signs.isSilent(3 * MINUTE)).isFalse();
    give(2);
    assertThat(signs.isSilent(4 * MINUTE)).isFalse();
    assertThat(signs.isSilent(7 * MINUTE)).isFalse();
    assertThat(signs.isSilent(7 * MINUTE + 1)).isTrue();
  }

  @Test
  void takesAFileThatIsNotThereForSilence() throws IOException {
    give(1);
    LauncherSigns signs = new LauncherSigns(folder, 0);
    assertThat(signs.isSilent(0)).isFalse();
    Files.delete(folder.resolve("launcher"));
    assertThat(signs.isSilent(3 * MINUTE)).isFalse();
    assertThat(signs.isSilent(3 * MINUTE + 1)).isTrue();
  }
}
