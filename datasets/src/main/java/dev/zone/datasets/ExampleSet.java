package dev.zone.datasets;

import java.nio.FloatBuffer;

/** The prepared examples of one split, in a fixed order. Safe for concurrent readers. */
public interface ExampleSet {
  int size();

  /**
   * Copies one example's values of one input.
   *
   * @param input index into {@link PreparedManifest#inputs()}
   * @param into receives the values at its position, which moves on by their number; row-major,
   *     without the example axis
   */
  void copyInput(int example, int input, FloatBuffer into);

  /**
   * Copies one example's target: the class index (multiclass), 0 or 1 (binary; a number a label for
   * multilabel), or the number in the target's unit, capped in training and validation if the job
   * says so (regression).
   *
   * @param into receives {@link PreparedManifest#targetWidth()} values at its position, which moves
   *     on
   */
  void copyTarget(int example, FloatBuffer into);

  /**
   * Where the example comes from, for messages: file and row, such as {@code train.csv:17} or
   * {@code a.zip!/b.ppm}.
   */
  String origin(int example);
}
