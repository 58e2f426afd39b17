package dev.zone.datasets.download;

import dev.zone.datasets.format.Limits;
import java.time.Duration;

/**
 * What a download may take.
 *
 * @param mostBytes of a file
 * @param silence without a byte, after which a connection counts as broken
 * @param pauses how long waits are spent
 */
record Settings(long mostBytes, Duration silence, Pauses pauses) {
  /** No reader takes larger files. */
  static final Settings DEFAULT =
      new Settings(
          Limits.DEFAULT.archiveBytes(),
          Duration.ofSeconds(30),
          pause -> Thread.sleep(pause.toMillis()));

  /** Waits, or does something else meanwhile. */
  interface Pauses {
    void spend(Duration pause) throws InterruptedException;
  }
}
