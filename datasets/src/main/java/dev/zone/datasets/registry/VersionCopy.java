package dev.zone.datasets.registry;

import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of a version on this machine, where its registry is none of a mounted file system. */
public final class VersionCopy {
  private VersionCopy() {}

  /**
   * Copies what is not there yet, and compares every byte of it with its digest. A file has its
   * name only when it is whole; several copies at once are in nobody's way.
   *
   * @param folder in the place of the dataset's
   * @throws ZoneException of the environment if a file cannot be copied or is not what it was
   */
  public static void to(Path folder, RegisteredDataset dataset, Version version) {
    for (Part part : version.parts()) {
      Path file = folder.resolve(part.path());
      try {
        if (!Files.exists(file) || Files.size(file) != part.bytes()) {
          Files.createDirectories(file.getParent());
          dataset.copy(part, file);
        }
      } catch (IOException e) {
        throw ZoneException.environment(
            "Cannot copy %s to %s (%s)"
                .formatted(dataset.folder().place(part.path()), file, e.getMessage()),
            e);
      }
    }
  }
}
