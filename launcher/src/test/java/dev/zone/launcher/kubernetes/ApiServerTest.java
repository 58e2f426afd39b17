package dev.zone.launcher.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.zone.conf.CentreSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.conf.yaml.YamlBinder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ApiServerTest {
  private static final int ENDLESS = 40;

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String asked = exchange.getRequestURI().toString();
    try (OutputStream out = exchange.getResponseBody()) {
      if (asked.equals("/version")) {
        exchange.sendResponseHeaders(200, 0);
        byte[] piece = new byte[1 << 20];
        for (int i = 0; i < ENDLESS; i++) {
          out.write(piece);
        }
        return;
      }
      byte[] bytes = answers.getOrDefault(asked, "").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(
          bytes.length == 0 ? 403 : 200, bytes.length == 0 ? -1 : bytes.length);
      out.write(bytes);
    }
  }

  private ApiServer server() {
    String address = "http://127.0.0.1:" + server.getAddress().getPort();
    Problems problems = new Problems();
    return ApiServer.of(
        YamlBinder.parse(
                "{master: 'k8s://%s', storage: 'file:/s', deployMode: cluster, kubernetes: {image: i, volumeClaim: v}}"
                    .formatted(address),
                "c",
                CentreSpec.class,
                List.of(),
                problems)
            .orElseThrow(() -> new AssertionError(problems.list()))
            .value());
  }

  @Test
  void countsTheNodesOfAllPages() {
    answers.put(
        "/api/v1/nodes?limit=250",
        """
        {"metadata": {"continue": "a+b"}, "items": [
          {"status": {"allocatable": {"cpu": "7500m", "nvidia.com/gpu": "2"}}},
          {"spec": {"unschedulable": true}, "status": {"allocatable": {"cpu": "8"}}}]}
        """);
    answers.put(
        "/api/v1/nodes?limit=250&continue=a%2Bb",
        """
        {"items": [{"status": {"allocatable": {"cpu": "4"}}}]}
        """);
    try (ApiServer api = server()) {
      assertThat(api.nodes()).contains(new ApiServer.Nodes(2, 11, 2));
    }
  }

  @Test
  void doesWithoutTheNodesWhereTheyMayNotBeSeen() {
    try (ApiServer api = server()) {
      assertThat(api.nodes()).isEqualTo(Optional.empty());
    }
  }

  @Test
  void takesNoAnswerWithoutEnd() {
    try (ApiServer api = server()) {
      assertThatThrownBy(api::version)
          .isInstanceOf(ZoneException.class)
          .hasMessageContaining("an answer of more than 32 MiB");
    }
  }
}
