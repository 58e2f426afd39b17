package dev.zone.datasets.storage;

import dev.zone.conf.error.ZoneException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A file by its place: a path of a file system that is mounted here, or a URI of a storage that is
 * not, such as {@code hdfs://namenode:8020/lots/4711.csv}. A folder that is mounted here may stand
 * for a file too: {@link #files}. Used by one thread.
 */
public final class PlacedFile implements Closeable {
  private static final Pattern DISTANT = Pattern.compile("(?!file:)[A-Za-z][A-Za-z0-9+.-]+://.+");

  private final String place;
  private final String name;
  private final Optional<Path> mounted;
  private final Function<String, Storage> storages;
  private Storage storage;
  private Path copy;

  private PlacedFile(
      String place, String name, Optional<Path> mounted, Function<String, Storage> storages) {
    this.place = place;
    this.name = name;
    this.mounted = mounted;
    this.storages = storages;
  }

  /** A file of a file system that is mounted here. */
  public static PlacedFile of(Path path) {
    return new PlacedFile(
        path.toString(),
        String.valueOf(path.getFileName()),
        Optional.of(path),
        none -> {
          throw new IllegalArgumentException("a mounted file is in no storage");
        });
  }

  /**
   * The file at a place.
   *
   * @param storages opens a folder of a storage that is not mounted, by its URI
   */
  public static PlacedFile of(String place, Function<String, Storage> storages) {
    if (!isDistant(place)) {
      return of(Path.of(place));
    }
    return new PlacedFile(
        place, place.substring(place.lastIndexOf('/') + 1), Optional.empty(), storages);
  }

  /** Whether a place is one of a storage that is not mounted. */
  public static boolean isDistant(String place) {
    return DISTANT.matcher(place).matches();
  }

  /** As it was given. */
  public String place() {
    return place;
  }

  /** Without its folder. */
  public String name() {
    return name;
  }

  /** Where it is, if it is on a file system that is mounted here. */
  public Optional<Path> mounted() {
    return mounted;
  }

  /** Whether there is a file. */
  public boolean isFile() throws IOException {
    return mounted.isPresent()
        ? Files.isRegularFile(mounted.get())
        : !name.isEmpty() && storage().exists(name) && !storage().isFolder(name);
  }

  /** Whether there is a folder, here or in a storage that is not mounted. */
  public boolean isFolder() throws IOException {
    if (mounted.isPresent()) {
      return mounted.get().getFileName() != null && Files.isDirectory(mounted.get());
    }
    return name.isEmpty() || storage().isFolder(name);
  }

  /** The files of a folder that is mounted here, as they are now. */
  public FolderFiles files() throws IOException {
    return FolderFiles.of(mounted.orElseThrow());
  }

  /** Bytes of it, or of the files of a mounted folder. */
  public long size() throws IOException {
    if (mounted.isPresent()) {
      return isFolder() ? files().bytes() : Files.size(mounted.get());
    }
    try (Storage.StoredFile file = storage().open(name)) {
      return file.size();
    }
  }

  /** Size and time of change: another one if it is another file; of a folder of all its files. */
  public String stamp() throws IOException {
    if (mounted.isPresent() && isFolder()) {
      return files().stamp();
    }
    if (mounted.isPresent()) {
      BasicFileAttributes attributes =
          Files.readAttributes(mounted.get(), BasicFileAttributes.class);
      return attributes.size() + " " + attributes.lastModifiedTime();
    }
    return size() + " " + storage().modified(name);
  }

  /**
   * Its bytes; the caller closes it.
   *
   * @param from how many to leave out
   * @throws NoSuchFileException if it is not there
   */
  public InputStream open(long from) throws IOException {
    if (mounted.isPresent()) {
      FileChannel channel = FileChannel.open(mounted.get(), StandardOpenOption.READ);
      return Channels.newInputStream(channel.position(from));
    }
    return storage().open(name, from).bytes();
  }

  /** The file itself, or a copy that is on this machine's disk until this is closed. */
  public Path local() throws IOException {
    if (mounted.isPresent()) {
      return mounted.get();
    }
    if (copy == null) {
      Path folder = Files.createTempDirectory("zone-feed-");
      copy = folder.resolve(name);
      try (InputStream in = open(0)) {
        Files.copy(in, copy);
      }
    }
    return copy;
  }

  private Storage storage() {
    if (storage == null) {
      storage = storages.apply(place.substring(0, place.lastIndexOf('/') + 1));
    }
    return storage;
  }

  /**
   * @throws ZoneException of the environment if a copy cannot be removed
   */
  @Override
  public void close() {
    try {
      if (copy != null) {
        Files.deleteIfExists(copy);
        Files.deleteIfExists(copy.getParent());
        copy = null;
      }
      if (storage != null) {
        storage.close();
        storage = null;
      }
    } catch (IOException e) {
      throw ZoneException.environment("Cannot let go of %s: %s".formatted(place, e), e);
    }
  }

  @Override
  public String toString() {
    return place;
  }
}
