package dev.zone.launcher.bundle;

import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.storage.Storage;
import dev.zone.datasets.storage.StoredFolders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Sends files to a centre's storage under the digests of their contents, so that what is there once
 * is never sent again: jars to {@code jars/<sha256>/<name>}, a dataset's files to {@code
 * data/<digest>/<path>}. What is there is complete: a folder gets its name when all is in it.
 */
public final class Sending {
  private static final String JARS = "jars";
  private static final String DATA = "data";

  private final Storage storage;
  private long sentBytes;

  public Sending(Storage storage) {
    this.storage = storage;
  }

  /** Bytes sent so far. */
  public long sentBytes() {
    return sentBytes;
  }

  /**
   * Sends the jars that are not there.
   *
   * @return their names in the storage, in the same order
   * @throws ZoneException of the environment if the storage cannot be written, or a jar changed
   *     since its digest was taken
   */
  public List<String> jars(List<ApplicationJars.Jar> jars) {
    List<String> names = new ArrayList<>();
    try {
      TreeSet<String> there = new TreeSet<>(storage.list(JARS));
      for (ApplicationJars.Jar jar : jars) {
        if (there.add(jar.sha256())) {
          String begun = begin(JARS);
          send(jar.path(), begun + "/" + jar.name(), jar.sha256());
          publish(begun, JARS + "/" + jar.sha256());
        }
        names.add(JARS + "/" + jar.sha256() + "/" + jar.name());
      }
      return names;
    } catch (IOException e) {
      throw cannot(storage, JARS, e);
    }
  }

  /**
   * Sends a plan's data if they are not there.
   *
   * @param root where they lie here
   * @return their folder in the storage
   */
  public String data(PlanSpec plan, Path root) {
    String folder = DATA + "/" + plan.datasetDigest();
    try {
      if (storage.exists(folder)) {
        return folder;
      }
      String begun = begin(DATA);
      for (PlanSpec.PlannedFile file : plan.files()) {
        String name = begun + "/" + file.path();
        storage.makeFolders(name.substring(0, name.lastIndexOf('/')));
        send(root.resolve(file.path()), name, file.sha256());
      }
      publish(begun, folder);
      return folder;
    } catch (IOException e) {
      throw cannot(storage, DATA, e);
    }
  }

  /**
   * Sends a folder with all that is in it.
   *
   * @param name of what becomes its copy
   */
  public static void folder(Path folder, Storage storage, String name) {
    try {
      StoredFolders.upload(folder, storage, name);
    } catch (IOException e) {
      throw cannot(storage, name, e);
    }
  }

  private String begin(String folder) throws IOException {
    String begun = folder + "/.begun-" + UUID.randomUUID();
    storage.makeFolders(begun);
    return begun;
  }

  private void publish(String begun, String name) throws IOException {
    try {
      storage.rename(begun, name);
    } catch (FileAlreadyExistsException e) {
      // Another sent the same meanwhile.
      storage.deleteTree(begun);
    }
  }

  private void send(Path file, String name, String sha256) throws IOException {
    MessageDigest digest = Digests.sha256();
    storage.write(
        name,
        out -> {
          try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            sentBytes += in.transferTo(out);
          }
        });
    if (!HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
      storage.deleteTree(name.substring(0, name.indexOf('/', name.indexOf('/') + 1)));
      throw ZoneException.environment(
          "Cannot send "
              + file
              + ": it changed since it was planned (expected SHA-256 "
              + sha256
              + ")",
          null);
    }
  }

  private static ZoneException cannot(Storage storage, String folder, IOException e) {
    String reason =
        e instanceof NoSuchFileException
            ? "no such file: " + e.getMessage()
            : e instanceof java.nio.file.AccessDeniedException
                ? "no permission"
                : String.valueOf(e.getMessage());
    return ZoneException.environment(
        "Cannot send to %s: %s (expected a storage that can be written)"
            .formatted(storage.place(folder), reason),
        e);
  }
}
