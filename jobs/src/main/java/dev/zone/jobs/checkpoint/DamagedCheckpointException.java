package dev.zone.jobs.checkpoint;

import java.io.IOException;

/** The storage answers, and what it gives is not what was written. */
final class DamagedCheckpointException extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedCheckpointException(String message) {
    super(message);
  }

  DamagedCheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
