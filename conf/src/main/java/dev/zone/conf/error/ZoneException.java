package dev.zone.conf.error;

import static java.util.Objects.requireNonNull;

/**
 * A failure with its kind and a message for the user, worded {@code Cannot <verb> <thing>: <value>
 * (expected …)}.
 */
public class ZoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorKind kind;

  public ZoneException(ErrorKind kind, String message) {
    super(message);
    this.kind = requireNonNull(kind, "kind is null");
  }

  public ZoneException(ErrorKind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = requireNonNull(kind, "kind is null");
  }

  public ErrorKind kind() {
    return kind;
  }

  /** A mistake in what the user gave. */
  public static ZoneException user(String message) {
    return new ZoneException(ErrorKind.USER, message);
  }

  /** Storage, network or a worker failed. */
  public static ZoneException environment(String message, Throwable cause) {
    return new ZoneException(ErrorKind.ENVIRONMENT, message, cause);
  }
}
