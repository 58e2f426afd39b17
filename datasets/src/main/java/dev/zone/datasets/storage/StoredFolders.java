package dev.zone.datasets.storage;

import dev.zone.datasets.storage.Storage.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Whole folders, brought from this machine's disk to a storage and back. */
public final class StoredFolders {
  /** A folder that goes deeper is none of ours. */
  private static final int DEEPEST = 16;

  private StoredFolders() {}

  /**
   * Writes a folder's files, which must not be there yet.
   *
   * @param name of the copy, which readers may see before it is whole
   */
  public static void upload(Path folder, Storage storage, String name) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted().toList()) {
        String copy = file.equals(folder) ? name : name + "/" + folder.relativize(file);
        if (Files.isDirectory(file)) {
          storage.makeFolders(copy);
        } else {
          storage.write(copy, out -> Files.copy(file, out));
        }
      }
    }
  }

  /**
   * Copies a file, or a folder with all that is in it, over what is here.
   *
   * @param name in the storage; empty for all of it
   * @param target the copy of the storage's root
   * @param wanted which files and folders below {@code name} are copied, by their names
   * @throws NoSuchFileException if there is nothing of that name
   */
  public static void download(Storage storage, String name, Path target, Predicate<String> wanted)
      throws IOException {
    download(storage, name, target, wanted, 0);
  }

  private static void download(
      Storage storage, String name, Path target, Predicate<String> wanted, int depth)
      throws IOException {
    if (depth > DEEPEST) {
      throw new IOException(storage.place(name) + " is too deep");
    }
    if (!storage.isFolder(name)) {
      Path file = target.resolve(name);
      Files.createDirectories(file.getParent());
      try (StoredFile stored = storage.open(name)) {
        Files.copy(stored.bytes(), file, StandardCopyOption.REPLACE_EXISTING);
      }
      return;
    }
    for (String entry : storage.list(name)) {
      String below = name.isEmpty() ? entry : name + "/" + entry;
      if (wanted.test(below)) {
        download(storage, below, target, wanted, depth + 1);
      }
    }
  }

  /** Whether a name's last part has no dot at its beginning: such are files being written. */
  public static boolean isShown(String name) {
    return !StorageName.last(name).startsWith(".");
  }
}
