package dev.zone.datasets.download;

import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.download.Requests.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Brings a part to its end, over as many connections as it takes. */
final class Transfer {
  private static final int TRIES = 5;

  /** Who comes on by so much is not tried too often, however often the connection breaks. */
  private static final long PROGRESS_BYTES = 1 << 20;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
  private static final String NUMBER = "([0-9]{1,18})";
  private static final Pattern RANGE =
      Pattern.compile("bytes " + NUMBER + "-" + NUMBER + "/(?:" + NUMBER + "|\\*)");
  private static final Pattern UNSATISFIED = Pattern.compile("bytes \\*/" + NUMBER);

  private final Requests requests;
  private final Settings settings;
  private final Watcher watcher;
  private final Wanted wanted;
  private final Part part;
  private boolean pieced;

  Transfer(Requests requests, Settings settings, Watcher watcher, Wanted wanted, Part part) {
    this.requests = requests;
    this.settings = settings;
    this.watcher = watcher;
    this.wanted = wanted;
    this.part = part;
  }

  /**
   * Goes on until the part is whole, as far as the server says; the digest is yet to be compared.
   *
   * @return whether it was put together of what several answers brought
   * @throws ZoneException of the user's if the address gives no such file, of the environment if
   *     server or network failed too often
   * @throws IOException if it cannot be written here
   */
  boolean run() throws IOException, InterruptedException {
    int failures = 0;
    long furthest = part.size();
    while (true) {
      try {
        once();
        return pieced;
      } catch (BrokenException e) {
        if (part.size() >= furthest + PROGRESS_BYTES) {
          failures = 0;
          furthest = part.size();
        }
        failures++;
        if (failures == TRIES) {
          throw ZoneException.environment(
              "Cannot download %s: %s; it was tried %d times (expected a server that answers; what came is kept, and the same command goes on from there)"
                  .formatted(wanted.url(), e.getMessage(), TRIES),
              e);
        }
        Duration pause = longer(FIRST_PAUSE.multipliedBy(1L << (failures - 1)), e.pause());
        watcher.broke(wanted, e.getMessage(), pause);
        settings.pauses().spend(pause);
      }
    }
  }

  private static Duration longer(Duration one, Duration other) {
    Duration longer = one.compareTo(other) > 0 ? one : other;
    return longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
  }

  /** One request, or two where the server does not go on with what is here. */
  private void once() throws IOException, InterruptedException {
    Optional<PullRecord> known =
        part.record()
            .filter(record -> record.url().equals(wanted.url()))
            .filter(record -> record.validator().isPresent() && part.size() > 0);
    Map<String, String> headers = new LinkedHashMap<>();
    if (known.isPresent()) {
      headers.put("Range", "bytes=" + part.size() + "-");
      headers.put("If-Range", known.get().validator().orElseThrow().value());
    }
    boolean done;
    try (Answer answer = requests.get(URI.create(wanted.url()), headers)) {
      done =
          switch (answer.status()) {
            case 200 -> whole(answer);
            case 206 -> rest(answer, asked(known, answer));
            case 416 -> isAll(answer.headers(), asked(known, answer));
            default -> throw failed(answer);
          };
    }
    if (!done) {
      part.discard();
      once();
    }
  }

  private PullRecord asked(Optional<PullRecord> known, Answer answer) {
    return known.orElseThrow(
        () ->
            server(
                "it answers %d to who asks for the whole file".formatted(answer.status()),
                "an answer 200"));
  }

  /** The file from its start. */
  private boolean whole(Answer answer) throws IOException, InterruptedException {
    HttpHeaders headers = answer.headers();
    refuseEncoded(headers);
    OptionalLong length = number(headers.firstValue("content-length"));
    boolean chunked = headers.firstValue("transfer-encoding").isPresent();
    if (length.isEmpty() && !chunked && wanted.sha256().isEmpty()) {
      // Nothing would tell a broken connection from the end.
      throw server(
          "the server does not say how long it is", "a length, or a sha256 in the descriptor");
    }
    refuseLonger(length);
    part.begin(new PullRecord(wanted.url(), Validator.of(headers), length, Optional.empty()));
    pieced = false;
    copy(answer, length, length);
    return true;
  }

  /**
   * What is left of it.
   *
   * @return false if it is not the rest of what is here
   */
  private boolean rest(Answer answer, PullRecord known) throws IOException, InterruptedException {
    refuseEncoded(answer.headers());
    Matcher range = RANGE.matcher(answer.headers().firstValue("content-range").orElse(""));
    if (!range.matches() || known.validator().orElseThrow().contradicts(answer.headers())) {
      return false;
    }
    OptionalLong length = number(Optional.ofNullable(range.group(3)));
    long end = Long.parseLong(range.group(2)) + 1;
    boolean goesOn =
        Long.parseLong(range.group(1)) == part.size()
            && end > part.size()
            && length.isPresent()
            && end <= length.getAsLong()
            && (known.length().isEmpty() || known.length().equals(length));
    if (!goesOn) {
      return false;
    }
    refuseLonger(length);
    pieced = true;
    copy(answer, OptionalLong.of(end), length);
    if (end < length.getAsLong()) {
      throw ended(length);
    }
    return true;
  }

  /** Whether all of it is here: it may have broken after the last byte. */
  private boolean isAll(HttpHeaders headers, PullRecord known) {
    Matcher said = UNSATISFIED.matcher(headers.firstValue("content-range").orElse(""));
    return said.matches()
        && Long.parseLong(said.group(1)) == part.size()
        && !known.validator().orElseThrow().contradicts(headers);
  }

  /**
   * @param end bytes of the file that are here once the answer is read
   */
  private void copy(Answer answer, OptionalLong end, OptionalLong length)
      throws IOException, InterruptedException {
    Optional<List<ByteBuffer>> came = answer.body().next(settings.silence());
    while (came.isPresent()) {
      for (ByteBuffer bytes : came.get()) {
        long had = part.size() + bytes.remaining();
        if (had > end.orElse(Long.MAX_VALUE)) {
          part.discard();
          throw server("more comes than the server says", "%d bytes".formatted(end.getAsLong()));
        }
        refuseLonger(OptionalLong.of(had));
        part.add(bytes);
      }
      watcher.came(wanted, part.size(), length);
      came = answer.body().next(settings.silence());
    }
    if (end.isPresent() && part.size() < end.getAsLong()) {
      throw ended(end);
    }
  }

  private BrokenException ended(OptionalLong length) {
    return new BrokenException(
        "it ended after %d of %d bytes".formatted(part.size(), length.getAsLong()));
  }

  private void refuseLonger(OptionalLong length) throws IOException {
    if (length.orElse(0) > settings.mostBytes()) {
      part.discard();
      throw ZoneException.user(
          "Cannot download %s: it is longer than %d bytes (expected a smaller file)"
              .formatted(wanted.url(), settings.mostBytes()));
    }
  }

  private void refuseEncoded(HttpHeaders headers) {
    headers
        .firstValue("content-encoding")
        .filter(encoding -> !encoding.equalsIgnoreCase("identity"))
        .ifPresent(
            encoding -> {
              throw server("it comes in another encoding", "the file as it is");
            });
  }

  private IOException failed(Answer answer) {
    int status = answer.status();
    if (status >= 500 || status == 429 || status == 408) {
      OptionalLong asked = number(answer.headers().firstValue("retry-after"));
      long seconds = Math.min(asked.orElse(0), LONGEST_PAUSE.toSeconds());
      return new BrokenException("it answers " + status, Duration.ofSeconds(seconds));
    }
    String expected =
        status == 404 || status == 410
            ? "the file; it may have moved: the dataset's page says where to"
            : "the file, for whoever asks";
    throw ZoneException.user(
        "Cannot download %s: it answers %d (expected %s)"
            .formatted(wanted.url(), status, expected));
  }

  private ZoneException server(String what, String expected) {
    return ZoneException.environment(
        "Cannot download %s: %s (expected %s)".formatted(wanted.url(), what, expected), null);
  }

  private static OptionalLong number(Optional<String> text) {
    return text.filter(digits -> digits.matches(NUMBER))
        .map(digits -> OptionalLong.of(Long.parseLong(digits)))
        .orElse(OptionalLong.empty());
  }
}
