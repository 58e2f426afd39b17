package dev.zone.bench.contest;

import java.util.Random;

/**
 * Generated examples, the same for all contestants: each class has a pattern, and an example is its
 * class's pattern in noise. How strong the pattern is was chosen so that no training brings the
 * loss to nothing.
 *
 * @param inputs [size, steps, width], row-major
 * @param labels [size], classes from 0
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; large.
public record Examples(Workload workload, float[] inputs, int[] labels) {
  private static final long SEED = 20;
  private static final int BLOCK = 4;
  private static final int SIDE = 32;

  /** To train with. */
  public static Examples training(Workload workload) {
    return draw(workload, workload.examples(), 1);
  }

  /** As many examples to train with as one batch has. */
  public static Examples firstBatch(Workload workload) {
    return draw(workload, workload.batch(), 1);
  }

  /** To measure the loss with, which nobody trains with. */
  public static Examples heldOut(Workload workload) {
    return draw(workload, Workload.HELD_OUT, 2);
  }

  public int size() {
    return labels.length;
  }

  private static Examples draw(Workload workload, int size, long stream) {
    float[][] patterns = patterns(workload);
    Random random = new Random(SEED + stream);
    int elements = workload.elements();
    float[] inputs = new float[size * elements];
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      labels[i] = random.nextInt(workload.classes());
      float[] pattern = patterns[labels[i]];
      for (int k = 0; k < elements; k++) {
        inputs[i * elements + k] = pattern[k] + (float) random.nextGaussian();
      }
    }
    return new Examples(workload, inputs, labels);
  }

  private static float[][] patterns(Workload workload) {
    Random random = new Random(SEED);
    float[][] patterns = new float[workload.classes()][workload.elements()];
    for (float[] pattern : patterns) {
      switch (workload) {
        case CNN -> blocks(pattern, random);
        case MLP -> fill(pattern, 0.12, random);
        case LSTM -> slopes(pattern, workload, random);
      }
    }
    return patterns;
  }

  private static void fill(float[] pattern, double strength, Random random) {
    for (int k = 0; k < pattern.length; k++) {
      pattern[k] = (float) (strength * random.nextGaussian());
    }
  }

  /** Squares of one brightness each, which pooling leaves. */
  private static void blocks(float[] pattern, Random random) {
    float[] levels = new float[SIDE / BLOCK * (SIDE / BLOCK)];
    fill(levels, 0.12, random);
    for (int row = 0; row < SIDE; row++) {
      for (int column = 0; column < SIDE; column++) {
        pattern[row * SIDE + column] = levels[row / BLOCK * (SIDE / BLOCK) + column / BLOCK];
      }
    }
  }

  /** Each number grows or falls along the window. */
  private static void slopes(float[] pattern, Workload workload, Random random) {
    float[] slopes = new float[workload.width()];
    fill(slopes, 0.3, random);
    for (int step = 0; step < workload.steps(); step++) {
      for (int k = 0; k < workload.width(); k++) {
        pattern[step * workload.width() + k] = slopes[k] * (step - 15) / 15;
      }
    }
  }
}
