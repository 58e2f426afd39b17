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
}
