package dev.zone.launcher.master;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands in for a standalone master's HTTP interfaces, which answers what it is told to and keeps
 * what it is asked.
 */
public final class FakeMaster implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();

  public FakeMaster() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext("/", this::answer);
    server.start();
    says("/v1/submissions/status/none", "{'serverSparkVersion': '4.2.0', 'success': false}");
    says(
        "/json/",
        """
        {'workers': [
           {'id': 'w1', 'host': 'a', 'cores': 4, 'coresfree': 3, 'memoryfree': 2048, 'state': 'ALIVE'},
           {'id': 'w2', 'host': 'b', 'cores': 4, 'coresfree': 4, 'memoryfree': 600, 'state': 'ALIVE'},
           {'id': 'w3', 'host': 'c', 'cores': 4, 'coresfree': 4, 'memoryfree': 8192, 'state': 'DEAD'}],
         'activeapps': [{'id': 'app-1', 'name': 'other', 'cores': 1, 'state': 'RUNNING'}],
         'activedrivers': []}
        """);
  }

  /** Answers a path so; quotes may be single. */
  public FakeMaster says(String path, String json) {
    answers.put(path, json.replace('\'', '"'));
    return this;
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Paths that were asked for. */
  public List<String> asked() {
    return asked;
  }

  /** What was sent. */
  public List<String> bodies() {
    return bodies;
  }

  /** A zone file with a centre of this master. */
  public String zone(String storage) {
    return """
    name: lab
    centres:
      hall:
        master: spark://127.0.0.1:7077
        deployMode: cluster
        submissionServer: %s
        masterPage: %s
        storage: %s
        machines: [{name: m, count: 2, cores: 4, memory: 16g, nativeMemory: 8g}]
    """
        .formatted(address(), address(), storage);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(exchange.getRequestMethod() + " " + path);
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (!body.isEmpty()) {
      bodies.add(body);
    }
    String text = answers.getOrDefault(path, new JsonObject().toString());
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
