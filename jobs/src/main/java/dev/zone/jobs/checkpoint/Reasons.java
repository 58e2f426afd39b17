package dev.zone.jobs.checkpoint;

import java.nio.file.FileSystemException;

/** Failures in a few words. */
final class Reasons {
  private static final int LONGEST = 300;

  private Reasons() {}

  /** The first line of what it says; with its type where that alone says what is wrong. */
  static String of(Throwable failure) {
    String message = failure.getMessage() == null ? "" : failure.getMessage().strip();
    int end = message.indexOf('\n');
    String line = end < 0 ? message : message.substring(0, end).strip();
    if (line.length() > LONGEST) {
      line = line.substring(0, LONGEST) + "…";
    }
    boolean pathOnly = failure instanceof FileSystemException e && e.getReason() == null;
    if (line.isEmpty() || pathOnly || failure instanceof RuntimeException) {
      String type = failure.getClass().getSimpleName();
      return line.isEmpty() ? type : type + ": " + line;
    }
    return line;
  }
}
