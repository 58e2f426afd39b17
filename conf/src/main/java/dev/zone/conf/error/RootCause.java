package dev.zone.conf.error;

/** The innermost cause of a failure: what is around it are others' wordings of their tries. */
public final class RootCause {
  /** Chains of causes may be circles. */
  private static final int DEEPEST = 64;

  private RootCause() {}

  /** The innermost cause; the failure itself if it has none. */
  public static Throwable of(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause.getCause() != null && depth < DEEPEST; depth++) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** The first line of the innermost cause's message; its class's name if it has none. */
  public static String line(Throwable failure) {
    Throwable cause = of(failure);
    String line = String.valueOf(cause.getMessage()).lines().findFirst().orElse("").strip();
    return cause.getMessage() == null || line.isEmpty() ? cause.getClass().getSimpleName() : line;
  }
}
