package dev.zone.launcher.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process of a cluster, with its log. */
public final class Daemon {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Process process;
  private final Path log;

  Daemon(List<String> command, Map<String, String> environment, Path log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(log.getParent().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    this.process = builder.start();
    this.log = log;
  }

  /** Waits until the log says something. */
  public void await(String text) throws IOException {
    long until = System.nanoTime() + LIMIT_NANOS;
    while (!Files.readString(log).contains(text)) {
      if (!process.isAlive() || System.nanoTime() > until) {
        throw new IOException("Cannot find '" + text + "' in the log:\n" + Files.readString(log));
      }
      LockSupport.parkNanos(10_000_000L);
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Kills it and all that it started, as a machine that loses power does. */
  public void kill() {
    List<ProcessHandle> all = process.descendants().toList();
    process.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Kills it alone. */
  public void killAlone() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }
}
