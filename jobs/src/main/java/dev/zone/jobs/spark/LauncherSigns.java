package dev.zone.jobs.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Whether the launcher of a feed is there still, that runs on another machine: it replaces a file
 * in the folder that both have mounted, with another text each time.
 */
final class LauncherSigns {
  /** Its name. */
  private static final String FILE = "launcher";

  /** A mounted folder may show what is new a minute late. */
  private static final long SILENCE_NANOS = Duration.ofMinutes(3).toNanos();

  private final Path file;
  private String last = "";
  private long heard;

  /**
   * @param folder the feed's
   * @param now in nanoseconds, as all other times
   */
  LauncherSigns(Path folder, long now) {
    this.file = folder.resolve(FILE);
    this.heard = now;
  }

  /** Whether it gives signs at all: one that started the driver itself need not. */
  boolean areGiven() {
    return Files.exists(file);
  }

  /** Looks for another sign. */
  boolean isSilent(long now) {
    String sign = read();
    if (!sign.equals(last)) {
      last = sign;
      heard = now;
    }
    return now - heard > SILENCE_NANOS;
  }

  /** What cannot be read is no other sign. */
  private String read() {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return last;
    }
  }
}
