package dev.zone.bench;

import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;

/** Says how far a contestant's process is. */
interface StepSource {
  /** Looks for news while the process runs; often. */
  default void poll() throws IOException {}

  /**
   * What is known after the process's end.
   *
   * @return steps done over milliseconds since 1970, in order; only the steps at which it was told
   */
  List<Point> steps() throws IOException;

  /** The mean loss over the held-out examples in the end. */
  OptionalDouble loss() throws IOException;

  /**
   * @param millis since 1970
   */
  record Point(double millis, double value) {}
}
