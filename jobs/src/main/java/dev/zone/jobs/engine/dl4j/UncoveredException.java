package dev.zone.jobs.engine.dl4j;

/** Says that a network has something for which graphs have no operation. */
final class UncoveredException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param reason to stand behind "because"
   */
  UncoveredException(String reason) {
    super(reason);
  }
}
