package dev.zone.jobs.run;

import dev.zone.datasets.storage.Storage;
import dev.zone.datasets.storage.Storage.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps copies on a storage of files that grow on this machine, at most a second old. */
public final class Mirror implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Mirror.class);

  /** More goes over in parts. */
  private static final int MOST_AT_ONCE = 4 << 20;

  private final Storage storage;
  private final CountDownLatch end = new CountDownLatch(1);

  // Guarded by this.
  private final Map<String, Growing> files = new LinkedHashMap<>();

  /**
   * @param storage that has the copies
   */
  public Mirror(Storage storage) {
    this.storage = storage;
  }

  private static final class Growing {
    private final Path file;

    /** Bytes of the file that the copy has. */
    private long copied;

    /** Bytes that the copy had before the file's first; unknown if negative. */
    private long before;

    private boolean inDoubt;

    Growing(Path file, long copied) {
      this.file = file;
      this.copied = copied;
      this.before = -1;
    }
  }

  /** Follows a file of which the copy has what is there now. */
  synchronized void follow(String name, Path file) {
    files.put(name, new Growing(file, file.toFile().length()));
  }

  /** Follows a file that is put behind what the copy has. */
  public synchronized void followFromTheStart(String name, Path file) {
    files.put(name, new Growing(file, 0));
  }

  /** Copies from now on. */
  public void start() {
    Thread copies = new Thread(this::copyUntilTheEnd, "record-copies");
    copies.setDaemon(true);
    copies.start();
  }

  private void copyUntilTheEnd() {
    try {
      while (!end.await(1, TimeUnit.SECONDS)) {
        try {
          flush();
        } catch (IOException e) {
          LOG.warn("Cannot copy to {}: the next try is in a second", storage.place(""), e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Copies what is not copied yet. */
  synchronized void flush() throws IOException {
    for (Map.Entry<String, Growing> each : files.entrySet()) {
      copy(each.getKey(), each.getValue());
    }
  }

  private void copy(String name, Growing growing) throws IOException {
    if (!Files.exists(growing.file)) {
      return;
    }
    if (growing.before < 0 || growing.inDoubt) {
      lookAtCopy(name, growing);
    }
    try (FileChannel channel = FileChannel.open(growing.file, StandardOpenOption.READ);
        InputStream in = Channels.newInputStream(channel.position(growing.copied))) {
      byte[] part = in.readNBytes(MOST_AT_ONCE);
      while (part.length > 0) {
        growing.inDoubt = true;
        makeFolder(name, growing);
        storage.append(name, part);
        growing.copied += part.length;
        growing.inDoubt = false;
        part = in.readNBytes(MOST_AT_ONCE);
      }
    }
  }

  private void makeFolder(String name, Growing growing) throws IOException {
    int slash = name.lastIndexOf('/');
    if (slash > 0 && growing.copied == 0) {
      storage.makeFolders(name.substring(0, slash));
    }
  }

  /** An addition that failed may have been made in part. */
  private void lookAtCopy(String name, Growing growing) throws IOException {
    long size = 0;
    try (StoredFile copy = storage.open(name)) {
      size = copy.size();
    } catch (NoSuchFileException e) {
      // Nothing is copied yet.
      size = 0;
    }
    if (growing.before < 0) {
      growing.before = size - growing.copied;
    }
    growing.copied = Math.max(0, size - growing.before);
    growing.inDoubt = false;
  }

  /** Copies the rest, as far as the storage can be reached. */
  @Override
  public void close() {
    end.countDown();
    try {
      flush();
    } catch (IOException e) {
      LOG.warn("Cannot copy the rest to {}", storage.place(""), e);
    }
  }
}
