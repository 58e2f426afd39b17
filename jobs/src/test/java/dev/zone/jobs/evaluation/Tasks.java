package dev.zone.jobs.evaluation;

import dev.zone.conf.TaskSpec;
import dev.zone.conf.ThresholdSpec;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

final class Tasks {
  static final TaskSpec BINARY =
      new TaskSpec.Binary("bad", Optional.empty(), new ThresholdSpec.Value(0.5));
  static final TaskSpec MULTICLASS = new TaskSpec.Multiclass("kind");
  static final TaskSpec MULTILABEL = new TaskSpec.Multilabel(List.of("a", "b"));
  static final TaskSpec REGRESSION =
      new TaskSpec.Regression("rul", Optional.empty(), 1, TaskSpec.RegressionLoss.MSE);

  private Tasks() {}

  static Predictions binary(float[] scores, int... targets) {
    return new Predictions(scores.length, 1, scores, floats(targets));
  }

  /** Scores on a grid of {@code levels}, so that there are ties. */
  static Predictions random(long seed, int examples, int outputs, int classes, int levels) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[examples * outputs];
    float[] targets = new float[examples];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(levels) / (float) levels;
    }
    for (int i = 0; i < examples; i++) {
      targets[i] = random.nextInt(classes);
    }
    return new Predictions(examples, outputs, values, targets);
  }

  static Predictions shuffled(Predictions predictions, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int width = predictions.targetWidth();
    int outputs = predictions.outputs();
    float[] values = predictions.values().clone();
    float[] targets = predictions.targets().clone();
    for (int i = predictions.examples() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      swap(values, i, j, outputs);
      swap(targets, i, j, width);
    }
    return new Predictions(predictions.examples(), outputs, values, targets);
  }

  private static void swap(float[] values, int i, int j, int width) {
    for (int k = 0; k < width; k++) {
      float kept = values[i * width + k];
      values[i * width + k] = values[j * width + k];
      values[j * width + k] = kept;
    }
  }

  private static float[] floats(int[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = values[i];
    }
    return floats;
  }
}
