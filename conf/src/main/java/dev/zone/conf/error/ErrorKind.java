package dev.zone.conf.error;

/** Whose trouble a failure is. It alone decides the exit code and whether a retry can help. */
public enum ErrorKind {
  /** The input is wrong: a file, a flag, the data. A retry gives the same. */
  USER(2, false),
  /** What was asked for is not there now: slots, memory, devices. Later it may be. */
  RESOURCES(3, true),
  /** Storage, network or a worker failed. */
  ENVIRONMENT(4, true),
  /** A mistake of ours. */
  INTERNAL(70, false),
  /** Somebody asked for the end. */
  CANCELLED(130, false);

  private final int exitCode;
  private final boolean retryable;

  ErrorKind(int exitCode, boolean retryable) {
    this.exitCode = exitCode;
    this.retryable = retryable;
  }

  public int exitCode() {
    return exitCode;
  }

  public boolean isRetryable() {
    return retryable;
  }
}
