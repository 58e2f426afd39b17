package dev.zone.jobs.run;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Held while an application works on a run's folder, on the file {@code run.lock}. The operating
 * system lets go of it when the process ends, however it ends: no run is locked by the dead.
 */
public final class RunLock implements AutoCloseable {
  /** Another application works on the run; its records are not this one's to write. */
  public static final class HeldException extends ZoneException {
    private static final long serialVersionUID = 1L;

    private HeldException(Path folder) {
      super(
          ErrorKind.USER,
          "Cannot work on run: " + folder + " (expected one that no other application works on)");
    }
  }

  private static final long LOOK_NANOS = 100_000_000L;

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws HeldException (user) if another application works on the run
   * @throws ZoneException (environment) if the file cannot be made
   */
  public static RunLock take(RunFolder folder) {
    Path file = folder.resolve("run.lock");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new HeldException(folder.path());
      }
      return new RunLock(channel);
    } catch (IOException e) {
      throw ZoneException.environment("Cannot lock file: " + file + " (" + e.getMessage() + ")", e);
    }
  }

  /**
   * As {@link #take}, but waits for another application to end: one whose launch was superseded
   * does so within moments.
   */
  public static RunLock takeWithin(RunFolder folder, Duration patience) {
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        return take(folder);
      } catch (HeldException e) {
        if (System.nanoTime() > until) {
          throw e;
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw ZoneException.environment("Cannot release the run's lock", e);
    }
  }
}
