package dev.zone.datasets.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.conf.error.Problem;
import dev.zone.datasets.admission.RowSample;
import dev.zone.datasets.profile.Profile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What came of pieces of a file that were read by themselves.
 *
 * @param records that were read, good and bad
 * @param rows that were right
 * @param bad rows that were set aside
 * @param header the line that names the columns, if rows were set aside
 * @param aside path of the lines of rows that were set aside; empty if none were, or nothing was
 *     written
 * @param parts in order
 * @param profile of the rows that were right; empty if there were no rows
 * @param problems what is wrong with the file
 * @param otherColumns why its columns are not those of the dataset; empty if they are
 */
record PieceOutcome(
    long records,
    long rows,
    long bad,
    String header,
    Optional<String> aside,
    List<Part> parts,
    Reasons reasons,
    Optional<Profile> profile,
    RowSample sample,
    List<Problem> problems,
    Optional<String> otherColumns) {

  /** Of a file of which nothing else is looked at. */
  static PieceOutcome of(OtherColumns columns) {
    return new PieceOutcome(
        0,
        0,
        0,
        "",
        Optional.empty(),
        List.of(),
        Reasons.ofFile(),
        Optional.empty(),
        new RowSample(),
        List.of(),
        Optional.of(columns.getMessage()));
  }

  void write(DataOutputStream out) throws IOException {
    JsonObject json = new JsonObject();
    json.addProperty("records", records);
    json.addProperty("rows", rows);
    json.addProperty("bad", bad);
    json.addProperty("header", header);
    aside.ifPresent(path -> json.addProperty("aside", path));
    JsonArray ofParts = new JsonArray();
    parts.forEach(part -> ofParts.add(part.toJson()));
    json.add("parts", ofParts);
    json.add("reasons", reasons.toJson());
    profile.ifPresent(its -> json.add("profile", its.toJson()));
    JsonArray ofProblems = new JsonArray();
    for (Problem problem : problems) {
      JsonObject one = new JsonObject();
      one.addProperty("where", problem.where());
      one.addProperty("message", problem.message());
      ofProblems.add(one);
    }
    json.add("problems", ofProblems);
    otherColumns.ifPresent(why -> json.addProperty("otherColumns", why));
    byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
    out.writeInt(text.length);
    out.write(text);
    sample.write(out);
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws RuntimeException if it is not what {@link #toBytes} makes
   */
  static PieceOutcome of(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte[] text = in.readNBytes(in.readInt());
      JsonObject json =
          JsonParser.parseString(new String(text, StandardCharsets.UTF_8)).getAsJsonObject();
      List<Part> parts = new ArrayList<>();
      for (JsonElement part : json.getAsJsonArray("parts")) {
        parts.add(Part.of(part.getAsJsonObject()));
      }
      List<Problem> problems = new ArrayList<>();
      for (JsonElement each : json.getAsJsonArray("problems")) {
        JsonObject one = each.getAsJsonObject();
        problems.add(new Problem(one.get("where").getAsString(), one.get("message").getAsString()));
      }
      return new PieceOutcome(
          json.get("records").getAsLong(),
          json.get("rows").getAsLong(),
          json.get("bad").getAsLong(),
          json.get("header").getAsString(),
          Optional.ofNullable(json.get("aside")).map(JsonElement::getAsString),
          parts,
          Reasons.of(json.getAsJsonArray("reasons")),
          Optional.ofNullable(json.getAsJsonObject("profile")).map(Profile::of),
          RowSample.read(in),
          problems,
          Optional.ofNullable(json.get("otherColumns")).map(JsonElement::getAsString));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
