package dev.zone.datasets.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DownloaderTest {
  private static final String TEXT = "torque,speed\n" + "12.5,80\n".repeat(1000);
  private static final String OTHER = "torque,speed\n" + "99.9,10\n".repeat(1000);

  @TempDir private Path folder;
  private final Listening listening = new Listening();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Downloader downloader(Listening pauses) {
    return new Downloader(new Settings(1 << 20, Duration.ofSeconds(20), pauses));
  }

  private Fetched fetch(FileServer server, String sha256) {
    return downloader(listening)
        .fetch(
            new Wanted("in/lots.csv", server.url(), Optional.ofNullable(sha256)),
            folder,
            listening);
  }

  private Path file() {
    return folder.resolve("in/lots.csv");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("in"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void downloadsAFileOnceAndSaysItsDigest() throws IOException {
    try (FileServer server = new FileServer(bytes(TEXT))) {
      Fetched fetched = fetch(server, null);
      assertThat(fetched.isNew()).isTrue();
      assertThat(fetched.file()).isEqualTo(file().toRealPath()).hasContent(TEXT);
      assertThat(fetched.bytes()).isEqualTo(TEXT.length());
      assertThat(fetched.sha256()).isEqualTo(Digests.ofText(TEXT));
      assertThat(names()).containsExactly(".lots.csv.pull", "lots.csv");
      assertThat(listening.bytes()).isEqualTo(TEXT.length());
      assertThat(listening.of()).isEqualTo(OptionalLong.of(TEXT.length()));
      // Its name is the descriptor's: the server's is nothing to us.
      assertThat(server.asked()).containsExactly("/lots.csv");

      Fetched again = fetch(server, null);
      assertThat(again.isNew()).isFalse();
      assertThat(again.sha256()).isEqualTo(fetched.sha256());
      assertThat(fetch(server, Digests.ofText(TEXT)).isNew()).isFalse();
      assertThat(server.asked()).hasSize(1);
    }
  }

  @Test
  void goesOnWhereTheConnectionBrokeAndAsksForNoByteTwice() {
    try (FileServer server = new FileServer(bytes(TEXT))) {
      server.once(server.breaksAfter(1000)).once(server.breaksAfter(2500));
      Fetched fetched = fetch(server, null);
      assertThat(fetched.file()).hasContent(TEXT);
      assertThat(server.asked())
          .containsExactly(
              "/lots.csv", "/lots.csv bytes=1000- if \"1\"", "/lots.csv bytes=3500- if \"1\"");
      assertThat(listening.pauses()).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }
  }

  @Test
  void goesOnInAnotherProcessWithWhatIsLeft() throws IOException {
    try (FileServer server = new FileServer(bytes(TEXT))) {
      server.once(server.breaksAfter(1000)).always(FileServer.status(503));
      assertThatThrownBy(() -> fetch(server, null))
          .isInstanceOfSatisfying(
              ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ENVIRONMENT))
          .hasMessage(
              "Cannot download %s: it answers 503; it was tried 5 times (expected a server that answers; what came is kept, and the same command goes on from there)",
              server.url());
      assertThat(names()).containsExactly(".lots.csv.pull", "lots.csv.part");
      assertThat(Files.size(folder.resolve("in/lots.csv.part"))).isEqualTo(1000);

      server.asked().clear();
      server.always(server::file);
      assertThat(fetch(server, null).file()).hasContent(TEXT);
      assertThat(server.asked()).containsExactly("/lots.csv bytes=1000- if \"1\"");
      assertThat(names()).containsExactly(".lots.csv.pull", "lots.csv");
    }
  }

  @Test
  void takesAPartThatIsAllOfItForWhole() throws IOException {
    try (FileServer server = new FileServer(bytes(TEXT))) {
      fetch(server, null);
      // As if it had been killed before the last step.
      Files.move(file(), folder.resolve("in/lots.csv.part"));
      assertThat(fetch(server, null).file()).hasContent(TEXT);
      assertThat(server.asked().get(1)).isEqualTo("/lots.csv bytes=8013- if \"1\"");
      assertThat(server.asked()).hasSize(2);
    }
  }

  @Test
  void beginsAgainWhereTheServersFileChanged() {
    try (FileServer server = new FileServer(bytes(TEXT))) {
      server.once(server.breaksAfter(1000));
      server.once(
          exchange -> {
            server.serves(bytes(OTHER), "\"2\"");
            server.file(exchange);
          });
      assertThat(fetch(server, null).file()).hasContent(OTHER);
      assertThat(server.asked()).hasSize(2);
    }
  }

  @Test
  void beginsAgainWhereTheRestIsOfAnotherVersionWhateverWasAskedFor() {
    for (String said :
        List.of("bytes 1000-8012/8013", "bytes 999-8012/8013", "bytes 1000-8012/9000", "x")) {
      try (FileServer server = new FileServer(bytes(TEXT))) {
        String tag = said.equals("bytes 1000-8012/8013") ? "\"2\"" : "\"1\"";
        server
            .once(server.breaksAfter(1000))
            .once(FileServer.status(206, "Content-Range", said, "ETag", tag));
        Path there = folder.resolve("of-" + Digests.ofText(said));
        Fetched fetched =
            downloader(listening)
                .fetch(new Wanted("lots.csv", server.url(), Optional.empty()), there, listening);
        assertThat(fetched.file()).as(said).hasContent(TEXT);
        assertThat(server.asked().get(2)).as(said).isEqualTo("/lots.csv");
      }
    }
  }

  @Test
  void beginsAgainWhereNothingTellsVersionsApart() {
    for (String tag : new String[] {null, "W/\"1\"", "bare"}) {
      try (FileServer server = new FileServer(bytes(TEXT))) {
        server.serves(bytes(TEXT), tag);
        server.once(server.breaksAfter(1000));
        Path there = folder.resolve("of-" + Digests.ofText(String.valueOf(tag)));
        downloader(listening)
            .fetch(new Wanted("lots.csv", server.url(), Optional.empty()), there, listening);
        assertThat(server.asked()).containsExactly("/lots.csv", "/lots.csv");
      }
    }
  }

  @Test
  void beginsAgainWhereTheServerKnowsNoRanges() {
    try (FileServer server = new FileServer(bytes(TEXT))) {
      server
          .once(server.breaksAfter(1000))
          .once(
              exchange -> {
                exchange.sendResponseHeaders(200, TEXT.length());
                exchange.getResponseBody().write(bytes(TEXT));
              });
      assertThat(fetch(server, null).file()).hasContent(TEXT);
      assertThat(server.asked()).hasSize(2);
    }
  }

  @Test
  void fetchesAllAgainOnceWherePiecesDoNotMakeTheFile() {
    try (FileServer server = new FileServer(bytes(OTHER))) {
      server.once(server.breaksAfter(1000));
      server.once(
          exchange -> {
            // Changed, and the server does not say so.
            server.serves(bytes(TEXT), "\"1\"");
            server.file(exchange);
          });
      assertThat(fetch(server, Digests.ofText(TEXT)).file()).hasContent(TEXT);
      assertThat(server.asked()).hasSize(3);
    }
  }

  @Test
  void waitsWhileAnotherProcessIsAtTheFileAndTakesWhatThatOneGot() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (FileServer server = new FileServer(bytes(TEXT))) {
      server.once(
          exchange -> {
            asked.countDown();
            try {
              assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            server.file(exchange);
          });
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xshare:auto",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Pulling.class.getName(),
                  server.url(),
                  folder.toString())
              .inheritIO()
              .start();
      try {
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        Listening waiting =
            new Listening(
                () -> {
                  go.countDown();
                  other.onExit().join();
                });
        Fetched fetched =
            downloader(waiting)
                .fetch(new Wanted("lots.csv", server.url(), Optional.empty()), folder, waiting);
        assertThat(waiting.heard()).containsExactly("waits");
        assertThat(fetched.isNew()).isFalse();
        assertThat(fetched.file()).hasContent(TEXT);
        assertThat(other.exitValue()).isZero();
        assertThat(server.asked()).hasSize(1);
      } finally {
        other.destroyForcibly();
      }
    }
  }

  /** Another process that pulls. */
  static final class Pulling {
    private Pulling() {}

    public static void main(String[] arguments) {
      Fetched fetched =
          new Downloader()
              .fetch(
                  new Wanted("lots.csv", arguments[0], Optional.empty()),
                  Path.of(arguments[1]),
                  new Listening());
      if (!fetched.isNew()) {
        throw new IllegalStateException("it was there");
      }
    }
  }

  @Test
  void leavesWhatLiesInItsPlaceAlone() throws IOException {
    try (FileServer server = new FileServer(bytes(TEXT))) {
      Files.createDirectories(folder.resolve("in"));
      Files.writeString(file(), "mine");
      assertThatThrownBy(() -> fetch(server, null))
          .hasMessage(
              "Cannot download to %s: a file with SHA-256 %s is there (expected a place that is free; move it away)",
              file().toRealPath(), Digests.ofText("mine"));
      assertThatThrownBy(() -> fetch(server, Digests.ofText(TEXT)))
          .isInstanceOfSatisfying(
              ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.USER))
          .hasMessageContaining(
              "is there (expected one with %s, or a place that is free; move it away)",
              Digests.ofText(TEXT));
      assertThat(fetch(server, Digests.ofText("mine")).isNew()).isFalse();
      assertThat(server.asked()).isEmpty();

      Files.delete(file());
      Files.createDirectory(file());
      assertThatThrownBy(() -> fetch(server, null)).hasMessageContaining("it is no file");
    }
  }

  @Test
  void writesThroughNoLinkAndOutOfNoFolder() throws IOException {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Path secret = Files.writeString(outside.resolve("secret"), "kept");
    Path inside = Files.createDirectory(folder.resolve("inside"));
    Files.createSymbolicLink(inside.resolve("in"), outside);
    Files.createSymbolicLink(inside.resolve("lots.csv.part"), secret);
    try (FileServer server = new FileServer(bytes(TEXT))) {
      Downloader downloader = downloader(listening);
      for (String path : List.of("in/lots.csv", "lots.csv", "../lots.csv", "/lots.csv")) {
        assertThatThrownBy(
                () ->
                    downloader.fetch(
                        new Wanted(path, server.url(), Optional.empty()), inside, listening))
            .as(path)
            .isInstanceOf(ZoneException.class)
            .hasMessageStartingWith("Cannot download ");
      }
      assertThat(server.asked()).isEmpty();
    }
    assertThat(outside).isDirectoryNotContaining(file -> !file.equals(secret));
    assertThat(secret).hasContent("kept");
  }
}
