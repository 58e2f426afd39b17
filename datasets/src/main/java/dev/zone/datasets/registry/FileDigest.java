package dev.zone.datasets.registry;

import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.storage.FolderFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** SHA-256 of a file, which of a large one can be found while others read its rows. */
final class FileDigest {
  /** Smaller files are read sooner than a thread is started. */
  static final long LARGE = 32 << 20;

  private final Path file;
  private final Reading reading;
  private final CompletableFuture<String> sha256 = new CompletableFuture<>();
  private Thread finder;

  private interface Reading {
    String run() throws IOException;
  }

  private FileDigest(Path file, Reading reading) {
    this.file = file;
    this.reading = reading;
  }

  /** A digest that is there. */
  static FileDigest of(String sha256) {
    FileDigest digest = new FileDigest(Path.of(""), () -> sha256);
    digest.sha256.complete(sha256);
    return digest;
  }

  /**
   * The digest of a file: at once if the file is not large.
   *
   * @throws IOException if it cannot be read
   */
  static FileDigest of(Path file) throws IOException {
    return of(file, Files.size(file), () -> Digests.ofFile(file));
  }

  /** The digest of a folder: of the names and contents of its files. */
  static FileDigest of(Path folder, FolderFiles files) throws IOException {
    return of(folder, files.bytes(), () -> Digests.ofFolder(files));
  }

  private static FileDigest of(Path file, long bytes, Reading reading) throws IOException {
    return bytes < LARGE ? of(reading.run()) : new FileDigest(file, reading);
  }

  /** Whether nobody waits for it any more. */
  boolean isThere() {
    return sha256.isDone();
  }

  /** Begins to find it beside whatever else is done. */
  void begin() {
    if (finder == null && !isThere()) {
      finder = new Thread(this::find, "zone-digest");
      finder.setDaemon(true);
      finder.start();
    }
  }

  /** Nobody wants it any more. */
  void stop() {
    if (finder != null) {
      finder.interrupt();
    }
  }

  private void find() {
    try {
      sha256.complete(reading.run());
    } catch (IOException e) {
      sha256.completeExceptionally(
          new UncheckedIOException("Cannot read %s: %s".formatted(file, e.getMessage()), e));
    }
  }

  /**
   * Waits for it, or finds it now.
   *
   * @return hexadecimal
   * @throws ZoneException of the environment if the file cannot be read
   */
  String get() {
    if (finder == null && !isThere()) {
      find();
    }
    try {
      return sha256.join();
    } catch (CompletionException e) {
      throw ZoneException.environment(e.getCause().getMessage(), e);
    }
  }
}
