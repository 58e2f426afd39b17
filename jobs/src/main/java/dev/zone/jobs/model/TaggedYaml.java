package dev.zone.jobs.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;

/**
 * YAML as DL4J's {@code toYaml} writes it, as JSON: a mapping's tag becomes its {@code @class}.
 * Nothing is constructed from tags; aliases are refused, so that the tree is no larger than the
 * text.
 */
final class TaggedYaml {
  private static final int MAX_DEPTH = 100;
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\.\\d+|\\d+(\\.\\d*)?)([eE][-+]?\\d{1,4})?");

  private final Iterator<Event> events;

  TaggedYaml(String text) {
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(ConfigurationTree.MAX_BYTES).build();
    events = new Parse(settings).parseString(text).iterator();
  }

  /**
   * @throws org.snakeyaml.engine.v2.exceptions.YamlEngineException if it is no YAML
   * @throws IllegalArgumentException if it has what is refused
   */
  JsonElement read() {
    Event event = events.next();
    while (!(event instanceof DocumentStartEvent)) {
      if (!events.hasNext()) {
        throw new IllegalArgumentException("no document");
      }
      event = events.next();
    }
    return element(events.next(), 0);
  }

  private JsonElement element(Event event, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("deeper than " + MAX_DEPTH + " levels");
    }
    if (event instanceof MappingStartEvent mapping) {
      return object(mapping.getTag(), depth);
    } else if (event instanceof SequenceStartEvent sequence) {
      refuseTag(sequence.getTag());
      JsonArray array = new JsonArray();
      for (Event next = events.next();
          next.getEventId() != Event.ID.SequenceEnd;
          next = events.next()) {
        array.add(element(next, depth + 1));
      }
      return array;
    } else if (event instanceof ScalarEvent scalar) {
      refuseTag(scalar.getTag());
      return scalar.isPlain() ? plain(scalar.getValue()) : new JsonPrimitive(scalar.getValue());
    }
    throw new IllegalArgumentException("an alias or an unfinished document");
  }

  private JsonObject object(Optional<String> tag, int depth) {
    JsonObject object = new JsonObject();
    tag.ifPresent(name -> object.addProperty("@class", name));
    for (Event next = events.next();
        next.getEventId() != Event.ID.MappingEnd;
        next = events.next()) {
      if (!(next instanceof ScalarEvent key)) {
        throw new IllegalArgumentException("a key that is not a text");
      }
      if (object.has(key.getValue())) {
        throw new IllegalArgumentException("key '" + key.getValue() + "' twice in one mapping");
      }
      object.add(key.getValue(), element(events.next(), depth + 1));
    }
    return object;
  }

  private static void refuseTag(Optional<String> tag) {
    if (tag.isPresent()) {
      throw new IllegalArgumentException("tag " + tag.get() + " on what is no mapping");
    }
  }

  /** YAML 1.2's core schema, as far as DL4J writes it. */
  private static JsonElement plain(String text) {
    return switch (text) {
      case "", "~", "null" -> JsonNull.INSTANCE;
      case "true", "false" -> new JsonPrimitive(Boolean.valueOf(text));
      // As Jackson has them in JSON.
      case ".nan", ".NaN", ".NAN" -> new JsonPrimitive("NaN");
      case ".inf", ".Inf", "+.inf" -> new JsonPrimitive("Infinity");
      case "-.inf", "-.Inf" -> new JsonPrimitive("-Infinity");
      default ->
          NUMBER.matcher(text).matches()
              ? new JsonPrimitive(new BigDecimal(text))
              : new JsonPrimitive(text);
    };
  }
}
