package dev.zone.datasets.format;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A piece of a file that can be read by itself, wherever the file can be reached.
 *
 * @param at where it begins: of text in bytes, of Parquet the number of a row group
 * @param length of text in bytes, of Parquet in row groups
 * @param first its first line, from 1, or its first row, from 0
 * @param hasQuotes of text: whether there may be a quote in it
 * @param names of the text's fields, or of the first row's members
 * @param header the text's line that names its columns; empty if it has none
 */
public record FilePiece(
    Kind kind,
    long at,
    int length,
    long first,
    boolean hasQuotes,
    List<String> names,
    String header) {
  /** The file as a whole. */
  public static final FilePiece WHOLE = new FilePiece(Kind.WHOLE, 0, 0, 0, false, List.of(), "");

  /** What a piece is one of. */
  public enum Kind {
    WHOLE,
    DELIMITED,
    JSON_LINES,
    PARQUET
  }

  public FilePiece {
    names = List.copyOf(names);
    if (at < 0 || length < 0 || first < 0 || first > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("expected a piece of a file");
    }
  }

  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("kind", kind.name().toLowerCase(Locale.ROOT));
    json.addProperty("at", at);
    json.addProperty("length", length);
    json.addProperty("first", first);
    json.addProperty("quotes", hasQuotes);
    JsonArray all = new JsonArray();
    names.forEach(all::add);
    json.add("names", all);
    json.addProperty("header", header);
    return json;
  }

  /**
   * @throws RuntimeException if it is not what {@link #toJson} makes
   */
  public static FilePiece of(JsonObject json) {
    List<String> names = new ArrayList<>();
    for (JsonElement name : json.getAsJsonArray("names")) {
      names.add(name.getAsString());
    }
    return new FilePiece(
        Kind.valueOf(json.get("kind").getAsString().toUpperCase(Locale.ROOT)),
        json.get("at").getAsLong(),
        json.get("length").getAsInt(),
        json.get("first").getAsLong(),
        json.get("quotes").getAsBoolean(),
        names,
        json.get("header").getAsString());
  }
}
