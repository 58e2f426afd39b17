package dev.zone.datasets.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ValidatorTest {
  private static final String NOON = "Sat, 28 Nov 2026 12:00:00 GMT";
  private static final String LATER = "Sat, 28 Nov 2026 12:00:01 GMT";

  private static HttpHeaders headers(Map<String, String> headers) {
    Map<String, List<String>> lists = new HashMap<>();
    headers.forEach((name, value) -> lists.put(name, List.of(value)));
    return HttpHeaders.of(lists, (name, value) -> true);
  }

  @Test
  void reliesOnAStrongTagElseOnATimeThatIsOlderThanTheAnswer() {
    assertThat(Validator.of(headers(Map.of("ETag", "\"a\"", "Last-Modified", NOON))))
        .hasValue(new Validator("etag", "\"a\""));
    assertThat(
            Validator.of(headers(Map.of("ETag", "W/\"a\"", "Last-Modified", NOON, "Date", LATER))))
        .hasValue(new Validator("last-modified", NOON));
    assertThat(Validator.of(headers(Map.of("Last-Modified", NOON, "Date", NOON)))).isEmpty();
    assertThat(Validator.of(headers(Map.of("Last-Modified", NOON)))).isEmpty();
    assertThat(Validator.of(headers(Map.of("Last-Modified", "noon", "Date", LATER)))).isEmpty();
    assertThat(Validator.of(headers(Map.of("ETag", "\"a\r\nb\"")))).isEmpty();
    assertThat(Validator.of(headers(Map.of("ETag", "\"" + "a".repeat(1000) + "\"")))).isEmpty();
  }

  @Test
  void isContradictedByAnotherValueAndNotBySilence() {
    Validator validator = new Validator("etag", "\"a\"");
    assertThat(validator.contradicts(headers(Map.of("ETag", "\"a\"")))).isFalse();
    assertThat(validator.contradicts(headers(Map.of()))).isFalse();
    assertThat(validator.contradicts(headers(Map.of("ETag", "\"b\"")))).isTrue();
    assertThat(validator.contradicts(headers(Map.of("ETag", "W/\"a\"")))).isTrue();
  }

  @Test
  void surviveInTheRecordAndARecordThatIsNoneIsLeftOut() {
    for (Optional<Validator> validator :
        List.of(
            Optional.of(new Validator("etag", "\"a\"")),
            Optional.of(new Validator("last-modified", NOON)),
            Optional.<Validator>empty())) {
      PullRecord record =
          new PullRecord(
              "https://x.org/a", validator, OptionalLong.of(5), Optional.of("0".repeat(64)));
      assertThat(PullRecord.parse(record.bytes())).hasValue(record);
      assertThat(PullRecord.parse(Arrays.copyOf(record.bytes(), 20))).isEmpty();
    }
    for (String text : List.of("", "[]", "null", "{}", "{\"url\": []}", "\0")) {
      assertThat(PullRecord.parse(text.getBytes(StandardCharsets.UTF_8))).as(text).isEmpty();
    }
    byte[] injected = "{\"url\": \"u\", \"etag\": \"a\\nb\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(PullRecord.parse(injected).orElseThrow().validator()).isEmpty();
  }
}
