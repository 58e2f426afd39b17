package dev.zone.jobs.checkpoint;

import dev.zone.datasets.storage.Storage;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;

/** A local storage that fails when it is told to. */
final class FaultyStorage implements Storage {
  private final Storage storage;
  private long roomBytes = Long.MAX_VALUE;
  private Rename rename = Rename.WORKS;
  private boolean loseAtFailure;
  private boolean deletes = true;
  private boolean lost;

  FaultyStorage(Storage storage) {
    this.storage = storage;
  }

  /** How renaming goes. */
  enum Rename {
    WORKS,
    FAILS_BEFORE,
    FAILS_AFTER
  }

  /** The disk is full after so many bytes more. */
  FaultyStorage withRoomFor(long bytes) {
    roomBytes = bytes;
    return this;
  }

  FaultyStorage withRename(Rename how) {
    rename = how;
    return this;
  }

  /** From the first failure on, nothing answers. */
  FaultyStorage losingItAtTheFirstFailure() {
    loseAtFailure = true;
    return this;
  }

  FaultyStorage thatDeletesNothing() {
    deletes = false;
    return this;
  }

  /** All is well again. */
  FaultyStorage mended() {
    lost = false;
    return withRoomFor(Long.MAX_VALUE).withRename(Rename.WORKS);
  }

  @Override
  public List<String> list(String folder) throws IOException {
    return answering().list(folder);
  }

  @Override
  public boolean exists(String name) throws IOException {
    return answering().exists(name);
  }

  @Override
  public boolean isFolder(String name) throws IOException {
    return answering().isFolder(name);
  }

  @Override
  public StoredFile open(String name, long from) throws IOException {
    return answering().open(name, from);
  }

  @Override
  public void create(String name, byte[] content) throws IOException {
    answering().create(name, content);
  }

  @Override
  public void replace(String name, byte[] content) throws IOException {
    answering().replace(name, content);
  }

  @Override
  public void write(String name, Content content) throws IOException {
    answering().write(name, out -> content.writeTo(new Limited(out)));
  }

  @Override
  public void append(String name, byte[] content) throws IOException {
    answering().append(name, content);
  }

  @Override
  public void makeFolders(String folder) throws IOException {
    answering().makeFolders(folder);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    if (rename == Rename.FAILS_BEFORE) {
      throw failure("the connection was cut");
    }
    answering().rename(from, to);
    if (rename == Rename.FAILS_AFTER) {
      throw failure("no answer within 60 s");
    }
  }

  @Override
  public void deleteTree(String name) throws IOException {
    if (!deletes) {
      throw new IOException("deleting is not allowed");
    }
    answering().deleteTree(name);
  }

  @Override
  public Instant modified(String name) throws IOException {
    return answering().modified(name);
  }

  @Override
  public Storage below(String folder) {
    return storage.below(folder);
  }

  @Override
  public String place(String name) {
    return storage.place(name);
  }

  @Override
  public void close() throws IOException {
    storage.close();
  }

  private Storage answering() throws IOException {
    if (lost) {
      throw new IOException("the storage does not answer");
    }
    return storage;
  }

  private IOException failure(String message) {
    lost = loseAtFailure;
    return new IOException(message);
  }

  private final class Limited extends FilterOutputStream {
    Limited(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      int fits = (int) Math.min(roomBytes, count);
      out.write(bytes, offset, fits);
      roomBytes -= fits;
      if (fits < count) {
        throw failure("No space left on device");
      }
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }
  }
}
