package dev.zone.jobs.spark;

import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import dev.zone.datasets.storage.StoredFolders;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Folders of files that never change, such as prepared examples, brought to a storage and from
 * there to the machines that need them on a disk of their own.
 */
final class SharedFolders {
  /** Where this process has what it fetched, by place. */
  private static final Map<String, Path> FETCHED = new ConcurrentHashMap<>();

  private SharedFolders() {}

  /**
   * Where workers find a folder of prepared examples: where it is, or, if the run's record is on a
   * storage that is not mounted, a copy in that storage's {@code cache}.
   *
   * @param run the run's place, {@code …/runs/<id>}
   */
  static String share(Path folder, String run) {
    Optional<URI> distant = WorkFolders.distant(run);
    if (distant.isEmpty()) {
      return folder.toString();
    }
    URI place = distant.get().resolve("../cache/" + folder.getFileName());
    try (Storage cache = Storage.of(place.resolve("."), WorkFolders.hadoopProperties())) {
      String name = folder.getFileName().toString();
      if (!cache.isFolder(name)) {
        send(folder, cache, name);
      }
      return place.toString();
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot send prepared data to %s: %s".formatted(place, e.getMessage()), e);
    }
  }

  private static void send(Path folder, Storage cache, String name) throws IOException {
    String begun = ".begun-" + UUID.randomUUID();
    StoredFolders.upload(folder, cache, begun);
    try {
      cache.rename(begun, name);
    } catch (FileAlreadyExistsException e) {
      // Another run sent the same meanwhile.
      cache.deleteTree(begun);
    }
  }

  /** A shared folder on this machine. */
  static Path local(String place) {
    return WorkFolders.distant(place)
        .map(uri -> FETCHED.computeIfAbsent(place, any -> fetch(uri)))
        .orElseGet(() -> Path.of(place));
  }

  /** The plan with its data on this machine. */
  static PlanSpec withLocalData(PlanSpec plan) {
    Optional<URI> distant = plan.dataRoot().flatMap(WorkFolders::distant);
    return distant.isEmpty()
        ? plan
        : plan.withDataRoot(
            FETCHED
                .computeIfAbsent(distant.get().toString(), any -> fetch(distant.get()))
                .toString());
  }

  private static Path fetch(URI place) {
    Path target = WorkFolders.temporary("zone-data-");
    try (Storage storage = Storage.of(place, WorkFolders.hadoopProperties())) {
      StoredFolders.download(storage, "", target, any -> true);
      return target;
    } catch (IOException e) {
      throw ZoneException.environment("Cannot fetch %s: %s".formatted(place, e.getMessage()), e);
    }
  }
}
