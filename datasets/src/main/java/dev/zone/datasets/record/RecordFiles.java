package dev.zone.datasets.record;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import dev.zone.datasets.storage.Storage.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/** Small JSON files of a run or a dataset on a storage. */
public final class RecordFiles {
  /** A larger file is no record of ours. */
  private static final int MAX_BYTES = 64 << 20;

  /** A longer text is not read by people, and is half as long without blanks. */
  private static final int PRETTY_CHARACTERS = 1 << 20;

  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final Storage run;

  /**
   * @param run whose root is the run's folder
   */
  public RecordFiles(Storage run) {
    this.run = run;
  }

  /**
   * The object; empty if there is no such file or it holds no object.
   *
   * @throws ZoneException of the environment if that cannot be told
   */
  public Optional<JsonObject> read(String name) {
    try (StoredFile file = run.open(name)) {
      byte[] bytes = file.bytes().readNBytes(MAX_BYTES + 1);
      return bytes.length > MAX_BYTES
          ? Optional.empty()
          : Optional.of(
              JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8)).getAsJsonObject());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonParseException | IllegalStateException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw cannot("read", name, e);
    }
  }

  /**
   * Makes the file, in a folder that is made if it is not there.
   *
   * @return false if there is one of that name already
   * @throws ZoneException of the environment if it cannot be written
   */
  public boolean create(String name, JsonObject json) {
    return create(name, bytes(json));
  }

  /**
   * As {@link #create(String, JsonObject)}.
   *
   * @param json as {@link #bytes} makes it
   */
  public boolean create(String name, byte[] json) {
    try {
      makeFolder(name);
      run.create(name, json);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw cannot("write", name, e);
    }
  }

  /**
   * Replaces the file, in a folder that is there.
   *
   * @throws ZoneException of the environment if it cannot be written
   */
  public void replace(String name, JsonObject json) {
    try {
      run.replace(name, bytes(json));
    } catch (IOException e) {
      throw cannot("write", name, e);
    }
  }

  /**
   * Names in a folder, hidden ones left out.
   *
   * @throws ZoneException of the environment if that cannot be told
   */
  public List<String> list(String folder) {
    try {
      return run.list(folder).stream().filter(name -> !name.startsWith(".")).toList();
    } catch (IOException e) {
      throw cannot("list", folder, e);
    }
  }

  private void makeFolder(String name) throws IOException {
    int slash = name.lastIndexOf('/');
    if (slash > 0) {
      run.makeFolders(name.substring(0, slash));
    }
  }

  /** What is written of an object: such that people can read it, unless it is long. */
  public static byte[] bytes(JsonObject json) {
    String plain = json.toString();
    String text = plain.length() > PRETTY_CHARACTERS ? plain : PRETTY.toJson(json);
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private ZoneException cannot(String verb, String name, IOException e) {
    String reason =
        e instanceof java.nio.file.FileSystemException told && told.getReason() != null
            ? told.getReason()
            : String.valueOf(e.getMessage());
    return ZoneException.environment(
        "Cannot %s the record: %s (%s)".formatted(verb, run.place(name), reason), e);
  }
}
