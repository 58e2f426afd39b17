package dev.zone.jobs.model;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import dev.zone.conf.error.Problems;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A DL4J configuration from outside as a tree whose class names are all allowed, before DL4J sees
 * it. YAML becomes JSON: its tags, which Jackson takes for class names, become {@code @class}.
 */
final class ConfigurationTree {
  /** A network of 1000 layers with long schedules has about 8 MiB. */
  static final int MAX_BYTES = 16 << 20;

  private final String file;
  private final String text;
  private final Problems problems;

  private ConfigurationTree(String file, String text, Problems problems) {
    this.file = file;
    this.text = text;
    this.problems = problems;
  }

  /**
   * @param file for messages
   * @param bytes JSON or YAML in UTF-8
   * @return the tree; empty, with problems, if it cannot be read or names other classes
   */
  static Optional<JsonObject> parse(String file, byte[] bytes, Problems problems) {
    if (bytes.length > MAX_BYTES) {
      problems.add(
          file,
          "Cannot read configuration: %d bytes (expected at most %d)"
              .formatted(bytes.length, MAX_BYTES));
      return Optional.empty();
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      problems.add(file, "Cannot read configuration: not text (expected JSON or YAML in UTF-8)");
      return Optional.empty();
    }
    return new ConfigurationTree(file, text, problems).parse();
  }

  private Optional<JsonObject> parse() {
    int before = problems.count();
    Optional<JsonElement> tree = text.stripLeading().startsWith("{") ? json() : yaml();
    if (tree.isPresent() && !tree.get().isJsonObject()) {
      problems.add(
          file, "Cannot read configuration: no object (expected what DL4J's toJson writes)");
    } else {
      tree.ifPresent(this::checkClasses);
    }
    return problems.count() == before ? tree.map(JsonElement::getAsJsonObject) : Optional.empty();
  }

  private Optional<JsonElement> json() {
    try {
      // The reader itself bounds the depth.
      JsonReader reader = new JsonReader(new StringReader(text));
      reader.setStrictness(Strictness.STRICT);
      return Optional.of(new Gson().getAdapter(JsonElement.class).read(reader));
    } catch (IOException | JsonParseException | IllegalStateException e) {
      problems.add(file, "Cannot read configuration: " + e.getMessage() + " (expected JSON)");
      return Optional.empty();
    }
  }

  private Optional<JsonElement> yaml() {
    try {
      return Optional.of(new TaggedYaml(text).read());
    } catch (YamlEngineException | IllegalArgumentException e) {
      problems.add(
          file,
          "Cannot read configuration: %s (expected JSON or YAML)"
              .formatted(
                  e.getMessage() == null ? e : e.getMessage().lines().findFirst().orElse("")));
      return Optional.empty();
    }
  }

  /** Any text that could be a class's name must be on the list, under whatever key it stands. */
  private void checkClasses(JsonElement element) {
    if (element instanceof JsonObject object) {
      for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
        if (entry.getKey().equals("@class") && !isText(entry.getValue())) {
          problems.add(file, "Cannot use class " + entry.getValue() + " (expected a name)");
        }
        checkClasses(entry.getValue());
      }
    } else if (element instanceof JsonArray array) {
      array.forEach(this::checkClasses);
    } else if (isText(element)) {
      String name = element.getAsString();
      if (AllowedClasses.looksLikeOne(name) && !AllowedClasses.contains(name)) {
        problems.add(
            file + ":" + lineOf(name),
            "Cannot use class %s (expected one of DL4J's layers, vertices, activations, losses and the like that Zone allows%s)"
                .formatted(
                    name,
                    AllowedClasses.nearest(name)
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse("")));
      }
    }
  }

  private static boolean isText(JsonElement element) {
    return element instanceof JsonPrimitive primitive && primitive.isString();
  }

  private long lineOf(String name) {
    int at = text.indexOf(name);
    return at < 0 ? 1 : text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
  }
}
