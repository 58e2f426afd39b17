package dev.zone.jobs.checkpoint;

import dev.zone.datasets.storage.Storage;
import dev.zone.datasets.storage.Storage.StoredFile;
import dev.zone.jobs.checkpoint.Manifest.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The files of one checkpoint's folder. */
final class CheckpointFiles {
  static final String JSON = "checkpoint.json";
  static final String SUMS = "checkpoint.sha256";
  static final String TRANSFORMS = "transforms.json";

  private static final int LARGEST_JSON = 1 << 20;
  private static final int LARGEST_SUMS = 1 << 12;
  private static final int LARGEST_TRANSFORMS = 1 << 26;

  private final Storage storage;
  private final String folder;

  CheckpointFiles(Storage storage, String folder) {
    this.storage = storage;
    this.folder = folder;
  }

  /**
   * What was written.
   *
   * @param sums text of {@code checkpoint.sha256}, which stands for every byte
   * @param bytes of all files
   */
  record Written(String sums, long bytes) {}

  Written write(Checkpoint checkpoint) throws IOException {
    Map<String, float[]> vectors = new TreeMap<>();
    vectors.put(Manifest.PARAMETERS, checkpoint.parameters());
    vectors.put(Manifest.UPDATER, checkpoint.updaterState());
    checkpoint.average().ifPresent(values -> vectors.put(Manifest.AVERAGE, values));
    checkpoint.best().ifPresent(values -> vectors.put(Manifest.BEST, values));
    Map<String, Part> parts = new TreeMap<>();
    long bytes = 0;
    for (Map.Entry<String, float[]> vector : vectors.entrySet()) {
      float[] values = vector.getValue();
      String digest = Vectors.write(storage, name(vectorFile(vector.getKey())), values);
      parts.put(vector.getKey(), new Part(values.length, digest));
      bytes += (long) values.length * Float.BYTES;
    }
    byte[] transforms = checkpoint.transforms().getBytes(StandardCharsets.UTF_8);
    Optional<Part> transformsPart = Optional.empty();
    if (transforms.length > LARGEST_TRANSFORMS) {
      throw new IOException(tooLong(TRANSFORMS, transforms.length, LARGEST_TRANSFORMS));
    }
    if (transforms.length > 0) {
      transformsPart = Optional.of(new Part(transforms.length, writeBytes(TRANSFORMS, transforms)));
    }
    Manifest manifest =
        new Manifest(
            Manifest.FORMAT, checkpoint.position(), checkpoint.origin(), parts, transformsPart);
    byte[] json = manifest.toJson().getBytes(StandardCharsets.UTF_8);
    String sums = sums(writeBytes(JSON, json), manifest);
    writeBytes(SUMS, sums.getBytes(StandardCharsets.UTF_8));
    return new Written(sums, bytes + transforms.length + json.length + sums.length());
  }

  /** The text of {@code checkpoint.sha256}; empty if it is not there. */
  Optional<String> sums() throws IOException {
    return storage.exists(name(SUMS))
        ? Optional.of(new String(readAll(SUMS, LARGEST_SUMS), StandardCharsets.UTF_8))
        : Optional.empty();
  }

  /**
   * Checks every byte, without keeping the vectors.
   *
   * @param step what the folder's name says
   * @param longestVector what no vector is longer than, in floats
   * @throws DamagedCheckpointException if a byte is missing or wrong
   * @throws IOException if the storage fails
   */
  Manifest verify(int step, int longestVector) throws IOException {
    Manifest manifest = manifest(step);
    for (String required : List.of(Manifest.PARAMETERS, Manifest.UPDATER)) {
      if (!manifest.vectors().containsKey(required)) {
        throw missing(vectorFile(required));
      }
    }
    for (Map.Entry<String, Part> vector : manifest.vectors().entrySet()) {
      try (StoredFile stored = openVector(vector.getKey(), vector.getValue(), longestVector)) {
        Vectors.verify(stored.bytes(), vectorFile(vector.getKey()), vector.getValue());
      }
    }
    if (manifest.transforms().isPresent()) {
      readTransforms(manifest.transforms().get());
    }
    return manifest;
  }

  /** As {@link #verify}, with all that it holds. */
  Checkpoint read(int step, int longestVector) throws IOException {
    Manifest manifest = manifest(step);
    return new Checkpoint(
        manifest.position(),
        readVector(manifest, Manifest.PARAMETERS, longestVector)
            .orElseThrow(() -> missing(vectorFile(Manifest.PARAMETERS))),
        readVector(manifest, Manifest.UPDATER, longestVector)
            .orElseThrow(() -> missing(vectorFile(Manifest.UPDATER))),
        readVector(manifest, Manifest.AVERAGE, longestVector),
        readVector(manifest, Manifest.BEST, longestVector),
        manifest.origin(),
        manifest.transforms().isPresent() ? readTransforms(manifest.transforms().get()) : "");
  }

  private Manifest manifest(int step) throws IOException {
    Optional<String> sums = sums();
    byte[] json = readAll(JSON, LARGEST_JSON);
    String digest = Sha256.of(json);
    // Before anything of it is believed, its format included.
    if (sums.isPresent() && !sums.get().startsWith(Sha256.line(JSON, digest))) {
      throw disagree();
    }
    Manifest manifest = Manifest.parse(new String(json, StandardCharsets.UTF_8));
    if (manifest.format() > 1) {
      String found = sums.orElseThrow(() -> missing(SUMS));
      if (!found.equals(sums(digest, manifest))) {
        throw disagree();
      }
    }
    if (manifest.position().step() != step) {
      throw new DamagedCheckpointException(
          "it is of step " + manifest.position().step() + ", its name says " + step);
    }
    return manifest;
  }

  /** A line for each file, {@code checkpoint.json} first, as {@code sha256sum -c} reads them. */
  private static String sums(String jsonDigest, Manifest manifest) {
    StringBuilder text = new StringBuilder(Sha256.line(JSON, jsonDigest));
    manifest
        .vectors()
        .forEach((name, part) -> text.append(Sha256.line(vectorFile(name), part.sha256())));
    manifest.transforms().ifPresent(part -> text.append(Sha256.line(TRANSFORMS, part.sha256())));
    return text.toString();
  }

  private Optional<float[]> readVector(Manifest manifest, String vector, int longest)
      throws IOException {
    Part part = manifest.vectors().get(vector);
    if (part == null) {
      return Optional.empty();
    }
    try (StoredFile stored = openVector(vector, part, longest)) {
      return Optional.of(Vectors.read(stored.bytes(), vectorFile(vector), part));
    }
  }

  private StoredFile openVector(String vector, Part part, int longest) throws IOException {
    String file = vectorFile(vector);
    if (part.length() < 0 || part.length() > longest) {
      throw new DamagedCheckpointException(
          file + " has " + part.length() + " floats, expected at most " + longest);
    }
    return open(file, (long) part.length() * Float.BYTES);
  }

  private String readTransforms(Part part) throws IOException {
    if (part.length() < 0 || part.length() > LARGEST_TRANSFORMS) {
      throw new DamagedCheckpointException(tooLong(TRANSFORMS, part.length(), LARGEST_TRANSFORMS));
    }
    try (StoredFile stored = open(TRANSFORMS, part.length())) {
      byte[] text = stored.bytes().readNBytes(part.length());
      if (!Sha256.of(text).equals(part.sha256())) {
        throw Vectors.wrong(TRANSFORMS);
      }
      return new String(text, StandardCharsets.UTF_8);
    }
  }

  private String writeBytes(String file, byte[] bytes) throws IOException {
    storage.write(name(file), out -> out.write(bytes));
    return Sha256.of(bytes);
  }

  /** Opens a file that must have so many bytes; only then is room made for them. */
  private StoredFile open(String file, long size) throws IOException {
    StoredFile stored = open(file);
    if (stored.size() == size) {
      return stored;
    }
    stored.close();
    throw new DamagedCheckpointException(
        file + " has " + stored.size() + " bytes, expected " + size);
  }

  private StoredFile open(String file) throws IOException {
    try {
      return storage.open(name(file));
    } catch (NoSuchFileException e) {
      throw missing(file);
    }
  }

  private byte[] readAll(String file, int largest) throws IOException {
    try (StoredFile stored = open(file)) {
      if (stored.size() > largest) {
        throw new DamagedCheckpointException(tooLong(file, stored.size(), largest));
      }
      return stored.bytes().readNBytes(largest);
    }
  }

  private static String tooLong(String file, long bytes, int largest) {
    return file + " has " + bytes + " bytes, expected at most " + largest;
  }

  private static DamagedCheckpointException missing(String file) {
    return new DamagedCheckpointException(file + " is missing");
  }

  private static DamagedCheckpointException disagree() {
    return new DamagedCheckpointException(JSON + " and " + SUMS + " do not agree");
  }

  private String name(String file) {
    return folder + "/" + file;
  }

  private static String vectorFile(String vector) {
    return vector + ".f32";
  }
}
