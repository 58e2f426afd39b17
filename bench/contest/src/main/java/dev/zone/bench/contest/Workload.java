package dev.zone.bench.contest;

import java.util.Locale;

/**
 * What is trained: sizes that every contestant builds the same network from. All have ReLU (LSTM
 * layers tanh), softmax with cross entropy, and Adam with {@link #LEARNING_RATE} and its usual
 * constants.
 */
public enum Workload {
  /**
   * Images [1, 32, 32]: convolution 3x3 of 16 filters, pooling by 2, convolution 3x3 of 32 filters,
   * pooling by 2, dense 128, softmax 9; borders padded, so that convolutions keep the size.
   */
  CNN(1, 32 * 32, 9, 64, 100, 40),
  /** Rows of 170 numbers: dense 256, dense 128, softmax 2. */
  MLP(1, 170, 2, 256, 250, 200),
  /** Windows of 30 steps of 14 numbers: LSTM 64, LSTM 32, the last step to softmax 4. */
  LSTM(30, 14, 4, 64, 50, 12);

  public static final double LEARNING_RATE = 0.001;
  public static final int HELD_OUT = 1024;

  private final int steps;
  private final int width;
  private final int classes;
  private final int batch;
  private final int stepsPerEpoch;
  private final int usualStepsPerSecond;

  Workload(
      int steps, int width, int classes, int batch, int stepsPerEpoch, int usualStepsPerSecond) {
    this.steps = steps;
    this.width = width;
    this.classes = classes;
    this.batch = batch;
    this.stepsPerEpoch = stepsPerEpoch;
    this.usualStepsPerSecond = usualStepsPerSecond;
  }

  /**
   * By the name that the command line has.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Workload of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** Name of the case. */
  public String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Steps of a window; 1 where an example is no window. */
  public int steps() {
    return steps;
  }

  /** Numbers of an example, or of a step of its window. */
  public int width() {
    return width;
  }

  /** Numbers of an example. */
  public int elements() {
    return steps * width;
  }

  public int classes() {
    return classes;
  }

  /** Examples that one worker has in a step. */
  public int batch() {
    return batch;
  }

  /** Examples to train with; an even number of batches. */
  public int examples() {
    return stepsPerEpoch * batch;
  }

  /** Steps in which one worker sees all examples once. */
  public int stepsPerEpoch() {
    return stepsPerEpoch;
  }

  /**
   * Times that one worker sees all examples, so that a usual contestant trains for about so long.
   * The same for all contestants, whatever they take.
   */
  public int epochs(double seconds) {
    return (int) Math.max(1, Math.round(seconds * usualStepsPerSecond / stepsPerEpoch));
  }
}
