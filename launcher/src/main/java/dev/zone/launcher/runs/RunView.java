package dev.zone.launcher.runs;

import com.google.gson.JsonObject;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.record.Launches;
import dev.zone.datasets.record.RecordFiles;
import dev.zone.datasets.record.StateLog;
import dev.zone.datasets.storage.Storage;
import dev.zone.datasets.storage.Storage.StoredFile;
import dev.zone.datasets.storage.StoredFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A run's record, wherever it lies. */
public final class RunView {
  private final String id;
  private final Storage folder;
  private final RecordFiles files;

  /**
   * @param folder whose root is the run's folder
   */
  public RunView(String id, Storage folder) {
    this.id = id;
    this.folder = folder;
    this.files = new RecordFiles(folder);
  }

  public String id() {
    return id;
  }

  /** Where the run's folder is, for people. */
  public String place() {
    return folder.place("");
  }

  public StateLog states() {
    return new StateLog(folder);
  }

  public Launches launches() {
    return new Launches(folder);
  }

  /** One of its JSON files, if it is there and whole. */
  public Optional<JsonObject> json(String name) {
    return files.read(name);
  }

  /**
   * Makes one of its JSON files.
   *
   * @return false if it is there already
   */
  public boolean create(String name, JsonObject json) {
    return files.create(name, json);
  }

  /** Names in one of its folders. */
  public List<String> list(String name) {
    return files.list(name);
  }

  /**
   * Copies a file, or a folder with all that is in it, into a folder of this machine; nothing if it
   * is not there.
   *
   * @param target the copy of the run's folder
   */
  public void copy(String name, Path target) {
    try {
      StoredFolders.download(folder, name, target, StoredFolders::isShown);
    } catch (NoSuchFileException e) {
      // It is not there.
      return;
    } catch (IOException e) {
      throw cannotRead(name, e);
    }
  }

  /**
   * Replaces a small file, or makes it.
   *
   * @throws ZoneException of the environment if it cannot be written
   */
  public void replace(String name, byte[] content) {
    try {
      folder.replace(name, content);
    } catch (IOException e) {
      throw cannotWrite(name, e);
    }
  }

  /**
   * Removes a file if it is there.
   *
   * @throws ZoneException of the environment if it cannot be removed
   */
  public void remove(String name) {
    try {
      folder.deleteTree(name);
    } catch (IOException e) {
      throw cannotWrite(name, e);
    }
  }

  /** When a file was changed, by the storage's clock; empty if it is not there. */
  public Optional<Instant> modified(String name) {
    try {
      return Optional.of(folder.modified(name));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw cannotRead(name, e);
    }
  }

  /**
   * A part of a file.
   *
   * @param from where it begins, bytes
   */
  public record Part(long from, byte[] bytes) {
    /** Where the next part begins. */
    public long next() {
      return from + bytes.length;
    }

    public String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The objects of its lines that are whole. */
    public List<JsonObject> objects() {
      return text().lines().map(JsonLines::parse).flatMap(Optional::stream).toList();
    }
  }

  /**
   * Reads a file from some place on; nothing if it is not there or not that long.
   *
   * @param most bytes that are read at once
   */
  public Part read(String name, long from, int most) {
    try (StoredFile file = folder.open(name, from)) {
      return new Part(from, file.bytes().readNBytes(most));
    } catch (NoSuchFileException e) {
      return new Part(from, new byte[0]);
    } catch (IOException e) {
      throw cannotRead(name, e);
    }
  }

  /** Reads a file's end, from the first whole line on. */
  public Part tail(String name, int most) {
    long size;
    try (StoredFile file = folder.open(name)) {
      size = file.size();
    } catch (NoSuchFileException e) {
      return new Part(0, new byte[0]);
    } catch (IOException e) {
      throw cannotRead(name, e);
    }
    Part part = read(name, Math.max(0, size - most), most);
    if (part.from() == 0) {
      return part;
    }
    int start = 0;
    while (start < part.bytes().length && part.bytes()[start] != '\n') {
      start++;
    }
    int from = Math.min(start + 1, part.bytes().length);
    return new Part(
        part.from() + from, java.util.Arrays.copyOfRange(part.bytes(), from, part.bytes().length));
  }

  private ZoneException cannotWrite(String name, IOException e) {
    return ZoneException.environment(
        "Cannot write %s: %s".formatted(folder.place(name), e.getMessage()), e);
  }

  private ZoneException cannotRead(String name, IOException e) {
    return ZoneException.environment(
        "Cannot read %s: %s".formatted(folder.place(name), e.getMessage()), e);
  }
}
