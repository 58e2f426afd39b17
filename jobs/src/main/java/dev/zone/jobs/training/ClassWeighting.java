package dev.zone.jobs.training;

import dev.zone.conf.TrainingSpec.ClassWeights;
import java.util.List;

/**
 * Weights of examples by their class. Their mean over the training split is 1, so the learning rate
 * keeps its meaning.
 */
final class ClassWeighting {
  private ClassWeighting() {}

  /**
   * @param counts training examples of each class
   * @return a weight a class; classes without examples have 1; empty if all weights are 1
   */
  static float[] weights(ClassWeights weights, List<Long> counts) {
    if (weights == ClassWeights.NONE || counts.isEmpty()) {
      return new float[0];
    }
    long total = counts.stream().mapToLong(Long::longValue).sum();
    double[] raw = new double[counts.size()];
    double weighted = 0;
    for (int k = 0; k < raw.length; k++) {
      long count = counts.get(k);
      double inverse = count == 0 ? 1 : (double) total / count;
      raw[k] = weights == ClassWeights.SQRT ? Math.sqrt(inverse) : inverse;
      weighted += raw[k] * count;
    }
    float[] result = new float[raw.length];
    for (int k = 0; k < raw.length; k++) {
      result[k] = counts.get(k) == 0 ? 1 : (float) (raw[k] * total / weighted);
    }
    return result;
  }
}
