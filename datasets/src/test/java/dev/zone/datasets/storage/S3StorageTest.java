package dev.zone.datasets.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What registries need of an object store, by Hadoop's client of S3 and a server of its own. */
@Tag("clusters")
@Timeout(120)
class S3StorageTest {
  private static final int WRITERS = 8;

  /** What a connection has of its own, and the condition. */
  private static final Set<String> NOT_PASSED_ON =
      Set.of(
          "if-none-match",
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "expect",
          "upgrade");

  private static S3Server server;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server = S3Server.start(folder, "factory");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Storage storage(String name, Map<String, String> more) {
    Map<String, String> properties = new HashMap<>(server.properties());
    properties.putAll(more);
    return Storage.of(URI.create("s3a://factory/" + name), properties);
  }

  private static String text(Storage storage, String name) throws IOException {
    try (Storage.StoredFile file = storage.open(name)) {
      return new String(file.bytes().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void makesAFileOnceHoweverManyTry() throws Exception {
    try (Storage storage = storage("once", Map.of())) {
      storage.makeFolders("records");
      for (int round = 0; round < 10; round++) {
        String name = "records/" + round + ".json";
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
          List<Future<Boolean>> writers = new ArrayList<>();
          for (int writer = 0; writer < WRITERS; writer++) {
            byte[] content = bytes("writer " + writer);
            writers.add(
                threads.submit(
                    () -> {
                      go.await();
                      try {
                        storage.create(name, content);
                        return true;
                      } catch (FileAlreadyExistsException e) {
                        return false;
                      }
                    }));
          }
          go.countDown();
          List<String> made = new ArrayList<>();
          for (int writer = 0; writer < WRITERS; writer++) {
            if (writers.get(writer).get()) {
              made.add("writer " + writer);
            }
          }
          assertThat(made).containsExactly(text(storage, name));
        } finally {
          threads.shutdownNow();
        }
      }
      assertThat(storage.list("records")).hasSize(10);
    }
  }

  @Test
  void replacesAndAddsToAFile() throws IOException {
    try (Storage storage = storage("replaced", Map.of())) {
      storage.makeFolders("");
      storage.replace("state.json", bytes("one"));
      storage.replace("state.json", bytes("two"));
      storage.append("state.json", bytes(", three"));
      assertThat(text(storage, "state.json")).isEqualTo("two, three");
      assertThat(storage.list("")).containsExactly("state.json");
      assertThat(storage.renamesAtOnce()).isFalse();
    }
  }

  @Test
  void makesNothingInAStoreThatDoesNotHeedTheCondition() throws Exception {
    HttpServer forgetful = forgetful();
    String address = "http://127.0.0.1:" + forgetful.getAddress().getPort();
    // Of a bucket of its own: what is known of a store is known by its bucket.
    server.makeBucket("old");
    Map<String, String> properties = new HashMap<>(server.properties());
    properties.put("fs.s3a.endpoint", address);
    try (Storage storage = Storage.of(URI.create("s3a://old/lots"), properties)) {
      storage.makeFolders("");
      assertThatThrownBy(storage::requireCreation)
          .isInstanceOf(ZoneException.class)
          .hasMessageStartingWith(
              "Cannot commit to the object store: s3a://old: it put a file in the place of another");
      assertThatThrownBy(() -> storage.create("1.json", bytes("one")))
          .isInstanceOf(ZoneException.class);
      assertThat(storage.list("")).isEmpty();
    } finally {
      forgetful.stop(0);
    }
  }

  /** Stands before the server and keeps conditions from it, as stores do that do not know them. */
  private static HttpServer forgetful() throws IOException {
    HttpClient client = HttpClient.newHttpClient();
    HttpServer proxy =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.createContext(
        "/",
        exchange -> {
          try (exchange) {
            HttpRequest.Builder request =
                HttpRequest.newBuilder(
                        URI.create(
                            server.properties().get("fs.s3a.endpoint") + exchange.getRequestURI()))
                    .method(
                        exchange.getRequestMethod(),
                        HttpRequest.BodyPublishers.ofByteArray(
                            exchange.getRequestBody().readAllBytes()));
            exchange.getRequestHeaders().entrySet().stream()
                .filter(header -> !NOT_PASSED_ON.contains(header.getKey().toLowerCase(Locale.ROOT)))
                .forEach(
                    header ->
                        header.getValue().forEach(value -> request.header(header.getKey(), value)));
            HttpResponse<byte[]> answer =
                client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            answer.headers().map().forEach((name, values) -> pass(exchange, name, values));
            int length = answer.body().length;
            exchange.sendResponseHeaders(answer.statusCode(), length == 0 ? -1 : length);
            if (length > 0) {
              exchange.getResponseBody().write(answer.body());
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    proxy.start();
    return proxy;
  }

  private static void pass(HttpExchange exchange, String name, List<String> values) {
    // Of an answer without a body it says how long the object is.
    boolean ofObject =
        exchange.getRequestMethod().equals("HEAD") && name.equalsIgnoreCase("content-length");
    if (ofObject || !NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
      exchange.getResponseHeaders().put(name, values);
    }
  }

  @Test
  void makesNothingWhereTheClientDoesNotAskTheStoreToRefuse() throws IOException {
    try (Storage storage =
        storage("careless", Map.of("fs.s3a.create.conditional.enabled", "false"))) {
      storage.makeFolders("");
      assertThatThrownBy(() -> storage.create("1.json", bytes("one")))
          .isInstanceOfSatisfying(
              ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.USER))
          .hasMessageStartingWith("Cannot commit to the object store: s3a://factory: its client")
          .hasMessageContaining("fs.s3a.create.conditional.enabled");
      assertThat(storage.list("")).isEmpty();
    }
  }
}
