package dev.zone.datasets.storage;

import dev.zone.conf.error.ZoneException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What an object store does at once: it makes one object, or puts it in the place of another. What
 * its client calls a rename copies objects and removes the old ones, and may put them in the place
 * of what another made meanwhile, so nothing is made by renaming here: an object is made only if
 * there is none of its name, by a condition that goes along with its bytes.
 */
final class ObjectStore {
  /** Clients whose rename copies. */
  private static final Set<String> SCHEMES =
      Set.of("s3a", "s3", "s3n", "gs", "wasb", "wasbs", "oss", "cosn", "obs", "swift");

  /** Hadoop's name for the condition, as an option and as a capability. */
  private static final String ABSENT = "fs.option.create.conditional.overwrite";

  /** Says whose an object is: the answer to who made it may be lost, and the client asks again. */
  private static final String WRITER = "zone-writer";

  /** Those of which this process knows that they heed the condition. */
  private static final Set<String> HEEDING = ConcurrentHashMap.newKeySet();

  private ObjectStore() {}

  static boolean is(FileSystem files) {
    return SCHEMES.contains(String.valueOf(files.getUri().getScheme()));
  }

  /**
   * Makes an object.
   *
   * @throws FileAlreadyExistsException if there is one
   * @throws ZoneException of the user's if the store cannot be relied on to tell
   */
  static void create(FileSystem files, Path path, byte[] content) throws IOException {
    requireHeeding(files, path.getParent());
    put(files, path, content);
  }

  /** Puts an object in the place of another, or makes it. */
  static void replace(FileSystem files, Path path, byte[] content) throws IOException {
    try (FSDataOutputStream out = files.create(path, true)) {
      out.write(content);
    }
  }

  private static void put(FileSystem files, Path path, byte[] content) throws IOException {
    String writer = UUID.randomUUID().toString();
    FSDataOutputStreamBuilder<?, ?> builder = files.createFile(path);
    builder.create();
    builder.overwrite(true);
    builder.must(ABSENT, true);
    builder.opt("fs.s3a.create.header." + WRITER, writer);
    try (FSDataOutputStream out = builder.build()) {
      out.write(content);
    } catch (IOException e) {
      if (!writer.equals(writer(files, path, e))) {
        FileAlreadyExistsException there = new FileAlreadyExistsException(path.toString());
        there.initCause(e);
        throw there;
      }
    }
  }

  /**
   * Whose an object is that could not be made.
   *
   * @param failed why it could not; thrown if there is none, or if that cannot be told
   */
  private static String writer(FileSystem files, Path path, IOException failed) throws IOException {
    try {
      byte[] writer = files.getXAttrs(path).get("header." + WRITER);
      return writer == null ? "" : new String(writer, StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      throw failed;
    } catch (IOException e) {
      failed.addSuppressed(e);
      throw failed;
    }
  }

  /**
   * Stores that do not know the condition put one object in the place of another without a word:
   * whether this one does is tried, once a process.
   *
   * @param folder where it may be tried
   * @throws ZoneException of the user's if the store cannot be relied on
   */
  static void requireHeeding(FileSystem files, Path folder) throws IOException {
    String store = files.getUri().toString();
    if (HEEDING.contains(store)) {
      return;
    }
    if (!files.hasPathCapability(folder, ABSENT)) {
      throw refused(
          store, "its client does not make files on condition that there is none of their name");
    }
    Path probe = new Path(folder, StorageName.begun("probe"));
    try {
      put(files, probe, new byte[] {1});
      put(files, probe, new byte[] {2});
      throw refused(store, "it put a file in the place of another although it was told not to");
    } catch (FileAlreadyExistsException e) {
      HEEDING.add(store);
    } finally {
      files.delete(probe, false);
    }
  }

  private static ZoneException refused(String store, String why) {
    return ZoneException.user(
        "Cannot commit to the object store: %s: %s, so that what one writer commits another could lose (expected a store that heeds If-None-Match, with fs.s3a.create.conditional.enabled, a disk or HDFS)"
            .formatted(store, why));
  }
}
