package dev.zone.datasets.registry;

import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;

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
          copy(dataset.folder(), part, file);
        }
      } catch (IOException e) {
        throw ZoneException.environment(
            "Cannot copy %s to %s (%s)"
                .formatted(dataset.folder().place(part.path()), file, e.getMessage()),
            e);
      }
    }
  }

  private static void copy(Storage dataset, Part part, Path file) throws IOException {
    Path begun = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    MessageDigest digest = Digests.sha256();
    try (Storage.StoredFile stored = dataset.open(part.path());
        InputStream in = new DigestInputStream(stored.bytes(), digest)) {
      Files.copy(in, begun);
      if (!HexFormat.of().formatHex(digest.digest()).equals(part.sha256())) {
        throw new IOException("it was changed since it was written");
      }
      Files.move(begun, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(begun);
    }
  }
}
