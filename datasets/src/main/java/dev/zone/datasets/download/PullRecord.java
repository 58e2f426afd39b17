package dev.zone.datasets.download;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of a file that is being downloaded, or was.
 *
 * @param url where it comes from
 * @param validator of the version of which bytes are here
 * @param length of the whole file, as far as the server said one
 * @param sha256 once it is whole
 */
record PullRecord(
    String url, Optional<Validator> validator, OptionalLong length, Optional<String> sha256) {

  /** Once it is whole. */
  PullRecord whole(String digest) {
    return new PullRecord(url, validator, length, Optional.of(digest));
  }

  /** What {@link #parse} reads. */
  byte[] bytes() {
    JsonObject json = new JsonObject();
    json.addProperty("url", url);
    validator.ifPresent(one -> json.addProperty(one.header(), one.value()));
    length.ifPresent(one -> json.addProperty("length", one));
    sha256.ifPresent(one -> json.addProperty("sha256", one));
    return (json + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** A record; empty if it is none, or was written in part. */
  static Optional<PullRecord> parse(byte[] bytes) {
    try {
      JsonElement json = JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8));
      return json instanceof JsonObject object
          ? text(object, "url")
              .map(
                  url ->
                      new PullRecord(
                          url,
                          validator(object, Validator.ETAG)
                              .or(() -> validator(object, Validator.LAST_MODIFIED)),
                          text(object, "length")
                              .filter(length -> length.matches("[0-9]{1,18}"))
                              .map(length -> OptionalLong.of(Long.parseLong(length)))
                              .orElse(OptionalLong.empty()),
                          text(object, "sha256")))
          : Optional.empty();
    } catch (JsonParseException e) {
      return Optional.empty();
    }
  }

  private static Optional<Validator> validator(JsonObject json, String header) {
    return text(json, header)
        .filter(value -> value.chars().noneMatch(Character::isISOControl))
        .map(value -> new Validator(header, value));
  }

  private static Optional<String> text(JsonObject json, String key) {
    return Optional.ofNullable(json.get(key))
        .filter(JsonElement::isJsonPrimitive)
        .map(JsonElement::getAsString);
  }
}
