package dev.zone.datasets.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFolderTest {
  private static final Instant START = Instant.parse("2026-11-28T10:00:00Z");

  @TempDir private Path folder;
  private Path drop;
  private final Hand clock = new Hand();

  /** A clock that goes on when it is told. */
  private static final class Hand extends Clock {
    private Instant now = START;

    void pass(long seconds) {
      now = now.plusSeconds(seconds);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @BeforeEach
  void makeFolder() throws IOException {
    drop = Files.createDirectories(folder.resolve("drop"));
  }

  private WatchedFolder watched(Optional<String> marker) {
    return new WatchedFolder(
        drop, marker, name -> name.endsWith(".csv"), Duration.ofSeconds(10), clock);
  }

  /** Writes a file, changed now by the clock. */
  private Path write(String name, String text) throws IOException {
    Path file = Files.writeString(drop.resolve(name), text);
    return Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
  }

  @Test
  void takesAFileThatDidNotChangeForSomeTimeAndSinceTheLastLook() throws IOException {
    WatchedFolder watched = watched(Optional.empty());
    assertThat(watched.look()).isEmpty();
    Path one = write("a.csv", "x\n");
    write("b.csv.part", "x\n1\n");
    write(".c.csv", "x\n1\n");
    clock.pass(5);
    assertThat(watched.look()).isEmpty();
    clock.pass(4);
    assertThat(watched.look()).isEmpty();
    write("a.csv", "x\n1\n");
    clock.pass(5);
    assertThat(watched.look()).isEmpty();
    clock.pass(5);
    assertThat(watched.look()).containsExactly(one);
    assertThat(watched.look()).isEmpty();
    Files.move(drop.resolve("b.csv.part"), drop.resolve("b.csv"));
    assertThat(watched.look()).isEmpty();
    assertThat(watched.look()).containsExactly(drop.resolve("b.csv"));
    write("a.csv", "x\n1\n2\n");
    watched.look();
    clock.pass(10);
    assertThat(watched.look()).containsExactly(one);
    watched.forget(one);
    assertThat(watched.look()).containsExactly(one);
  }

  @Test
  void takesAFileThatAClockAheadOfThisOneChanged() throws IOException {
    WatchedFolder watched = watched(Optional.empty());
    Path file = write("a.csv", "x\n1\n");
    Files.setLastModifiedTime(file, FileTime.from(START.plusSeconds(3600)));
    assertThat(watched.look()).isEmpty();
    clock.pass(9);
    assertThat(watched.look()).isEmpty();
    clock.pass(1);
    assertThat(watched.look()).containsExactly(file);
  }

  @Test
  void believesNoMarkerThatIsOlderThanItsFile() throws IOException {
    WatchedFolder watched = watched(Optional.of(".done"));
    Path file = write("a.csv", "x\n1\n");
    assertThat(watched.look()).isEmpty();
    write("a.csv.done", "");
    assertThat(watched.look()).containsExactly(file);
    assertThat(watched.look()).isEmpty();
    clock.pass(1);
    write("a.csv", "x\n");
    assertThat(watched.look()).isEmpty();
    clock.pass(60);
    assertThat(watched.look()).isEmpty();
    write("a.csv", "x\n2\n");
    write("a.csv.done", "");
    assertThat(watched.look()).containsExactly(file);
  }

  @Test
  void tellsOnceOfFilesThatCannotBeFed() throws IOException {
    WatchedFolder watched = watched(Optional.of(".done"));
    write("a.csv", "x\n1\n");
    write("a.csv.done", "");
    write("note.txt", "x");
    write("b.csv.tmp", "x");
    write(".hidden.txt", "x");
    watched.look();
    assertThat(watched.others()).containsExactly(drop.resolve("note.txt"));
    watched.look();
    assertThat(watched.others()).isEmpty();
  }

  @Test
  void knowsWhatItTookWhenTheFolderIsThereAgain() throws IOException {
    WatchedFolder watched = watched(Optional.of(".done"));
    Path file = write("a.csv", "x\n1\n");
    write("a.csv.done", "");
    assertThat(watched.look()).containsExactly(file);
    Path away = Files.move(drop, folder.resolve("away"));
    assertThatThrownBy(watched::look)
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ENVIRONMENT))
        .hasMessage("Cannot watch " + drop + " (expected a folder)");
    Files.move(away, drop);
    assertThat(watched.look()).isEmpty();
  }
}
