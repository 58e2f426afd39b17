package dev.zone.jobs.update;

import java.nio.FloatBuffer;
import org.deeplearning4j.nn.conf.GradientNormalization;

/**
 * DL4J's normalisation or clipping of the gradient of a layer, or of one of its parameters: by the
 * norm of the whole, or number by number.
 */
final class Clipping {
  /** DL4J's stand-in for the norm of a gradient that is 0. */
  private static final double NO_NORM = 1e-5;

  private final GradientNormalization kind;
  private final double threshold;
  private final int from;
  private final int to;
  private float divisor = 1;
  private float factor = 1;

  /**
   * @param from first number of the flat gradient that it is about
   * @param to their end
   */
  Clipping(GradientNormalization kind, double threshold, int from, int to) {
    this.kind = kind;
    this.threshold = threshold;
    this.from = from;
    this.to = to;
  }

  /** Whether each of a layer's parameters is normalised by itself. */
  static boolean isPerParameter(GradientNormalization kind) {
    return kind == GradientNormalization.RenormalizeL2PerParamType
        || kind == GradientNormalization.ClipL2PerParamType;
  }

  /**
   * Looks at the gradient, where the norm of the whole counts.
   *
   * @param examples that the gradient is to be divided by
   * @param block room for some of its numbers
   */
  void begin(FloatBuffer gradient, float examples, float[] block) {
    divisor = 1;
    factor = 1;
    if (kind == GradientNormalization.ClipElementWiseAbsoluteValue) {
      return;
    }
    double norm = norm(gradient, examples, block);
    switch (kind) {
      case RenormalizeL2PerLayer, RenormalizeL2PerParamType ->
          divisor = (float) (norm == 0 ? NO_NORM : norm);
      case ClipL2PerLayer -> factor = norm > threshold ? (float) (threshold / norm) : 1;
      case ClipL2PerParamType -> divisor = norm > threshold ? (float) (norm / threshold) : 1;
      default -> throw new IllegalStateException("Cannot normalise: " + kind);
    }
  }

  private double norm(FloatBuffer gradient, float examples, float[] block) {
    double squares = 0;
    for (int at = from; at < to; at += block.length) {
      int count = Math.min(block.length, to - at);
      gradient.get(at, block, 0, count);
      for (int i = 0; i < count; i++) {
        float value = block[i] / examples;
        squares += (double) value * value;
      }
    }
    return Math.sqrt(squares);
  }

  /**
   * @param gradient [count], divided by the number of examples; renewed
   */
  void apply(float[] gradient, int count) {
    if (kind == GradientNormalization.ClipElementWiseAbsoluteValue) {
      float most = (float) threshold;
      for (int i = 0; i < count; i++) {
        gradient[i] = Math.max(-most, Math.min(most, gradient[i]));
      }
    } else if (divisor != 1) {
      for (int i = 0; i < count; i++) {
        gradient[i] /= divisor;
      }
    } else if (factor != 1) {
      for (int i = 0; i < count; i++) {
        gradient[i] *= factor;
      }
    }
  }
}
