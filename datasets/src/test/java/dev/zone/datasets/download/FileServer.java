package dev.zone.datasets.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server of one file, at any path, that does as it should or as a test says. */
final class FileServer implements AutoCloseable {
  /** Answers one request. */
  interface Answer {
    void give(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Queue<Answer> next = new ConcurrentLinkedQueue<>();
  private volatile byte[] content;
  private volatile Optional<String> tag = Optional.of("\"1\"");
  private volatile Answer usual = this::file;

  FileServer(byte[] content) {
    this.content = content;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/lots.csv";
  }

  /** Paths, each with the range and the condition that were asked for. */
  List<String> asked() {
    return asked;
  }

  /** From now on another file, with another tag. */
  void serves(byte[] other, String otherTag) {
    content = other;
    tag = Optional.ofNullable(otherTag);
  }

  /** Answers the next request so, and those behind it as before. */
  FileServer once(Answer answer) {
    next.add(answer);
    return this;
  }

  /** Answers all requests so. */
  FileServer always(Answer answer) {
    usual = answer;
    return this;
  }

  private void answer(HttpExchange exchange) throws IOException {
    StringBuilder line = new StringBuilder(exchange.getRequestURI().toString());
    header(exchange, "Range").ifPresent(range -> line.append(' ').append(range));
    header(exchange, "If-Range").ifPresent(range -> line.append(" if ").append(range));
    asked.add(line.toString());
    Answer first = next.poll();
    try (exchange) {
      (first == null ? usual : first).give(exchange);
    }
  }

  static Optional<String> header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  /** As the standard has it. */
  void file(HttpExchange exchange) throws IOException {
    send(exchange, content.length);
  }

  /** Ends the connection after some bytes. */
  Answer breaksAfter(int bytes) {
    return exchange -> send(exchange, bytes);
  }

  private void send(HttpExchange exchange, int most) throws IOException {
    byte[] all = content;
    tag.ifPresent(value -> exchange.getResponseHeaders().set("ETag", value));
    boolean same = header(exchange, "If-Range").map(tag.orElse("none")::equals).orElse(true);
    int from =
        header(exchange, "Range")
            .filter(range -> same)
            .map(range -> Integer.parseInt(range.replaceAll("bytes=([0-9]+)-", "$1")))
            .orElse(0);
    if (from >= all.length) {
      exchange.getResponseHeaders().set("Content-Range", "bytes */" + all.length);
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, all.length - 1, all.length));
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, all.length - from);
    exchange
        .getResponseBody()
        .write(Arrays.copyOfRange(all, from, Math.min(all.length, from + most)));
    exchange.getResponseBody().flush();
  }

  /** An answer without a body. */
  static Answer status(int status, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, -1);
    };
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
