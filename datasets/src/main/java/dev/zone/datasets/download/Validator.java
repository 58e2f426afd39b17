package dev.zone.datasets.download;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * What tells a version of a file from another, for the header {@code If-Range}: an entity tag that
 * is not weak, or a time of change that is older than the answer (RFC 9110, 8.8 and 13.1.5; of a
 * younger one the file may have changed twice in that second).
 *
 * @param header that says it: ETag or Last-Modified
 * @param value as the server wrote it
 */
record Validator(String header, String value) {
  static final String ETAG = "etag";
  static final String LAST_MODIFIED = "last-modified";

  private static final int MOST_CHARS = 1000;

  /** That of an answer; empty if it has none that can be relied on. */
  static Optional<Validator> of(HttpHeaders headers) {
    return headers
        .firstValue(ETAG)
        .filter(tag -> tag.length() <= MOST_CHARS && tag.matches("\"[\\x21\\x23-\\x7e]*\""))
        .map(tag -> new Validator(ETAG, tag))
        .or(
            () ->
                headers
                    .firstValue(LAST_MODIFIED)
                    .filter(changed -> isBefore(changed, headers.firstValue("date").orElse("")))
                    .map(changed -> new Validator(LAST_MODIFIED, changed)));
  }

  /** Whether an answer says that it is of another version. One that is silent does not. */
  boolean contradicts(HttpHeaders headers) {
    return headers.firstValue(header).filter(other -> !other.equals(value)).isPresent();
  }

  private static boolean isBefore(String changed, String answered) {
    try {
      return time(changed).plusSeconds(1).compareTo(time(answered)) <= 0;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static ZonedDateTime time(String text) {
    return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
  }
}
