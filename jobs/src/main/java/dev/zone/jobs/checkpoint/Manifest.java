package dev.zone.jobs.checkpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.zone.jobs.checkpoint.Checkpoint.Origin;
import dev.zone.jobs.checkpoint.Checkpoint.Position;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What {@code checkpoint.json} says: all of a checkpoint but its vectors and texts, and what those
 * must be.
 *
 * @param format 1 or 2
 * @param vectors by name
 * @param transforms empty if there is no such file
 */
record Manifest(
    int format,
    Position position,
    Origin origin,
    Map<String, Part> vectors,
    Optional<Part> transforms) {
  /** What is written. */
  static final int FORMAT = 2;

  static final String PARAMETERS = "parameters";
  static final String UPDATER = "updater";
  static final String AVERAGE = "average";
  static final String BEST = "best";

  /**
   * Another file.
   *
   * @param length of a vector in floats, of a text in bytes
   * @param sha256 of its bytes, hexadecimal
   */
  record Part(int length, String sha256) {}

  String toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("format", format);
    json.addProperty("fold", position.fold());
    json.addProperty("step", position.step());
    json.addProperty("epoch", position.epoch());
    put(json, "epochLoss", position.epochLoss());
    json.addProperty("epochExamples", position.epochExamples());
    if (!Double.isNaN(position.bestValue())) {
      put(json, "bestValue", position.bestValue());
    }
    json.addProperty("bestEpoch", position.bestEpoch());
    json.addProperty("bestStep", position.bestStep());
    json.addProperty("epochsSinceBest", position.epochsSinceBest());
    put(json, "seconds", position.seconds());
    JsonObject of = new JsonObject();
    of.addProperty("key", origin.key());
    of.addProperty("workers", origin.workers());
    of.addProperty("seed", origin.seed());
    of.addProperty("draws", origin.draws());
    json.add("origin", of);
    transforms.ifPresent(part -> json.add("transforms", partJson(part, "bytes")));
    JsonObject parts = new JsonObject();
    vectors.forEach((name, part) -> parts.add(name, partJson(part, "length")));
    json.add("vectors", parts);
    return json.toString();
  }

  /**
   * @throws DamagedCheckpointException if the text is not one that any version has written
   */
  static Manifest parse(String text) throws DamagedCheckpointException {
    try {
      JsonObject json = JsonParser.parseString(text).getAsJsonObject();
      int format = json.get("format").getAsInt();
      if (format != 1 && format != FORMAT) {
        throw new DamagedCheckpointException("format " + format + ", expected 1 or " + FORMAT);
      }
      Map<String, Part> vectors = new TreeMap<>();
      for (Map.Entry<String, JsonElement> vector : json.getAsJsonObject("vectors").entrySet()) {
        vectors.put(vector.getKey(), part(vector.getValue().getAsJsonObject(), "length"));
      }
      return new Manifest(
          format,
          position(json, format),
          format == 1 ? Origin.UNKNOWN : origin(json.getAsJsonObject("origin")),
          vectors,
          json.has("transforms")
              ? Optional.of(part(json.getAsJsonObject("transforms"), "bytes"))
              : Optional.empty());
    } catch (JsonParseException
        | IllegalStateException
        | NumberFormatException
        | ClassCastException
        | UnsupportedOperationException
        | NullPointerException e) {
      // What a JSON tree throws for a member that is missing or of another type.
      throw new DamagedCheckpointException("checkpoint.json is not what we write", e);
    }
  }

  private static Position position(JsonObject json, int format) {
    JsonElement bestValue = json.get("bestValue");
    return new Position(
        json.get("fold").getAsInt(),
        json.get("step").getAsInt(),
        json.get("epoch").getAsInt(),
        json.get("epochLoss").getAsDouble(),
        json.get("epochExamples").getAsLong(),
        bestValue == null ? Double.NaN : bestValue.getAsDouble(),
        json.get("bestEpoch").getAsInt(),
        format == 1 ? 0 : json.get("bestStep").getAsInt(),
        json.get("epochsSinceBest").getAsInt(),
        json.get("seconds").getAsDouble());
  }

  private static Origin origin(JsonObject json) {
    return new Origin(
        json.get("key").getAsString(),
        json.get("workers").getAsInt(),
        json.get("seed").getAsLong(),
        json.get("draws").getAsString());
  }

  private static JsonObject partJson(Part part, String unit) {
    JsonObject json = new JsonObject();
    json.addProperty(unit, part.length());
    json.addProperty("sha256", part.sha256());
    return json;
  }

  private static Part part(JsonObject json, String unit) {
    return new Part(json.get(unit).getAsInt(), json.get("sha256").getAsString());
  }

  /** Numbers that JSON has no word for go as strings. */
  private static void put(JsonObject json, String name, double value) {
    if (Double.isFinite(value)) {
      json.addProperty(name, value);
    } else {
      json.addProperty(name, Double.toString(value));
    }
  }
}
