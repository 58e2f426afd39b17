package dev.zone.datasets.format;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes that are written once, one after another, and then read from anywhere: in memory if they
 * are few, else in a temporary file, which is gone when it is closed.
 */
final class Spool implements Closeable {
  /** Of the file that is seen at once. */
  private static final long WINDOW = 1L << 30;

  private final int mostHeld;
  private final long most;
  private byte[] held = new byte[1 << 12];
  private long size;
  private FileChannel file;
  private final List<ByteBuffer> windows = new ArrayList<>();

  /**
   * @param limits in memory are a chunk's bytes, in the file an archive's
   */
  Spool(Limits limits) {
    this.mostHeld = limits.chunkBytes();
    this.most = limits.archiveBytes();
  }

  long size() {
    return size;
  }

  /**
   * Adds bytes, before any is read.
   *
   * @throws FormatException if they are more than the limits allow
   */
  void write(byte[] bytes, int count) throws IOException {
    if (size + count > most) {
      throw new FormatException(
          "Cannot unpack file: to more than %d bytes (expected at most that)".formatted(most));
    }
    if (file == null && size + count > mostHeld) {
      Path path = Files.createTempFile("zone-unpacked", ".bin");
      file =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      append(held, (int) size);
      held = new byte[0];
    }
    if (file != null) {
      append(bytes, count);
    } else {
      if (size + count > held.length) {
        held = Arrays.copyOf(held, (int) Math.min(mostHeld, Math.max(size + count, 2 * size)));
      }
      System.arraycopy(bytes, 0, held, (int) size, count);
    }
    size += count;
  }

  private void append(byte[] bytes, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
    while (buffer.hasRemaining()) {
      int unused = file.write(buffer);
    }
  }

  /** Reads bytes that were written, from a place on. */
  void read(long at, byte[] into, int count) throws IOException {
    if (file == null) {
      System.arraycopy(held, (int) at, into, 0, count);
      return;
    }
    for (long first = windows.size() * WINDOW; first < size; first += WINDOW) {
      windows.add(file.map(FileChannel.MapMode.READ_ONLY, first, Math.min(WINDOW, size - first)));
    }
    for (int done = 0; done < count; ) {
      ByteBuffer window = windows.get((int) ((at + done) / WINDOW));
      int from = (int) ((at + done) % WINDOW);
      int length = Math.min(count - done, window.capacity() - from);
      window.get(from, into, done, length);
      done += length;
    }
  }

  @Override
  public void close() throws IOException {
    windows.clear();
    if (file != null) {
      file.close();
    }
  }
}
