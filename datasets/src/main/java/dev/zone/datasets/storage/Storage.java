package dev.zone.datasets.storage;

import dev.zone.conf.error.ZoneException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files and folders below one root. Names are relative to it, with {@code /} between segments of
 * letters, digits, inner blanks and {@code . _ = - @ + , ( )}; the empty name is the root; every
 * other name is refused with a {@link ZoneException}, so that no name leaves the root.
 *
 * <p>May be used by several threads. Errors of one kind are told alike by all storages: {@link
 * java.nio.file.NoSuchFileException} for what is not there, {@link
 * java.nio.file.FileAlreadyExistsException} for what is there already; any other {@link
 * IOException} says nothing about what is there.
 */
public interface Storage extends Closeable {

  /** Names of a folder's entries, sorted; none if there is no such folder. */
  List<String> list(String folder) throws IOException;

  /**
   * @throws IOException if that cannot be told; never a guess
   */
  boolean exists(String name) throws IOException;

  /**
   * Whether there is a folder of that name.
   *
   * @throws IOException if that cannot be told; never a guess
   */
  boolean isFolder(String name) throws IOException;

  /** A file from its beginning; the caller closes it. */
  default StoredFile open(String name) throws IOException {
    return open(name, 0);
  }

  /**
   * A file from some place on; the caller closes it.
   *
   * @param from how many of its bytes to leave out; beyond its end there is nothing
   */
  StoredFile open(String name, long from) throws IOException;

  /**
   * Writes a new file. When this returns it is on disk, not only in a buffer. If it throws, a part
   * of the file may be left.
   */
  void write(String name, Content content) throws IOException;

  /**
   * Makes a small file, durably and at once: a reader sees it complete or not at all, and of
   * several that make one of a name only one succeeds.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is one of that name
   * @throws ZoneException of the user's if this is an object store that cannot promise it
   */
  void create(String name, byte[] content) throws IOException;

  /**
   * Makes sure that {@link #create} keeps its promise here, before much is written that ends in it.
   *
   * @throws ZoneException of the user's if this is an object store that cannot promise it
   */
  default void requireCreation() throws IOException {
    // A disk and HDFS do.
  }

  /**
   * Puts a small file in the place of another, or makes it, at once: a reader sees the one or the
   * other complete. Who comes last wins.
   */
  void replace(String name, byte[] content) throws IOException;

  /**
   * Adds to the end of a file, which is made if it is not there. Only one writer at a time may add
   * to a file; a reader may see a part of what is added. If it throws, a part may have been added.
   */
  void append(String name, byte[] content) throws IOException;

  /** Makes a folder and those above it, the root included, as far as they are missing. */
  void makeFolders(String folder) throws IOException;

  /**
   * Gives a folder another name, durably and at once: a reader sees it complete or not at all,
   * except on object stores, see the package. Never replaces anything. If it throws something other
   * than {@code FileAlreadyExistsException} or {@code NoSuchFileException}, it may have happened
   * all the same.
   */
  void rename(String from, String to) throws IOException;

  /** Whether {@link #rename} does what it says; not on object stores. */
  default boolean renamesAtOnce() throws IOException {
    return true;
  }

  /**
   * Removes a file, or a folder with all that is in it, without following links; nothing if it is
   * not there. A folder whose name does not begin with a dot is gone at once for whoever looks,
   * except on object stores, see the package.
   */
  void deleteTree(String name) throws IOException;

  /**
   * When a file was last changed, by the clock of the storage.
   *
   * @throws java.nio.file.NoSuchFileException if it is not there
   */
  Instant modified(String name) throws IOException;

  /**
   * A folder of this storage as a storage of its own, on the same connection: closing it does
   * nothing.
   */
  Storage below(String folder);

  /** Where it is, for people. */
  String place(String name);

  /** The file itself, where it is on a file system that is mounted here. */
  default Optional<Path> mounted(String name) {
    return Optional.empty();
  }

  /**
   * A file's bytes.
   *
   * @param size how many there are in the file, as the storage says
   * @param bytes from the place asked for; may end early or go on beyond the size if the file
   *     changes
   */
  record StoredFile(long size, InputStream bytes) implements Closeable {
    @Override
    public void close() throws IOException {
      bytes.close();
    }
  }

  /** What is to be in a file. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** A folder of a local disk, or of a file system that the operating system has mounted. */
  static Storage local(Path root) {
    return new LocalStorage(root);
  }

  /**
   * The storage that a URI's scheme names: none or {@code file} for a local folder, any other for
   * Hadoop's client, which takes what a {@code core-site.xml} on the class path says.
   *
   * @param root a folder; need not be there yet
   * @param hadoopProperties set over what the client's files say; for local folders without effect
   * @throws ZoneException (user) if the URI names no storage, (environment) if it cannot be reached
   */
  static Storage of(URI root, Map<String, String> hadoopProperties) {
    return of(root, hadoopProperties, List.of());
  }

  /**
   * As {@link #of(URI, Map)}, for a client whose files are not on the class path.
   *
   * @param hadoopFiles such as a {@code core-site.xml}; later ones over earlier ones
   */
  static Storage of(URI root, Map<String, String> hadoopProperties, List<Path> hadoopFiles) {
    String scheme = root.getScheme();
    if (scheme != null && !scheme.equalsIgnoreCase("file")) {
      return PlainErrors.of(HadoopStorage.open(root, hadoopProperties, hadoopFiles));
    }
    if (root.getPath() == null || root.getPath().isEmpty() || root.getAuthority() != null) {
      throw ZoneException.user(
          "Cannot use storage: " + root + " (expected a folder, such as file:/data/zone)");
    }
    return new LocalStorage(Path.of(root.getPath()));
  }
}
