package dev.zone.datasets.format;

/** Receives delimited text, field by field. */
interface FieldSink {
  /**
   * A record begins.
   *
   * @param line from 1
   */
  void begin(int line);

  /**
   * One field.
   *
   * @param index from 0
   * @param quoted whether blanks around it are part of it
   */
  void field(int index, char[] text, int from, int length, boolean quoted);

  /** The record is complete. */
  void end(int fields);

  /** Whether the field may be given as a number, if it is one that is written plainly. */
  default boolean takesNumber(int index) {
    return false;
  }

  /** One field that {@link #takesNumber} is true of. */
  default void number(int index, double value) {
    throw new UnsupportedOperationException("Cannot take a number");
  }
}
