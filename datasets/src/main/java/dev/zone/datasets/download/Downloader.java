package dev.zone.datasets.download;

import dev.zone.conf.HttpAddresses;
import dev.zone.conf.RelativePaths;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Downloads files. Several processes may do so at once, into the same folder too; see the package.
 */
public final class Downloader {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Settings settings;
  private final Requests requests;

  /** With the usual limits: 32 GB a file, 30 seconds of silence. */
  public Downloader() {
    this(Settings.DEFAULT);
  }

  Downloader(Settings settings) {
    this.settings = settings;
    this.requests = new Requests(settings.silence());
  }

  /**
   * Has a file in a folder: downloads it, unless it is there whole.
   *
   * @param folder made if it is not there
   * @throws ZoneException of the user's if there is no such file at its address, it has another
   *     digest, or something else lies in its place; of the environment if server, network or disk
   *     failed: what came is kept then; of kind CANCELLED if the thread was interrupted
   */
  public Fetched fetch(Wanted wanted, Path folder, Watcher watcher) {
    if (!RelativePaths.isSafe(wanted.path()) || HttpAddresses.parse(wanted.url()).isEmpty()) {
      throw ZoneException.user(
          "Cannot download %s from %s (expected a path below a folder, and an address of http or https)"
              .formatted(wanted.path(), wanted.url()));
    }
    try {
      Path target = target(folder, wanted.path());
      if (Files.exists(target)) {
        return there(wanted, target, Part.record(target));
      }
      try (Part part = take(wanted, target, watcher)) {
        // Another may have been at it.
        return Files.exists(target)
            ? there(wanted, target, part.record())
            : download(wanted, target, part, watcher);
      }
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot download %s to %s: %s"
              .formatted(wanted.url(), folder.resolve(wanted.path()), reason(e)),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ZoneException(ErrorKind.CANCELLED, "The download was stopped", e);
    }
  }

  private static Path target(Path folder, String path) throws IOException {
    Files.createDirectories(folder);
    Path target = folder.toRealPath().resolve(path);
    Path parent = target.getParent();
    Files.createDirectories(parent);
    if (!parent.toRealPath().startsWith(folder.toRealPath())) {
      throw ZoneException.user(
          "Cannot download to %s: a link leads out of %s (expected a path inside)"
              .formatted(target, folder));
    }
    return target;
  }

  /** A file that lies in the place is the one that is wanted, or nobody's to replace. */
  private static Fetched there(Wanted wanted, Path target, Optional<PullRecord> record)
      throws IOException {
    if (!Files.isRegularFile(target)) {
      throw ZoneException.user(
          "Cannot download to %s: it is no file (expected a place that is free)".formatted(target));
    }
    Optional<String> expected =
        wanted
            .sha256()
            .or(
                () ->
                    record
                        .filter(known -> known.url().equals(wanted.url()))
                        .flatMap(PullRecord::sha256));
    String digest = Digests.ofFile(target);
    if (!expected.equals(Optional.of(digest))) {
      throw ZoneException.user(
          "Cannot download to %s: a file with SHA-256 %s is there (expected %sa place that is free; move it away)"
              .formatted(
                  target, digest, expected.map(one -> "one with " + one + ", or ").orElse("")));
    }
    return new Fetched(wanted, target, Files.size(target), digest, false);
  }

  private Part take(Wanted wanted, Path target, Watcher watcher)
      throws IOException, InterruptedException {
    Optional<Part> part = Part.take(target);
    if (part.isEmpty()) {
      watcher.waits(wanted);
    }
    while (part.isEmpty()) {
      settings.pauses().spend(LOOK);
      part = Part.take(target);
    }
    return part.get();
  }

  private Fetched download(Wanted wanted, Path target, Part part, Watcher watcher)
      throws IOException, InterruptedException {
    Transfer transfer = new Transfer(requests, settings, watcher, wanted, part);
    boolean pieced = transfer.run();
    String digest = part.sha256();
    if (pieced && isOther(wanted, digest)) {
      // The pieces may be of different versions, which the server did not tell apart.
      part.discard();
      transfer.run();
      digest = part.sha256();
    }
    if (isOther(wanted, digest)) {
      part.discard();
      throw ZoneException.user(
          "Cannot use what came from %s: its SHA-256 is %s (expected %s, as the descriptor says; the file there may be another by now)"
              .formatted(wanted.url(), digest, wanted.sha256().orElseThrow()));
    }
    long bytes = part.size();
    part.publish(part.record().orElseThrow().whole(digest));
    return new Fetched(wanted, target, bytes, digest, true);
  }

  private static boolean isOther(Wanted wanted, String digest) {
    return wanted.sha256().filter(expected -> !expected.equals(digest)).isPresent();
  }

  private static String reason(IOException e) {
    return e instanceof FileSystemException told && told.getReason() != null
        ? told.getReason()
        : e.getMessage() != null ? e.getMessage() : e.getClass().getSimpleName();
  }
}
