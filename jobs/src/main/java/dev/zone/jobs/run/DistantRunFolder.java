package dev.zone.jobs.run;

import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import dev.zone.datasets.storage.StoredFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * The files of a run whose record is on a storage that is not mounted here. The driver works in a
 * folder of its own; documents go to the storage as they are written, what grows a line at a time
 * follows within a second. Workers hand the driver their lines, so that each file has one writer.
 */
public final class DistantRunFolder extends RunFolder {
  /** What only its owners read; checkpoints are read where they are. */
  private static final Set<String> NOT_FETCHED =
      Set.of("checkpoints", "launches", "states", "logs", "report.html", "cancel");

  private static final List<String> GROWING =
      List.of("metrics.jsonl", "events.jsonl", "attempts.jsonl");

  private final String place;
  private final Storage storage;
  private final Optional<Mirror> mirror;
  private final Optional<BiConsumer<String, String>> lines;

  private DistantRunFolder(
      String place,
      Storage storage,
      Path folder,
      Optional<Mirror> mirror,
      Optional<BiConsumer<String, String>> lines) {
    super(folder);
    this.place = place;
    this.storage = storage;
    this.mirror = mirror;
    this.lines = lines;
  }

  /**
   * The driver's.
   *
   * @param place URI of the record
   * @param storage whose root is the record
   * @param folder an empty one of this machine, to work in
   */
  public static DistantRunFolder ofDriver(String place, Storage storage, Path folder) {
    return new DistantRunFolder(
        place, storage, folder, Optional.of(new Mirror(storage)), Optional.empty());
  }

  /**
   * A worker's.
   *
   * @param folder of this machine; nothing is written there
   * @param lines takes a file's name and a line for it to the driver
   */
  public static DistantRunFolder ofWorker(
      String place, Storage storage, Path folder, BiConsumer<String, String> lines) {
    return new DistantRunFolder(place, storage, folder, Optional.empty(), Optional.of(lines));
  }

  /**
   * Brings the record here, to be worked on, and keeps it up to date from now on.
   *
   * @param log of this process, which is kept beside the record
   * @throws ZoneException (environment) if it cannot be read
   */
  public void work(Path log) {
    try {
      StoredFolders.download(
          storage, "", path(), name -> StoredFolders.isShown(name) && !NOT_FETCHED.contains(name));
    } catch (IOException e) {
      throw cannot("read", "", e);
    }
    mirror.ifPresent(
        copies -> {
          GROWING.forEach(name -> copies.follow(name, resolve(name)));
          copies.followFromTheStart("logs/driver.log", log);
          copies.start();
        });
  }

  @Override
  public String place() {
    return place;
  }

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public boolean isMounted() {
    return false;
  }

  @Override
  public void admit() {
    // The launcher gave it its name.
  }

  @Override
  public void discardUnlessAdmitted() {
    // The launcher gave it its name.
  }

  @Override
  public void replace(String name, String text) {
    if (mirror.isPresent()) {
      super.replace(name, text);
    }
    try {
      int slash = name.lastIndexOf('/');
      if (slash > 0) {
        storage.makeFolders(name.substring(0, slash));
      }
      storage.replace(name, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw cannot("write", name, e);
    }
  }

  @Override
  public void appendLine(String name, String json) {
    if (lines.isPresent()) {
      lines.get().accept(name, json);
    } else {
      super.appendLine(name, json);
    }
  }

  @Override
  public void publish(String name) {
    Path file = resolve(name);
    int slash = name.lastIndexOf('/');
    String folder = slash < 0 ? "" : name.substring(0, slash + 1);
    String begun = folder + ".begun-" + UUID.randomUUID();
    try {
      if (slash > 0) {
        storage.makeFolders(name.substring(0, slash));
      }
      storage.write(begun, out -> Files.copy(file, out));
      storage.deleteTree(name);
      storage.rename(begun, name);
    } catch (IOException e) {
      throw cannot("write", name, e);
    }
  }

  @Override
  public void fetch(String name) {
    try {
      StoredFolders.download(storage, name, path(), StoredFolders::isShown);
    } catch (NoSuchFileException e) {
      // It is not part of the record.
      return;
    } catch (IOException e) {
      throw cannot("read", name, e);
    }
  }

  @Override
  public void flush() {
    try {
      if (mirror.isPresent()) {
        mirror.get().flush();
      }
    } catch (IOException e) {
      throw cannot("write", "", e);
    }
  }

  @Override
  public boolean isCancelRequested() {
    try {
      return storage.exists("cancel");
    } catch (IOException e) {
      throw cannot("read", "cancel", e);
    }
  }

  /** The rest goes to the storage, as far as it can be reached. */
  public void end() {
    mirror.ifPresent(Mirror::close);
  }

  private ZoneException cannot(String verb, String name, IOException e) {
    return ZoneException.environment(
        "Cannot %s the run's record: %s (%s)".formatted(verb, storage.place(name), e.getMessage()),
        e);
  }
}
