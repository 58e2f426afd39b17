package dev.zone.jobs.checkpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.checkpoint.Checkpoint.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A run's checkpoints: written whole, the newest few kept, read only if every byte is right. */
public final class Checkpoints {
  static final int FORMAT = 1;

  private static final Pattern NAME = Pattern.compile("step-\\d{8,10}");
  private static final long LARGEST_JSON = 1 << 20;
  private static final int PIECE_FLOATS = 1 << 20;

  private final Path folder;
  private final int keep;

  /**
   * @param folder the run's {@code checkpoints} folder; made when first needed
   * @param keep how many of the newest are kept
   */
  public Checkpoints(Path folder, int keep) {
    this.folder = folder;
    this.keep = keep;
  }

  /**
   * Publishes a checkpoint and removes those that are no longer kept.
   *
   * @return its folder
   * @throws ZoneException (environment) if it cannot be written; nothing of it is visible then
   */
  public Path write(Checkpoint checkpoint) {
    Path place = folder.resolve(String.format("step-%08d", checkpoint.position().step()));
    Path hidden = folder.resolve("." + place.getFileName() + ".writing");
    try {
      Files.createDirectories(folder);
      deleteTree(hidden);
      Files.createDirectories(hidden);
      JsonObject vectors = new JsonObject();
      vectors.add("parameters", writeVector(hidden, "parameters", checkpoint.parameters()));
      vectors.add("updater", writeVector(hidden, "updater", checkpoint.updaterState()));
      if (checkpoint.average().isPresent()) {
        vectors.add("average", writeVector(hidden, "average", checkpoint.average().get()));
      }
      if (checkpoint.best().isPresent()) {
        vectors.add("best", writeVector(hidden, "best", checkpoint.best().get()));
      }
      JsonObject json = positionJson(checkpoint.position());
      json.add("vectors", vectors);
      try (FileChannel channel = create(hidden.resolve("checkpoint.json"))) {
        writeFully(
            channel,
            ByteBuffer.wrap(json.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        channel.force(true);
      }
      deleteTree(place);
      Files.move(hidden, place, StandardCopyOption.ATOMIC_MOVE);
      removeOld();
      return place;
    } catch (IOException e) {
      discard(hidden);
      throw ZoneException.environment(
          "Cannot write checkpoint: " + place + " (" + e.getMessage() + ")", e);
    }
  }

  /** Complete checkpoints, the newest first. */
  public List<Path> list() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(folder)) {
      return paths
          .filter(path -> NAME.matcher(path.getFileName().toString()).matches())
          .sorted(Comparator.comparing((Path path) -> path.getFileName().toString()).reversed())
          .toList();
    } catch (IOException e) {
      throw ZoneException.environment("Cannot list checkpoints: " + folder, e);
    }
  }

  /**
   * Reads a checkpoint.
   *
   * @throws ZoneException (environment) if a byte of it is missing or wrong
   */
  public static Checkpoint read(Path place) {
    try {
      Path file = place.resolve("checkpoint.json");
      if (Files.size(file) > LARGEST_JSON) {
        throw damaged(place, "checkpoint.json has " + Files.size(file) + " bytes");
      }
      JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      int format = json.get("format").getAsInt();
      if (format != FORMAT) {
        throw damaged(place, "format " + format + ", expected " + FORMAT);
      }
      JsonObject vectors = json.getAsJsonObject("vectors");
      return new Checkpoint(
          position(json),
          readVector(place, vectors, "parameters"),
          readVector(place, vectors, "updater"),
          vectors.has("average")
              ? Optional.of(readVector(place, vectors, "average"))
              : Optional.empty(),
          vectors.has("best") ? Optional.of(readVector(place, vectors, "best")) : Optional.empty());
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot read checkpoint: " + place + " (" + e.getMessage() + ")", e);
    } catch (JsonParseException
        | IllegalStateException
        | NumberFormatException
        | NullPointerException e) {
      throw new ZoneException(
          ErrorKind.ENVIRONMENT,
          "Cannot read checkpoint: " + place + " (checkpoint.json is not what we write)",
          e);
    }
  }

  private void removeOld() throws IOException {
    List<Path> all = list();
    for (Path path : all.subList(Math.min(keep, all.size()), all.size())) {
      deleteTree(path);
    }
  }

  private static JsonObject positionJson(Position position) {
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    json.addProperty("fold", position.fold());
    json.addProperty("step", position.step());
    json.addProperty("epoch", position.epoch());
    json.addProperty("epochLoss", position.epochLoss());
    json.addProperty("epochExamples", position.epochExamples());
    if (!Double.isNaN(position.bestValue())) {
      json.addProperty("bestValue", position.bestValue());
    }
    json.addProperty("bestEpoch", position.bestEpoch());
    json.addProperty("epochsSinceBest", position.epochsSinceBest());
    json.addProperty("seconds", position.seconds());
    return json;
  }

  private static Position position(JsonObject json) {
    JsonElement bestValue = json.get("bestValue");
    return new Position(
        json.get("fold").getAsInt(),
        json.get("step").getAsInt(),
        json.get("epoch").getAsInt(),
        json.get("epochLoss").getAsDouble(),
        json.get("epochExamples").getAsLong(),
        bestValue == null ? Double.NaN : bestValue.getAsDouble(),
        json.get("bestEpoch").getAsInt(),
        json.get("epochsSinceBest").getAsInt(),
        json.get("seconds").getAsDouble());
  }

  private static JsonObject writeVector(Path hidden, String name, float[] values)
      throws IOException {
    MessageDigest digest = sha256();
    ByteBuffer piece =
        ByteBuffer.allocateDirect(PIECE_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = create(hidden.resolve(name + ".f32"))) {
      for (int at = 0; at < values.length; at += PIECE_FLOATS) {
        int count = Math.min(PIECE_FLOATS, values.length - at);
        piece.clear();
        piece.asFloatBuffer().put(values, at, count);
        piece.limit(count * Float.BYTES);
        digest.update(piece.duplicate());
        writeFully(channel, piece);
      }
      channel.force(true);
    }
    JsonObject json = new JsonObject();
    json.addProperty("length", values.length);
    json.addProperty("sha256", HexFormat.of().formatHex(digest.digest()));
    return json;
  }

  private static float[] readVector(Path place, JsonObject vectors, String name)
      throws IOException {
    JsonObject json = vectors.getAsJsonObject(name);
    int length = json.get("length").getAsInt();
    Path file = place.resolve(name + ".f32");
    if (length < 0 || Files.size(file) != (long) length * Float.BYTES) {
      throw damaged(
          place,
          file.getFileName()
              + " has "
              + Files.size(file)
              + " bytes, expected "
              + (long) length * Float.BYTES);
    }
    float[] values = new float[length];
    MessageDigest digest = sha256();
    ByteBuffer piece =
        ByteBuffer.allocateDirect(PIECE_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(file)) {
      for (int at = 0; at < length; at += PIECE_FLOATS) {
        int count = Math.min(PIECE_FLOATS, length - at);
        piece.clear().limit(count * Float.BYTES);
        while (piece.hasRemaining()) {
          if (channel.read(piece) < 0) {
            throw damaged(place, file.getFileName() + " ends early");
          }
        }
        piece.flip();
        digest.update(piece.duplicate());
        piece.asFloatBuffer().get(values, at, count);
      }
    }
    if (!HexFormat.of().formatHex(digest.digest()).equals(json.get("sha256").getAsString())) {
      throw damaged(place, file.getFileName() + " does not have the digest it was written with");
    }
    return values;
  }

  private static ZoneException damaged(Path place, String what) {
    return new ZoneException(
        ErrorKind.ENVIRONMENT, "Cannot use checkpoint: " + place + " (" + what + ")");
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Cannot compute SHA-256, which every JDK has", e);
    }
  }

  /** A full disk needs the room; what cannot be removed is hidden and goes with the next write. */
  private static void discard(Path hidden) {
    try {
      deleteTree(hidden);
    } catch (IOException e) {
      // The failure that led here is the one to tell.
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
