package dev.zone.launcher.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A small file system in memory that can be filled, emptied, and made read-only. */
final class Disk implements AutoCloseable {
  private static final int MEBIBYTES = 16;
  private static final int TRIES = 400;

  private final Path folder;
  private Optional<OutputStream> filler = Optional.empty();

  private Disk(Path folder) {
    this.folder = folder;
  }

  /**
   * Mounts it.
   *
   * @throws IOException if this user may not mount
   */
  static Disk mount(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    run(
        List.of(
            "mount", "-t", "tmpfs", "-o", "size=" + MEBIBYTES + "m", "tmpfs", folder.toString()));
    return new Disk(folder);
  }

  /** Whether this user may mount file systems. */
  static boolean isPossible(Path folder) {
    try (Disk disk = mount(folder)) {
      return Files.isDirectory(disk.folder);
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  Path folder() {
    return folder;
  }

  /**
   * Takes all the room there is, and what others give up later: a checkpoint that is thrown away
   * would make room for the next one.
   */
  void fill() throws IOException {
    OutputStream out = Files.newOutputStream(folder.resolve("filler"));
    synchronized (this) {
      filler = Optional.of(out);
    }
    takeRoom();
    Thread taking =
        new Thread(
            () -> {
              while (takeRoom()) {
                LockSupport.parkNanos(2_000_000L);
              }
            },
            "filler");
    taking.setDaemon(true);
    taking.start();
  }

  /** Whether there is still room to be taken, later. */
  private synchronized boolean takeRoom() {
    byte[] piece = new byte[4096];
    while (filler.isPresent()) {
      try {
        filler.get().write(piece);
      } catch (IOException full) {
        // What was wanted.
        return true;
      }
    }
    return false;
  }

  synchronized void empty() throws IOException {
    if (filler.isPresent()) {
      filler.get().close();
      filler = Optional.empty();
      Files.delete(folder.resolve("filler"));
    }
  }

  /** Between two writes: a file that is open for writing keeps the file system writable. */
  void makeReadOnly() throws IOException, InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      try {
        run(List.of("mount", "-o", "remount,ro", folder.toString()));
        return;
      } catch (IOException busy) {
        LockSupport.parkNanos(5_000_000L);
      }
    }
    throw new IOException("Cannot make read-only: " + folder);
  }

  void makeWritable() throws IOException, InterruptedException {
    run(List.of("mount", "-o", "remount,rw", folder.toString()));
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    empty();
    run(List.of("umount", "-l", folder.toString()));
  }
}
