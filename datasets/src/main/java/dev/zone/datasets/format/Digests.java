package dev.zone.datasets.format;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.zone.datasets.storage.FolderFiles;
import dev.zone.datasets.storage.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/**
 * SHA-256 of files. With a cache, a file is read again only if its size or time of change differs;
 * the cache is a convenience: if it cannot be read or written, files are read.
 */
public final class Digests {
  private static final String CACHE = "digests.json";

  /** A file changed within this time may change again without its time showing it. */
  private static final long SETTLED_MILLIS = 2000;

  private final Optional<Path> cacheFolder;
  private final JsonObject known;
  private boolean changed;

  private Digests(Optional<Path> cacheFolder, JsonObject known) {
    this.cacheFolder = cacheFolder;
    this.known = known;
  }

  /** Reads every file. */
  public static Digests uncached() {
    return new Digests(Optional.empty(), new JsonObject());
  }

  /** Remembers digests in {@code <cacheFolder>/digests.json}. */
  public static Digests cachedIn(Path cacheFolder) {
    JsonObject known = new JsonObject();
    Path file = cacheFolder.resolve(CACHE);
    try {
      JsonElement json = JsonParser.parseString(Files.readString(file));
      if (json.isJsonObject()) {
        known = json.getAsJsonObject();
      }
    } catch (IOException | JsonParseException e) {
      // Without it the files are read.
      known = new JsonObject();
    }
    return new Digests(Optional.of(cacheFolder), known);
  }

  /** A file with its digest. */
  public ResolvedFile of(String name, Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    String stamp = attributes.size() + "|" + attributes.lastModifiedTime();
    String key = path.toString();
    if (known.get(key) instanceof JsonObject entry
        && entry.has("stamp")
        && entry.has("sha256")
        && entry.get("stamp").getAsString().equals(stamp)) {
      return new ResolvedFile(name, path, attributes.size(), entry.get("sha256").getAsString());
    }
    String digest = ofFile(path);
    long age = System.currentTimeMillis() - attributes.lastModifiedTime().toMillis();
    if (cacheFolder.isPresent() && age > SETTLED_MILLIS) {
      JsonObject entry = new JsonObject();
      entry.addProperty("stamp", stamp);
      entry.addProperty("sha256", digest);
      known.add(key, entry);
      changed = true;
    }
    return new ResolvedFile(name, path, attributes.size(), digest);
  }

  /** Writes what was learned. */
  public void save() {
    if (!changed || cacheFolder.isEmpty()) {
      return;
    }
    try {
      Files.createDirectories(cacheFolder.get());
      Path temporary = Files.createTempFile(cacheFolder.get(), ".digests", ".json");
      Files.writeString(temporary, known.toString(), StandardCharsets.UTF_8);
      Files.move(
          temporary,
          cacheFolder.get().resolve(CACHE),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
      changed = false;
    } catch (IOException e) {
      // The next planning reads the files again; whoever needs to write there will say why not.
      changed = true;
    }
  }

  /** SHA-256 of a file's bytes, hexadecimal. */
  public static String ofFile(Path path) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(path)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** SHA-256 of the names and contents of a folder's files, hexadecimal. */
  public static String ofFolder(FolderFiles files) throws IOException {
    MessageDigest digest = sha256();
    files.addTo(digest, () -> {});
    return HexFormat.of().formatHex(digest.digest());
  }

  /** SHA-256 of a text's UTF-8 bytes, hexadecimal. */
  public static String ofText(String text) {
    return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** A SHA-256 to be fed. */
  public static MessageDigest sha256() {
    return Sha256.digest();
  }
}
