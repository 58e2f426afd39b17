package dev.zone.datasets.prepare;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** One key's folder in the cache: whole or not there. */
final class PreparedFolder {
  private final Path cache;
  private final Path folder;

  PreparedFolder(Path cache, String key) {
    this.cache = cache;
    this.folder = cache.resolve(key);
  }

  /** Fills a folder; false if it is not to be kept. */
  interface Filling {
    boolean fill(Path folder) throws IOException;
  }

  /** What is there; empty if it is not or, after a crash of the machine, not whole. */
  Optional<PreparedData> open() {
    if (!Files.isRegularFile(folder.resolve(PreparedData.MANIFEST))) {
      return Optional.empty();
    }
    try {
      return Optional.of(PreparedData.open(folder));
    } catch (ZoneException e) {
      delete(folder);
      return Optional.empty();
    }
  }

  /**
   * Fills a temporary folder and gives it its name.
   *
   * @param bytes that will be written at least
   */
  Optional<PreparedData> write(Filling filling, long bytes) {
    Path temporary = temporary(bytes);
    try {
      if (!filling.fill(temporary)) {
        return Optional.empty();
      }
      publish(temporary);
    } catch (IOException e) {
      throw failed(e);
    } finally {
      delete(temporary);
    }
    return Optional.of(PreparedData.open(folder));
  }

  private Path temporary(long bytes) {
    try {
      Files.createDirectories(cache);
      long free = Files.getFileStore(cache).getUsableSpace();
      if (free < bytes) {
        throw new ZoneException(
            ErrorKind.ENVIRONMENT,
            "Cannot write prepared data to %s: %d MiB are free (expected %d MiB)"
                .formatted(cache, free >> 20, (bytes >> 20) + 1));
      }
      return Files.createTempDirectory(cache, ".preparing-");
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** This rename publishes the data: readers see all of it or nothing. */
  private void publish(Path temporary) throws IOException {
    try {
      Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // Somebody else wrote the same key meanwhile: theirs is as good as ours.
      if (!Files.isRegularFile(folder.resolve(PreparedData.MANIFEST))) {
        throw e;
      }
    }
  }

  private ZoneException failed(IOException e) {
    String how = e instanceof AccessDeniedException ? "no permission to write" : e.getMessage();
    return new ZoneException(
        ErrorKind.ENVIRONMENT, "Cannot write prepared data to %s: %s".formatted(cache, how), e);
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, IOException e) throws IOException {
              Files.delete(each);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new ZoneException(
          ErrorKind.ENVIRONMENT, "Cannot delete %s: %s".formatted(folder, e.getMessage()), e);
    }
  }
}
