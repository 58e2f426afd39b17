package dev.zone.jobs.engine.graph;

import java.util.Locale;
import java.util.Optional;

/**
 * What a network's output is compared with its targets by. All arrays are one example's, from an
 * offset on.
 *
 * @param kind which
 * @param function of the outputs before they are compared; for {@code CROSS_ENTROPY} it is softmax
 *     over an example's outputs, and this one identity
 * @param weights [outputs], a factor of each output's loss; empty for 1
 */
public record Loss(Kind kind, Function function, Optional<float[]> weights) {
  /** DL4J's LossMCXENT keeps probabilities this far from 0 and 1. */
  public static final double SOFTMAX_EPSILON = 1e-10;

  /** DL4J's LossBinaryXENT keeps probabilities this far from 0 and 1. */
  public static final double BINARY_EPSILON = 1e-5;

  /** The losses; with y a target, p an output, n outputs. */
  public enum Kind {
    /** -Σ y log p, of softmax. */
    CROSS_ENTROPY,
    /** -Σ y log p + (1 - y) log (1 - p). */
    BINARY_CROSS_ENTROPY,
    /** Σ (p - y)² / n. */
    MEAN_SQUARED,
    /** Σ |p - y| / n. */
    MEAN_ABSOLUTE,
    /** Σ (p - y)². */
    SQUARED,
    /** Σ |p - y|. */
    ABSOLUTE
  }

  /** For people. */
  public String words() {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ')
        + (function.isIdentity() ? "" : " of " + function);
  }

  /**
   * Replaces what the last layer put out by what the network does.
   *
   * @param values [.., outputs], replaced
   */
  public void activate(float[] values, int from, int outputs) {
    if (kind == Kind.CROSS_ENTROPY) {
      softmax(values, from, outputs);
      return;
    }
    for (int i = from; i < from + outputs; i++) {
      values[i] = (float) activated(values[i]);
    }
  }

  /**
   * The loss of an example, and its gradient by what the last layer put out.
   *
   * @param values what it put out; replaced by the gradient
   * @param targets as many
   * @param factor of this example's loss
   */
  public double replaceByGradient(
      float[] values, float[] targets, int from, int outputs, double factor) {
    return kind == Kind.CROSS_ENTROPY
        ? crossEntropy(values, targets, from, outputs, factor)
        : ofEach(values, targets, from, outputs, factor);
  }

  private double crossEntropy(
      float[] values, float[] targets, int from, int outputs, double factor) {
    softmax(values, from, outputs);
    double loss = 0;
    double all = 0;
    for (int k = 0; k < outputs; k++) {
      double target = targets[from + k] * weight(k);
      if (target != 0) {
        double p = values[from + k];
        loss -= target * Math.log(Math.min(Math.max(p, SOFTMAX_EPSILON), 1 - SOFTMAX_EPSILON));
      }
      all += target;
    }
    // Without weights DL4J takes it that the targets add up to 1.
    double sum = weights.isPresent() ? all : 1;
    for (int k = 0; k < outputs; k++) {
      double target = targets[from + k] * weight(k);
      values[from + k] = (float) (factor * (sum * values[from + k] - target));
    }
    return factor * loss;
  }

  private static void softmax(float[] values, int from, int outputs) {
    float most = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + outputs; i++) {
      // Not a comparison, which would let a NaN pass unseen.
      most = Math.max(most, values[i]);
    }
    double sum = 0;
    for (int i = from; i < from + outputs; i++) {
      double power = Math.exp((double) values[i] - most);
      values[i] = (float) power;
      sum += power;
    }
    for (int i = from; i < from + outputs; i++) {
      values[i] = (float) (values[i] / sum);
    }
  }

  private double ofEach(float[] values, float[] targets, int from, int outputs, double factor) {
    double loss = 0;
    double divisor = kind == Kind.MEAN_SQUARED || kind == Kind.MEAN_ABSOLUTE ? outputs : 1;
    for (int k = 0; k < outputs; k++) {
      double weight = weight(k) / divisor;
      double before = values[from + k];
      double p = activated(before);
      double target = targets[from + k];
      double slope;
      switch (kind) {
        case BINARY_CROSS_ENTROPY -> {
          double own = Math.min(Math.max(p, BINARY_EPSILON), 1 - BINARY_EPSILON);
          loss -= weight * (target * Math.log(own) + (1 - target) * Math.log(1 - own));
          slope = (own - target) / (own * (1 - own));
        }
        case MEAN_SQUARED, SQUARED -> {
          loss += weight * (p - target) * (p - target);
          slope = 2 * (p - target);
        }
        default -> {
          loss += weight * Math.abs(p - target);
          slope = Math.signum(p - target);
        }
      }
      values[from + k] = (float) (factor * weight * slope * derivative(before, p));
    }
    return factor * loss;
  }

  private double weight(int output) {
    return weights.map(own -> (double) own[output]).orElse(1.0);
  }

  private double activated(double x) {
    return switch (function.kind()) {
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case TANH -> Math.tanh(x);
      case RELU -> x > 0 ? x : function.alpha() * x;
      default -> x;
    };
  }

  private double derivative(double x, double activated) {
    return switch (function.kind()) {
      case SIGMOID -> activated * (1 - activated);
      case TANH -> 1 - activated * activated;
      case RELU -> x > 0 ? 1 : function.alpha();
      default -> 1;
    };
  }

  /** Whether this class can apply a function before comparing. */
  public static boolean applies(Function function) {
    return switch (function.kind()) {
      case IDENTITY, SIGMOID, TANH, RELU -> true;
      default -> false;
    };
  }
}
