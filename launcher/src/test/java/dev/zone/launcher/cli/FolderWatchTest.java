package dev.zone.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.registry.WatchedFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FolderWatchTest {
  @TempDir private Path folder;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<String> fed = new ArrayList<>();

  /** Fails as the file's name says; stops the watch where a file named so was fed three times. */
  private void feed(Path file) {
    String name = file.getFileName().toString();
    fed.add(name);
    if (name.startsWith("away") && fed.stream().filter(name::equals).count() == 3) {
      Thread.currentThread().interrupt();
    } else if (name.startsWith("away")) {
      throw ZoneException.environment("no storage", null);
    } else if (name.startsWith("large")) {
      throw new ZoneException(ErrorKind.RESOURCES, "too large");
    } else if (name.startsWith("wrong")) {
      throw ZoneException.user("all wrong");
    }
  }

  @Test
  void feedsTheOthersWhateverIsWrongWithAFile() throws IOException {
    for (String name : new String[] {"away.csv", "good.csv", "large.csv", "wrong.csv"}) {
      Files.writeString(folder.resolve(name), "x\n");
    }
    WatchedFolder watched =
        new WatchedFolder(folder, Optional.empty(), name -> true, Duration.ZERO, Clock.systemUTC());
    int exit =
        new FolderWatch(
                watched,
                this::feed,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                List.of("*.csv"))
            .run("begun", Duration.ofMillis(1));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(exit).isEqualTo(130);
    assertThat(fed)
        .containsExactly("away.csv", "good.csv", "large.csv", "wrong.csv", "away.csv", "away.csv");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            begun
            zone: away.csv: no storage; it is tried again
            zone: large.csv: too large
            zone: wrong.csv: all wrong
            """);
  }
}
