package dev.zone.datasets.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that fail, lie, or lead astray. */
@Timeout(60)
class DownloadFaultsTest {
  private static final String TEXT = "torque,speed\n" + "12.5,80\n".repeat(1000);
  private static final int MOST_BYTES = 100_000;

  @TempDir private Path folder;
  private final Listening listening = new Listening();
  private Duration silence = Duration.ofSeconds(20);

  private static FileServer server() {
    return new FileServer(TEXT.getBytes(StandardCharsets.UTF_8));
  }

  private Fetched fetch(String url, String sha256) {
    return new Downloader(new Settings(MOST_BYTES, silence, listening))
        .fetch(new Wanted("lots.csv", url, Optional.ofNullable(sha256)), folder, listening);
  }

  /** The download fails so, and nothing has the file's name. */
  private void assertFails(String url, String sha256, ErrorKind kind, String message) {
    ZoneException failure = catchThrowableOfType(ZoneException.class, () -> fetch(url, sha256));
    assertThat(failure).isNotNull().hasMessageContaining(message);
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(folder.resolve("lots.csv")).doesNotExist();
  }

  private void assertNothingIsKept() {
    assertThat(folder.resolve("lots.csv.part")).doesNotExist();
  }

  @Test
  void takesNoFileWithAnotherDigest() {
    try (FileServer server = server()) {
      assertFails(
          server.url(),
          "0".repeat(64),
          ErrorKind.USER,
          "its SHA-256 is %s (expected %s, as the descriptor says; the file there may be another by now)"
              .formatted(Digests.ofText(TEXT), "0".repeat(64)));
      assertNothingIsKept();
      assertThat(server.asked()).hasSize(1);
    }
  }

  @Test
  void followsFiveRedirectsAndNoMore() {
    try (FileServer server = server()) {
      for (int status : new int[] {301, 302, 303, 307, 308}) {
        server.once(FileServer.status(status, "Location", "/at-" + status + "#there"));
      }
      assertThat(fetch(server.url(), null).file()).hasContent(TEXT).hasFileName("lots.csv");
      assertThat(server.asked()).hasSize(6).endsWith("/at-308");
    }
    folder = folder.resolve("other");
    try (FileServer server = server()) {
      server.always(FileServer.status(302, "Location", "/lots.csv"));
      assertFails(server.url(), null, ErrorKind.USER, "it redirects more than 5 times");
      assertThat(server.asked()).hasSize(6);
    }
  }

  @Test
  void followsNoRedirectToAnotherSchemeOrFromHttpsToHttp() {
    URI https = URI.create("https://x.org/a/b.csv");
    assertThat(Requests.redirected(https, Optional.of("c.csv")))
        .isEqualTo(URI.create("https://x.org/a/c.csv"));
    assertThat(Requests.redirected(https, Optional.of("//y.org/c.csv")))
        .isEqualTo(URI.create("https://y.org/c.csv"));
    assertThat(Requests.redirected(URI.create("http://x.org/a"), Optional.of("https://x.org/a")))
        .isEqualTo(URI.create("https://x.org/a"));
    assertThatThrownBy(() -> Requests.redirected(https, Optional.of("http://x.org/a/b.csv")))
        .hasMessage(
            "Cannot download https://x.org/a/b.csv: it redirects to http://x.org/a/b.csv (expected an address of https)");
    for (String to : List.of("file:///etc/passwd", "ftp://x.org/a", "a b", "http:", "\0")) {
      assertThatThrownBy(() -> Requests.redirected(https, Optional.of(to)))
          .as(to)
          .isInstanceOf(ZoneException.class)
          .hasMessageContaining("redirects to no address of http or https");
    }
    assertThatThrownBy(() -> Requests.redirected(https, Optional.empty()))
        .hasMessageContaining("redirects to no address");
  }

  @Test
  void givesUpAServerThatFallsSilent() throws IOException {
    silence = Duration.ofMillis(200);
    CountDownLatch over = new CountDownLatch(1);
    RawServer.Speech halted =
        out -> {
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nETag: \"1\"\r\n\r\nabc"
                  .getBytes(StandardCharsets.UTF_8));
          out.flush();
          try {
            over.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        };
    try (RawServer server = new RawServer(halted)) {
      // The raw server has one thread, which the first connection keeps: those behind it get no
      // answer at all.
      assertFails(server.url(), null, ErrorKind.ENVIRONMENT, "it was tried 5 times");
      assertThat(listening.heard().get(0)).startsWith("nothing came for ");
      assertThat(listening.heard().get(1)).startsWith("no answer for ");
      assertThat(folder.resolve("lots.csv.part")).hasContent("abc");
    } finally {
      over.countDown();
    }
  }

  @Test
  void takesNoByteMoreThanTheServerSaid() throws IOException {
    try (RawServer server = RawServer.saying("HTTP/1.1 200 OK\nContent-Length: 3\n\nabcdefghi")) {
      assertThat(fetch(server.url(), null).file()).hasContent("abc");
    }
    Files.delete(folder.resolve("lots.csv"));
    try (FileServer server = server()) {
      server
          .once(server.breaksAfter(1000))
          .once(
              exchange -> {
                exchange.getResponseHeaders().set("Content-Range", "bytes 1000-8012/8013");
                exchange.getResponseHeaders().set("ETag", "\"1\"");
                exchange.sendResponseHeaders(206, 0);
                exchange.getResponseBody().write(new byte[7014]);
              });
      assertFails(
          server.url(),
          null,
          ErrorKind.ENVIRONMENT,
          "more comes than the server says (expected 8013 bytes)");
      assertNothingIsKept();
    }
  }

  @Test
  void takesNoFileThatIsLongerThanAllowed() {
    try (FileServer server = server()) {
      server.always(
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
              exchange.getResponseBody().write(new byte[1000]);
            }
          });
      assertFails(server.url(), null, ErrorKind.USER, "it is longer than 100000 bytes");
      assertThat(listening.bytes()).isLessThanOrEqualTo(MOST_BYTES);
      server.always(
          exchange -> {
            exchange.sendResponseHeaders(200, 1L << 40);
            exchange.getResponseBody().write(1);
          });
      assertFails(server.url(), null, ErrorKind.USER, "it is longer than 100000 bytes");
      assertThat(server.asked()).hasSize(2);
      assertNothingIsKept();
    }
  }

  @Test
  void neverTakesAFileThatEndsEarlyForWhole() throws IOException {
    try (RawServer server = RawServer.saying("HTTP/1.1 200 OK\nContent-Length: 9\n\nabc")) {
      assertFails(server.url(), null, ErrorKind.ENVIRONMENT, "it was tried 5 times");
    }
    try (RawServer server =
        RawServer.saying("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n9\nabc")) {
      assertFails(server.url(), null, ErrorKind.ENVIRONMENT, "it was tried 5 times");
    }
    String ends = "HTTP/1.1 200 OK\nConnection: close\n\nabc";
    try (RawServer server = RawServer.saying(ends)) {
      assertFails(
          server.url(),
          null,
          ErrorKind.ENVIRONMENT,
          "the server does not say how long it is (expected a length, or a sha256 in the descriptor)");
      assertThat(fetch(server.url(), Digests.ofText("abc")).bytes()).isEqualTo(3);
    }
  }

  @Test
  void saysWhatAnAddressWithoutTheFileAnswers() {
    try (FileServer server = server()) {
      server.always(FileServer.status(404));
      assertFails(
          server.url(),
          null,
          ErrorKind.USER,
          "/lots.csv: it answers 404 (expected the file; it may have moved: the dataset's page says where to)");
      server.always(FileServer.status(403));
      assertFails(server.url(), null, ErrorKind.USER, "it answers 403 (expected the file, for");
      server.always(FileServer.status(206, "Content-Range", "bytes 0-1/2"));
      assertFails(server.url(), null, ErrorKind.ENVIRONMENT, "it answers 206 to who asks for");
      server.always(FileServer.status(200, "Content-Encoding", "gzip"));
      assertFails(server.url(), null, ErrorKind.ENVIRONMENT, "it comes in another encoding");
      assertThat(server.asked()).hasSize(4);
      assertThat(listening.pauses()).isEmpty();
    }
  }

  @Test
  void triesAServerAgainThatIsBusyAfterThePauseThatItAsksFor() {
    try (FileServer server = server()) {
      server
          .once(FileServer.status(503))
          .once(FileServer.status(429, "Retry-After", "7"))
          .once(FileServer.status(500, "Retry-After", "99999999999999999999"))
          .once(FileServer.status(503, "Retry-After", "86400"));
      assertThat(fetch(server.url(), null).file()).hasContent(TEXT);
      assertThat(listening.pauses().stream().map(Duration::toSeconds))
          .containsExactly(1L, 7L, 4L, 60L);
      assertThat(listening.heard())
          .containsExactly("it answers 503", "it answers 429", "it answers 500", "it answers 503");
    }
  }

  @Test
  void saysWhatIsWrongWithAServerThatSpeaksNoHttpOrIsNotThere() throws IOException {
    for (String said :
        List.of(
            "",
            "220 ftp ready\n",
            "HTTP/1.1 200 OK\nContent-Length: many\n\nabc",
            "HTTP/1.1 200 OK\nContent-Length: -5\n\nabc",
            "HTTP/1.1 999999999999 OK\n\n",
            "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nzz\nabc\n")) {
      try (RawServer server = RawServer.saying(said)) {
        assertFails(server.url(), null, ErrorKind.ENVIRONMENT, "Cannot download " + server.url());
      }
    }
    String free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = "http://127.0.0.1:" + socket.getLocalPort() + "/";
    }
    assertFails(free, null, ErrorKind.ENVIRONMENT, "its host takes no connection");
    assertFails("http://nobody.invalid/", null, ErrorKind.ENVIRONMENT, "its host is not known");
    assertThat(Collections.max(listening.pauses())).isEqualTo(Duration.ofSeconds(8));
  }
}
