package dev.zone.jobs.model;

import com.google.gson.JsonObject;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.model.NetworkConfiguration.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;

/**
 * A trained network as DL4J's own zip, which plain {@code MultiLayerNetwork.load} and {@code
 * ComputationGraph.load} open. The same state gives the same bytes: fixed order, fixed times,
 * nothing compressed.
 */
public final class ModelArchive {
  private static final String CONFIGURATION = "configuration.json";
  private static final String PARAMETERS = "coefficients.bin";
  private static final String UPDATER = "updaterState.bin";
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private ModelArchive() {}

  /**
   * What an archive holds.
   *
   * @param kind of the network
   * @param json the configuration; it names classes of the allow-list only
   * @param state parameters, updater's state, counts
   */
  public record Content(Kind kind, String json, ModelState state) {}

  /**
   * Writes the archive, complete or not at all.
   *
   * @param zip replaced if it is there; its folder must exist
   * @throws ZoneException of the environment if it cannot be written
   */
  public static void write(NetworkConfiguration configuration, ModelState state, Path zip) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(CONFIGURATION, counted(configuration, state).getBytes(StandardCharsets.UTF_8));
    entries.put(PARAMETERS, Nd4jVector.write(state.parameters()));
    state
        .updaterState()
        .filter(values -> values.limit() > 0)
        .ifPresent(values -> entries.put(UPDATER, Nd4jVector.write(values)));
    Path partial = zip.resolveSibling(zip.getFileName() + ".partial");
    try {
      try (OutputStream out = Files.newOutputStream(partial);
          ZipOutputStream zipped = new ZipOutputStream(out)) {
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
          store(zipped, entry.getKey(), entry.getValue());
        }
      }
      move(partial, zip);
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot write model: " + zip + " (" + e.getMessage() + ")", e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Stored, not deflated: zlib's output differs between Java builds. */
  private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(TIME);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(sum.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  private static String counted(NetworkConfiguration configuration, ModelState state) {
    if (configuration.kind() == Kind.LAYERS) {
      MultiLayerConfiguration conf = MultiLayerConfiguration.fromJson(configuration.json());
      conf.setIterationCount(state.steps());
      conf.setEpochCount(state.epochs());
      return conf.toJson();
    }
    ComputationGraphConfiguration conf =
        ComputationGraphConfiguration.fromJson(configuration.json());
    conf.setIterationCount(state.steps());
    conf.setEpochCount(state.epochs());
    return conf.toJson();
  }

  /**
   * Reads what {@link #write} wrote, and nothing else: no class outside the allow-list, no Java
   * deserialisation, no entry that DL4J would run.
   *
   * @param limitBytes largest size of the file
   * @throws ZoneException of the user's if the archive is not as expected; of the environment if it
   *     cannot be read
   */
  public static Content read(Path zip, long limitBytes) {
    try {
      long size = Files.size(zip);
      if (size > limitBytes) {
        throw bad(zip, size + " bytes (expected at most " + limitBytes + ")");
      }
      try (ZipFile file = new ZipFile(zip.toFile())) {
        return read(zip, entries(zip, file));
      }
    } catch (ZipException e) {
      throw bad(zip, "not a zip file: " + e.getMessage() + " (expected a model of Zone)");
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read model: " + zip + " (" + e.getMessage() + ")", e);
    }
  }

  /**
   * The network of an archive.
   *
   * @param json names classes of the allow-list only
   */
  record Configuration(Kind kind, String json) {}

  /**
   * Reads the configuration of an archive of ours or of one that DL4J's ModelSerializer wrote.
   * Other entries, such as a normaliser, are never looked at.
   *
   * @param source stands for the file in messages
   * @param limitBytes largest size of the file
   * @throws ZoneException of the user's if it is no such archive; of the environment if it cannot
   *     be read
   */
  static Configuration readConfiguration(Path zip, String source, long limitBytes) {
    try {
      long size = Files.size(zip);
      if (size > limitBytes) {
        throw bad(source, size + " bytes (expected at most " + limitBytes + ")");
      }
    } catch (IOException e) {
      throw unreadable(source, e);
    }
    byte[] text = inflated(zip, source, CONFIGURATION, ConfigurationTree.MAX_BYTES);
    JsonObject json = configuration(source, text);
    if (!json.has("vertices") && !json.has("confs")) {
      throw bad(source, "its configuration is of no network (expected a model of DL4J)");
    }
    return new Configuration(json.has("vertices") ? Kind.GRAPH : Kind.LAYERS, json.toString());
  }

  /**
   * Reads the parameters of such an archive.
   *
   * @param count how many there must be, which bounds what is inflated
   * @return float32 [count]
   * @throws ZoneException as {@link #readConfiguration}
   */
  static FloatBuffer readParameters(Path zip, String source, long count) {
    byte[] bytes = inflated(zip, source, PARAMETERS, Nd4jVector.mostBytes(count));
    FloatBuffer vector =
        Nd4jVector.read(ByteBuffer.wrap(bytes))
            .orElseThrow(() -> bad(source, PARAMETERS + " is no vector of float32 (expected one)"));
    if (vector.limit() != count) {
      throw bad(source, vector.limit() + " parameters (expected " + count + ")");
    }
    return vector;
  }

  private static byte[] inflated(Path zip, String source, String name, long limitBytes) {
    try (ZipFile file = new ZipFile(zip.toFile())) {
      ZipEntry entry = file.getEntry(name);
      if (entry == null) {
        throw bad(source, "no " + name + " (expected a model of Zone or of DL4J)");
      }
      int most = (int) Math.min(Integer.MAX_VALUE - 8, limitBytes);
      try (InputStream in = file.getInputStream(entry)) {
        byte[] bytes = in.readNBytes(most);
        if (in.read() >= 0) {
          throw bad(source, name + " has more than " + most + " bytes (expected at most that)");
        }
        return bytes;
      }
    } catch (ZipException e) {
      throw bad(
          source, "not a zip file: " + e.getMessage() + " (expected a model of Zone or DL4J)");
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  private static ZoneException unreadable(String source, IOException e) {
    return ZoneException.environment(
        "Cannot read model: " + source + " (" + e.getMessage() + ")", e);
  }

  private static JsonObject configuration(String source, byte[] text) {
    Problems problems = new Problems();
    Optional<JsonObject> tree =
        ConfigurationTree.parse(source + "!/" + CONFIGURATION, text, problems);
    problems.throwIfAny();
    return tree.orElseThrow();
  }

  private static Content read(Path zip, Map<String, byte[]> entries) {
    JsonObject json = configuration(zip.toString(), required(zip, entries, CONFIGURATION));
    FloatBuffer parameters = vector(zip, PARAMETERS, required(zip, entries, PARAMETERS));
    Optional<FloatBuffer> updater =
        Optional.ofNullable(entries.get(UPDATER)).map(bytes -> vector(zip, UPDATER, bytes));
    ModelState state =
        new ModelState(
            parameters,
            updater,
            count(zip, json, "iterationCount"),
            count(zip, json, "epochCount"));
    Kind kind = json.has("vertices") ? Kind.GRAPH : Kind.LAYERS;
    return new Content(kind, json.toString(), state);
  }

  private static int count(Path zip, JsonObject json, String key) {
    try {
      return json.has(key) ? json.get(key).getAsInt() : 0;
    } catch (NumberFormatException | UnsupportedOperationException | IllegalStateException e) {
      throw bad(zip, key + ": " + json.get(key) + " (expected a number)");
    }
  }

  private static Map<String, byte[]> entries(Path zip, ZipFile file) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (ZipEntry entry : Collections.list(file.entries())) {
      String name = entry.getName();
      boolean known = name.equals(CONFIGURATION) || name.equals(PARAMETERS) || name.equals(UPDATER);
      if (!known || entry.getMethod() != ZipEntry.STORED || entries.containsKey(name)) {
        throw bad(
            zip,
            "entry '"
                + name
                + "' (expected "
                + CONFIGURATION
                + ", "
                + PARAMETERS
                + " and "
                + UPDATER
                + ", stored, once each)");
      }
      // Stored entries are no larger than the file, whose size is checked.
      try (InputStream in = file.getInputStream(entry)) {
        entries.put(name, in.readAllBytes());
      }
    }
    return entries;
  }

  private static byte[] required(Path zip, Map<String, byte[]> entries, String name) {
    if (!entries.containsKey(name)) {
      throw bad(zip, "no " + name + " (expected a model of Zone)");
    }
    return entries.get(name);
  }

  private static FloatBuffer vector(Path zip, String name, byte[] bytes) {
    return Nd4jVector.read(ByteBuffer.wrap(bytes))
        .orElseThrow(
            () -> bad(zip, name + " is not a vector of float32 (expected a model of Zone)"));
  }

  private static ZoneException bad(Object source, String what) {
    return ZoneException.user("Cannot read model: " + source + ": " + what);
  }
}
