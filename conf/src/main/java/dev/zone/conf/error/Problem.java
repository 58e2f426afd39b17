package dev.zone.conf.error;

import static java.util.Objects.requireNonNull;

/**
 * One fault of an input.
 *
 * @param where the file with line and column or row, such as {@code job.yaml:7:3}; empty if the
 *     place is the whole input
 * @param message worded {@code Cannot <verb> <thing>: <value> (expected …)}
 */
public record Problem(String where, String message) {
  public Problem {
    requireNonNull(where, "where is null");
    requireNonNull(message, "message is null");
  }

  @Override
  public String toString() {
    return where.isEmpty() ? message : where + ": " + message;
  }
}
