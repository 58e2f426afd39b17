package dev.zone.datasets.download;

import java.io.IOException;
import java.time.Duration;

/** The network or the server failed in a way that may pass. */
final class BrokenException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Duration pause;

  BrokenException(String message) {
    this(message, Duration.ZERO);
  }

  BrokenException(String message, Throwable cause) {
    super(message, cause);
    this.pause = Duration.ZERO;
  }

  /**
   * @param pause that the server asks for
   */
  BrokenException(String message, Duration pause) {
    super(message);
    this.pause = pause;
  }

  Duration pause() {
    return pause;
  }
}
