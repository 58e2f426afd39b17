package dev.zone.launcher.kubernetes;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.zone.conf.error.RootCause;
import dev.zone.launcher.runs.Json;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.ByteArrayOutputStream;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Requests to an API server, as JSON, with the credentials that fabric8's client finds: the
 * kubeconfig of whoever calls, or a pod's own account.
 */
final class Api implements AutoCloseable {
  /** Somebody waits for a command: a server that is gone is to be said so within seconds. */
  private static final int LIMIT_MILLIS = 5000;

  /** Hundreds of pods or nodes are some tens of it. */
  private static final int MOST_BYTES = 32 << 20;

  private static final String JSON = "application/json";

  private final HttpClient client;
  private final String address;

  private Api(HttpClient client, String address) {
    this.client = client;
    this.address = address;
  }

  /**
   * Prepares to ask; nothing is sent yet.
   *
   * @param context of the kubeconfig; its current one if empty
   */
  static Api at(String address, Optional<String> context) {
    Config config =
        new ConfigBuilder(Config.autoConfigure(context.orElse(null)))
            .withMasterUrl(address)
            .withConnectionTimeout(LIMIT_MILLIS)
            .withRequestTimeout(LIMIT_MILLIS)
            .withRequestRetryBackoffLimit(0)
            .build();
    String root = config.getMasterUrl();
    return new Api(
        new JdkHttpClientFactory().newBuilder(config).build(),
        root.endsWith("/") ? root.substring(0, root.length() - 1) : root);
  }

  /**
   * A request that came to nothing.
   *
   * <p>Its code is HTTP's, or 0 if there was no answer.
   */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int code;

    Failure(int code, String message, Throwable cause) {
      super(message, cause);
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  JsonObject get(String path) {
    return send(client.newHttpRequestBuilder().uri(address + path));
  }

  JsonObject post(String path, JsonObject body) {
    return send(client.newHttpRequestBuilder().uri(address + path).post(JSON, body.toString()));
  }

  /** At once, without the time that Kubernetes gives a pod to end; what is gone is gone. */
  JsonObject delete(String path) {
    JsonObject options = new JsonObject();
    options.addProperty("apiVersion", "v1");
    options.addProperty("kind", "DeleteOptions");
    options.addProperty("gracePeriodSeconds", 0);
    options.addProperty("propagationPolicy", "Background");
    try {
      return send(
          client.newHttpRequestBuilder().uri(address + path).delete(JSON, options.toString()));
    } catch (Failure e) {
      if (e.code() == HttpURLConnection.HTTP_NOT_FOUND) {
        return new JsonObject();
      }
      throw e;
    }
  }

  private JsonObject send(HttpRequest.Builder request) {
    Body body = new Body();
    try {
      HttpResponse<AsyncBody> response =
          client.consumeBytes(request.build(), body).get(LIMIT_MILLIS * 2L, TimeUnit.MILLISECONDS);
      response.body().consume();
      response.body().done().get(LIMIT_MILLIS * 2L, TimeUnit.MILLISECONDS);
      if (response.isSuccessful()) {
        return parse(body.text())
            .orElseThrow(() -> new Failure(0, "the answer is not a JSON object", null));
      }
      throw new Failure(response.code(), said(body.text(), response.code()), null);
    } catch (ExecutionException | CancellationException e) {
      throw body.isTooLong()
          ? new Failure(0, "an answer of more than " + MOST_BYTES / (1 << 20) + " MiB", e)
          : new Failure(0, reason(e), e);
    } catch (TimeoutException e) {
      throw new Failure(0, "no answer within " + 2 * LIMIT_MILLIS / 1000 + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(0, "interrupted", e);
    }
  }

  /** What an answer says, as it comes; filled on the client's threads, one at a time. */
  private static final class Body implements AsyncBody.Consumer<List<ByteBuffer>> {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private volatile boolean tooLong;

    @Override
    public void consume(List<ByteBuffer> pieces, AsyncBody answer) {
      for (ByteBuffer piece : pieces) {
        tooLong |= bytes.size() + piece.remaining() > MOST_BYTES;
        if (tooLong) {
          answer.cancel();
          return;
        }
        byte[] copy = new byte[piece.remaining()];
        piece.get(copy);
        bytes.writeBytes(copy);
      }
      answer.consume();
    }

    boolean isTooLong() {
      return tooLong;
    }

    String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }

  /** Why it would not: Kubernetes answers with a Status, what stands before it perhaps not. */
  private static String said(String answer, int code) {
    JsonObject status = parse(answer).orElseGet(JsonObject::new);
    return Stream.of("message", "reason")
        .map(key -> firstLine(Json.text(status, key)))
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("HTTP " + code);
  }

  private static Optional<JsonObject> parse(String text) {
    try {
      return Optional.of(text)
          .map(JsonParser::parseString)
          .filter(JsonElement::isJsonObject)
          .map(JsonElement::getAsJsonObject);
    } catch (JsonParseException e) {
      return Optional.empty();
    }
  }

  /** The JDK's client leaves two kinds of failures without a word. */
  private static String reason(Throwable failure) {
    Throwable cause = RootCause.of(failure);
    if (cause.getMessage() == null && cause instanceof UnresolvedAddressException) {
      return "no such host";
    }
    return cause.getMessage() == null && cause instanceof ClosedChannelException
        ? "connection refused"
        : RootCause.line(failure);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("").strip();
  }

  @Override
  public void close() {
    client.close();
  }
}
