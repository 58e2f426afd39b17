package dev.zone.datasets.storage;

import dev.zone.conf.error.ZoneException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.Collections;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
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
  /** Those whose rename is one step, never in the place of what is there. */
  private static final Set<String> FILE_SYSTEMS =
      Set.of("file", "hdfs", "webhdfs", "swebhdfs", "ofs", "o3fs");

  /**
   * Azure's, whose rename is one step if it has folders at all, and then it has their rights too.
   */
  private static final Set<String> WITH_FOLDERS_OR_WITHOUT = Set.of("abfs", "abfss");

  private static final String RIGHTS = "fs.capability.paths.acls";

  /** A mount table: what is behind it counts. */
  private static final Set<String> MOUNTS = Set.of("viewfs", "viewfsOverloadScheme");

  /** Hadoop's name for the condition, as an option and as a capability. */
  private static final String ABSENT = "fs.option.create.conditional.overwrite";

  /** Says whose an object is: the answer to who made it may be lost, and the client asks again. */
  private static final String WRITER = "zone-writer";

  /** What Hadoop's client says if the condition was not met, by its name: it need not be there. */
  private static final Set<String> NOT_MET =
      Set.of("RemoteFileChangedException", "FileAlreadyExistsException");

  /** Clients whose stores were seen to heed the condition. */
  private static final Set<FileSystem> HEEDING =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private ObjectStore() {}

  /**
   * Whether a client is one of an object store, or of something that is not known.
   *
   * @param root that the client is for; need not be there
   */
  static boolean is(FileSystem files, Path root) throws IOException {
    String scheme = String.valueOf(files.getUri().getScheme());
    if (MOUNTS.contains(scheme)) {
      scheme = String.valueOf(mounted(files, root).toUri().getScheme());
    }
    if (WITH_FOLDERS_OR_WITHOUT.contains(scheme)) {
      return !files.hasPathCapability(root, RIGHTS);
    }
    return !FILE_SYSTEMS.contains(scheme);
  }

  /** Where a path, or what is there of it, really is. */
  private static Path mounted(FileSystem files, Path path) throws IOException {
    try {
      return files.resolvePath(path);
    } catch (FileNotFoundException e) {
      if (path.getParent() == null) {
        throw e;
      }
      return mounted(files, path.getParent());
    }
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
    FSDataOutputStream out = files.create(path, true);
    write(out, content);
    out.close();
  }

  /** Closing would make an object of what was written, so half of it is given up instead. */
  private static void write(FSDataOutputStream out, byte[] content) throws IOException {
    try {
      out.write(content);
    } catch (IOException | RuntimeException e) {
      try {
        out.abort();
      } catch (RuntimeException unable) {
        e.addSuppressed(unable);
      }
      throw e;
    }
  }

  private static void put(FileSystem files, Path path, byte[] content) throws IOException {
    String writer = UUID.randomUUID().toString();
    FSDataOutputStreamBuilder<?, ?> builder = files.createFile(path);
    builder.create();
    builder.overwrite(true);
    builder.must(ABSENT, true);
    builder.opt("fs.s3a.create.header." + WRITER, writer);
    FSDataOutputStream out = builder.build();
    write(out, content);
    try {
      out.close();
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
   * whether this one does is tried, once for each client.
   *
   * @param folder where it may be tried
   * @throws ZoneException of the user's if the store cannot be relied on
   */
  static void requireHeeding(FileSystem files, Path folder) throws IOException {
    String store = files.getUri().toString();
    if (!files.hasPathCapability(folder, ABSENT)) {
      throw refused(
          store, "its client does not make files on condition that there is none of their name");
    }
    if (HEEDING.contains(files)) {
      return;
    }
    Path probe = new Path(folder, StorageName.begun("probe"));
    try {
      put(files, probe, new byte[] {1});
      put(files, probe, new byte[] {2});
      throw refused(store, "it put a file in the place of another although it was told not to");
    } catch (FileAlreadyExistsException e) {
      if (!isNotMet(e.getCause())) {
        throw new IOException("It cannot be told whether it heeds conditions", e.getCause());
      }
      HEEDING.add(files);
    } finally {
      files.delete(probe, false);
    }
  }

  private static boolean isNotMet(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (NOT_MET.contains(each.getClass().getSimpleName())) {
        return true;
      }
    }
    return false;
  }

  private static ZoneException refused(String store, String why) {
    return ZoneException.user(
        "Cannot commit to the object store: %s: %s, so that what one writer commits another could lose (expected a store that heeds If-None-Match, with fs.s3a.create.conditional.enabled, a disk or HDFS)"
            .formatted(store, why));
  }
}
