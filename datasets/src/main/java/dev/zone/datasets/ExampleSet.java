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
   * says so (regression). If the steps of a window have a target each, one after the other; zeros
   * for padded steps.
   *
   * @param into receives [{@link PreparedManifest#targetSteps()}, {@link
   *     PreparedManifest#targetWidth()}] values at its position, which moves on
   */
  void copyTarget(int example, FloatBuffer into);

  /**
   * Steps at the end of the example's window that are no rows of its series but zeros, because the
   * series is shorter than a window; less than the window's length. 0 unless the input is {@link
   * PreparedManifest.Input#masked()}.
   *
   * <p>They stand behind the rows because DL4J's LSTM, which itself ignores masks, then meets them
   * only after the last step that counts; a network that reads backwards reverses the rows alone.
   */
  default int paddedSteps(int example) {
    return 0;
  }

  /**
   * Where the example comes from, for messages: file and row, such as {@code train.csv:17} or
   * {@code a.zip!/b.ppm}.
   */
  String origin(int example);
}
