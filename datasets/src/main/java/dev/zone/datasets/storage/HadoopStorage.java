package dev.zone.datasets.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.CommonConfigurationKeysPublic;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/**
 * A folder of any file system that Hadoop's client knows. How long it waits and how often it tries
 * again is what the client is configured with ({@code ipc.client.connect.max.retries} and its
 * like).
 */
final class HadoopStorage implements Storage {
  private final FileSystem files;
  private final Path root;
  private final boolean ownsConnection;

  private HadoopStorage(FileSystem files, Path root, boolean ownsConnection) {
    this.files = files;
    this.root = root;
    this.ownsConnection = ownsConnection;
  }

  static HadoopStorage open(
      URI uri, Map<String, String> properties, List<java.nio.file.Path> configurationFiles) {
    FileSystem files = HadoopClient.open(uri, properties, configurationFiles);
    return new HadoopStorage(files, files.makeQualified(new Path(uri)), true);
  }

  @Override
  public List<String> list(String folder) throws IOException {
    List<String> names = new ArrayList<>();
    try {
      RemoteIterator<FileStatus> entries = files.listStatusIterator(path(folder));
      while (entries.hasNext()) {
        names.add(entries.next().getPath().getName());
      }
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      // A disk has an error of its own for a folder that is removed while it is read.
      if (!exists(folder)) {
        return List.of();
      }
      throw e;
    }
    names.sort(null);
    return List.copyOf(names);
  }

  @Override
  public boolean exists(String name) throws IOException {
    return files.exists(path(name));
  }

  @Override
  public boolean isFolder(String name) throws IOException {
    try {
      return files.getFileStatus(path(name)).isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  @Override
  public StoredFile open(String name, long from) throws IOException {
    Path path = belowRoot(name);
    try {
      FileStatus status = files.getFileStatus(path);
      if (!status.isFile()) {
        throw new IOException("Cannot open: " + path + " (expected a file)");
      }
      if (from > status.getLen()) {
        return new StoredFile(status.getLen(), InputStream.nullInputStream());
      }
      FSDataInputStream in = files.open(path);
      try {
        in.seek(from);
        return new StoredFile(status.getLen(), in);
      } catch (IOException e) {
        in.close();
        throw e;
      }
    } catch (FileNotFoundException e) {
      throw missing(path, e);
    }
  }

  @Override
  public void write(String name, Content content) throws IOException {
    Path path = belowRoot(name);
    try (FSDataOutputStream out =
        files.create(
            path,
            FsPermission.getFileDefault().applyUMask(FsPermission.getUMask(files.getConf())),
            // Each block is forced to the data nodes' disks as it is closed, the last with the
            // file.
            EnumSet.of(CreateFlag.CREATE, CreateFlag.SYNC_BLOCK),
            bufferBytes(),
            files.getDefaultReplication(path),
            files.getDefaultBlockSize(path),
            null)) {
      content.writeTo(new Unclosed(out));
      if (out.hasCapability(StreamCapabilities.HSYNC)) {
        out.hsync();
      }
    } catch (org.apache.hadoop.fs.FileAlreadyExistsException e) {
      throw there(path, e);
    }
  }

  @Override
  public void create(String name, byte[] content) throws IOException {
    if (isObjectStore()) {
      ObjectStore.create(files, belowRoot(name), content);
      return;
    }
    String begun = begin(name, content);
    try {
      if (isOnDisk(path(begun))) {
        // Unlike a rename, a second name for a file is never put in the place of another file.
        Files.createLink(onDisk(belowRoot(name)), onDisk(path(begun)));
        files.delete(path(begun), false);
      } else {
        rename(begun, name);
      }
    } catch (IOException e) {
      files.delete(path(begun), false);
      throw e;
    }
  }

  @Override
  public void requireCreation() throws IOException {
    if (isObjectStore()) {
      ObjectStore.requireHeeding(files, root);
    }
  }

  private boolean isOnDisk(Path path) throws IOException {
    return "file".equals(files.resolvePath(path).toUri().getScheme());
  }

  /** Where on a mounted disk a file is or would be; its folder is there. */
  private java.nio.file.Path onDisk(Path path) throws IOException {
    return java.nio.file.Path.of(files.resolvePath(path.getParent()).toUri().getPath())
        .resolve(path.getName());
  }

  @Override
  public void replace(String name, byte[] content) throws IOException {
    if (isObjectStore()) {
      ObjectStore.replace(files, belowRoot(name), content);
      return;
    }
    String begun = begin(name, content);
    Path source = path(begun);
    Path target = belowRoot(name);
    try {
      if (files instanceof DistributedFileSystem hdfs) {
        hdfs.rename(source, target, Options.Rename.OVERWRITE);
        return;
      }
      if (files.rename(source, target)) {
        return;
      }
      // A rename that replaces nothing: between the two there is no file.
      files.delete(target, false);
      if (!files.rename(source, target)) {
        throw new IOException("Cannot replace: " + target + " (the storage refuses)");
      }
    } catch (IOException e) {
      files.delete(source, false);
      throw e;
    }
  }

  @Override
  public void append(String name, byte[] content) throws IOException {
    Path path = belowRoot(name);
    try (FSDataOutputStream out =
        files.exists(path) ? files.append(path) : files.create(path, false)) {
      out.write(content);
    } catch (UnsupportedOperationException e) {
      // An object store: the file is written anew.
      try (StoredFile before = open(name)) {
        byte[] old = before.bytes().readAllBytes();
        byte[] all = Arrays.copyOf(old, Math.addExact(old.length, content.length));
        System.arraycopy(content, 0, all, old.length, content.length);
        replace(name, all);
      }
    } catch (IOException e) {
      if (files instanceof DistributedFileSystem hdfs) {
        // Whoever wrote before may have died with the file open; the next try finds it closed.
        hdfs.recoverLease(path);
      }
      throw e;
    }
  }

  /** Writes what is to become a file of that name. */
  private String begin(String name, byte[] content) throws IOException {
    StorageName.below(name);
    String begun = StorageName.beside(name, StorageName.begun(StorageName.last(name)));
    write(begun, out -> out.write(content));
    return begun;
  }

  @Override
  public void makeFolders(String folder) throws IOException {
    if (!files.mkdirs(path(folder))) {
      throw new IOException("Cannot make folder: " + path(folder));
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Path source = belowRoot(from);
    Path target = belowRoot(to);
    try {
      if (files instanceof DistributedFileSystem hdfs) {
        hdfs.rename(source, target, Options.Rename.NONE);
        return;
      }
      // Elsewhere a rename onto a folder would move into it.
      if (files.exists(target)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      if (!files.rename(source, target)) {
        throw new IOException("Cannot rename: " + source + " (the storage refuses)");
      }
    } catch (org.apache.hadoop.fs.FileAlreadyExistsException e) {
      throw there(target, e);
    } catch (FileNotFoundException e) {
      throw missing(source, e);
    }
  }

  private boolean isObjectStore() throws IOException {
    return ObjectStore.is(files, root);
  }

  @Override
  public boolean renamesAtOnce() throws IOException {
    return !isObjectStore();
  }

  @Override
  public void deleteTree(String name) throws IOException {
    Path path = hidden(belowRoot(name));
    if (!files.delete(path, true) && files.exists(path)) {
      throw new IOException("Cannot delete: " + path + " (the storage refuses)");
    }
  }

  /**
   * Whoever looks while a folder is removed must not see a half of it. HDFS removes one at once. A
   * mounted disk goes through its files, so there it first gets a name that nobody looks at. An
   * object store would copy all of it for that, and promises nothing anyway.
   */
  private Path hidden(Path path) throws IOException {
    if (path.getName().startsWith(".")) {
      return path;
    }
    try {
      if (!isOnDisk(path) || !files.getFileStatus(path).isDirectory()) {
        return path;
      }
    } catch (FileNotFoundException e) {
      return path;
    }
    Path doomed = new Path(path.getParent(), StorageName.doomed(path.getName()));
    if (!files.rename(path, doomed)) {
      throw new IOException("Cannot delete: " + path + " (the storage refuses to rename it)");
    }
    return doomed;
  }

  @Override
  public Instant modified(String name) throws IOException {
    Path path = belowRoot(name);
    try {
      return Instant.ofEpochMilli(files.getFileStatus(path).getModificationTime());
    } catch (FileNotFoundException e) {
      throw missing(path, e);
    }
  }

  @Override
  public Storage below(String folder) {
    return new HadoopStorage(files, belowRoot(folder), false);
  }

  @Override
  public String place(String name) {
    return path(name).toString();
  }

  @Override
  public void close() throws IOException {
    if (ownsConnection) {
      files.close();
    }
  }

  private Path path(String name) {
    Path path = root;
    for (String segment : StorageName.segments(name)) {
      path = new Path(path, segment);
    }
    return path;
  }

  private Path belowRoot(String name) {
    StorageName.below(name);
    return path(name);
  }

  private int bufferBytes() {
    return files
        .getConf()
        .getInt(
            CommonConfigurationKeysPublic.IO_FILE_BUFFER_SIZE_KEY,
            CommonConfigurationKeysPublic.IO_FILE_BUFFER_SIZE_DEFAULT);
  }

  private static IOException missing(Path path, IOException cause) {
    NoSuchFileException failure = new NoSuchFileException(path.toString());
    failure.initCause(cause);
    return failure;
  }

  private static IOException there(Path path, IOException cause) {
    FileAlreadyExistsException failure = new FileAlreadyExistsException(path.toString());
    failure.initCause(cause);
    return failure;
  }
}
