package dev.zone.datasets.download;

import dev.zone.conf.HttpAddresses;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;

/** Asks servers for files, and follows where they point to. */
final class Requests {
  /** Redirects that are followed for one request. */
  static final int MOST_REDIRECTS = 5;

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final HttpClient client;
  private final Duration silence;

  Requests(Duration silence) {
    this.silence = silence;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(silence)
            .build();
  }

  /** What a server answered; its body is yet to come. */
  record Answer(int status, HttpHeaders headers, Body body) implements AutoCloseable {
    @Override
    public void close() {
      body.close();
    }
  }

  /**
   * Asks for a file.
   *
   * @param headers more of them, by name
   * @throws ZoneException of the user's if the address leads nowhere that is followed, of the
   *     environment if the server is not who it should be
   * @throws BrokenException if there was no answer
   */
  Answer get(URI address, Map<String, String> headers)
      throws BrokenException, InterruptedException {
    URI at = address;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HttpResponse<Body> response = send(at, headers);
      if (!REDIRECTS.contains(response.statusCode())) {
        return new Answer(response.statusCode(), response.headers(), response.body());
      }
      response.body().close();
      at = redirected(at, response.headers().firstValue("location"));
    }
    throw ZoneException.user(
        "Cannot download %s: it redirects more than %d times (expected an address that leads to a file)"
            .formatted(address, MOST_REDIRECTS));
  }

  /**
   * Where a redirect leads to.
   *
   * @param location as the server says it, absolute or relative
   * @throws ZoneException of the user's if it is not followed: what was asked for by https never
   *     comes by http, where anybody between could change it
   */
  static URI redirected(URI from, Optional<String> location) {
    Optional<URI> to =
        location
            .filter(text -> text.length() < 10_000)
            .flatMap(
                text -> {
                  try {
                    return HttpAddresses.parse(
                        from.resolve(text.replaceFirst("#.*", "")).toString());
                  } catch (IllegalArgumentException e) {
                    return Optional.empty();
                  }
                });
    if (to.isEmpty()) {
      throw ZoneException.user(
          "Cannot download %s: it redirects to no address of http or https (expected an address that leads to a file)"
              .formatted(from));
    }
    if ("https".equalsIgnoreCase(from.getScheme())
        && "http".equalsIgnoreCase(to.get().getScheme())) {
      throw ZoneException.user(
          "Cannot download %s: it redirects to %s (expected an address of https)"
              .formatted(from, to.get()));
    }
    return to.get();
  }

  private HttpResponse<Body> send(URI address, Map<String, String> headers)
      throws BrokenException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(silence)
            .header("User-Agent", "zone")
            // The bytes that are asked for from somewhere on must be the file's own.
            .header("Accept-Encoding", "identity");
    headers.forEach(request::header);
    try {
      return client.send(request.build(), answer -> new Body());
    } catch (SSLHandshakeException e) {
      throw ZoneException.environment(
          "Cannot download %s: the server's certificate is not trusted (%s)"
              .formatted(address, e.getMessage()),
          e);
    } catch (IOException | IllegalArgumentException e) {
      // The latter of an answer that is no HTTP.
      throw broken(e, silence);
    }
  }

  /** In words, since most of the client's exceptions have none. */
  static BrokenException broken(Throwable failure, Duration silence) {
    if (failure instanceof BrokenException known) {
      return known;
    }
    String words;
    if (failure instanceof HttpTimeoutException) {
      words = "no answer for %d s".formatted(silence.toSeconds());
    } else if (failure.getCause() instanceof UnresolvedAddressException
        || failure instanceof ConnectException
            && failure.getCause() != null
            && failure.getCause().getCause() instanceof UnresolvedAddressException) {
      words = "its host is not known";
    } else if (failure instanceof ConnectException) {
      words = "its host takes no connection";
    } else {
      words = "the connection broke (%s)".formatted(failure.getMessage());
    }
    return new BrokenException(words, failure);
  }
}
