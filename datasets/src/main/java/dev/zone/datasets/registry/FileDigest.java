package dev.zone.datasets.registry;

import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** SHA-256 of a file, which of a large one is found while others read its rows. */
final class FileDigest {
  /** Smaller files are read sooner than a thread is started. */
  static final long LARGE = 32 << 20;

  private final CompletableFuture<String> sha256;

  private FileDigest(CompletableFuture<String> sha256) {
    this.sha256 = sha256;
  }

  /** A digest that is there. */
  static FileDigest of(String sha256) {
    return new FileDigest(CompletableFuture.completedFuture(sha256));
  }

  /**
   * The digest of a file.
   *
   * @throws IOException if it cannot be read, and is not large
   */
  static FileDigest of(Path file) throws IOException {
    if (Files.size(file) < LARGE) {
      return of(Digests.ofFile(file));
    }
    return new FileDigest(
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Digests.ofFile(file);
              } catch (IOException e) {
                throw new UncheckedIOException(
                    "Cannot read %s: %s".formatted(file, e.getMessage()), e);
              }
            },
            work -> {
              Thread thread = new Thread(work, "zone-digest");
              thread.setDaemon(true);
              thread.start();
            }));
  }

  /** Whether nobody waits for it any more. */
  boolean isThere() {
    return sha256.isDone();
  }

  /**
   * Waits for it.
   *
   * @return hexadecimal
   * @throws ZoneException of the environment if the file cannot be read
   */
  String get() {
    try {
      return sha256.join();
    } catch (CompletionException e) {
      throw ZoneException.environment(e.getCause().getMessage(), e);
    }
  }
}
