package dev.zone.jobs.engine.graph;

/**
 * A function of each value by itself.
 *
 * @param kind which
 * @param alpha its parameter: the slope below 0 of {@code RELU}, the factor of {@code ELU} and
 *     {@code SCALED}, the upper bound of {@code CLIPPED_RELU}, the factor in {@code SWISH}, the
 *     term of {@code SHIFTED}; 0 for others
 */
public record Function(Kind kind, float alpha) {
  public static final Function IDENTITY = new Function(Kind.IDENTITY, 0);
  public static final Function RELU = new Function(Kind.RELU, 0);
  public static final Function SIGMOID = new Function(Kind.SIGMOID, 0);
  public static final Function TANH = new Function(Kind.TANH, 0);

  /** The functions. */
  public enum Kind {
    /** x. */
    IDENTITY(true),
    /** x above 0, alpha x below. */
    RELU(true),
    /** x between 0 and alpha. */
    CLIPPED_RELU(true),
    /** 1 / (1 + e^-x). */
    SIGMOID(true),
    /** The hyperbolic tangent. */
    TANH(true),
    /** x above 0, alpha (e^x - 1) below. */
    ELU(true),
    /** {@code ELU} with alpha 1.6732632, times 1.0507010 (Klambauer et al., 2017). */
    SELU(false),
    /** log(1 + e^x). */
    SOFTPLUS(false),
    /** x sigmoid(alpha x). */
    SWISH(false),
    /** x tanh(softplus(x)). */
    MISH(false),
    /** 0.2 x + 0.5 between 0 and 1. */
    HARD_SIGMOID(false),
    /** x between -1 and 1. */
    HARD_TANH(true),
    /** alpha x. */
    SCALED(false),
    /** x + alpha. */
    SHIFTED(false);

    private final boolean fromOutput;

    Kind(boolean fromOutput) {
      this.fromOutput = fromOutput;
    }
  }

  /** Whether the derivative can be found from the function's value alone. */
  public boolean hasDerivativeOfOutput() {
    return kind.fromOutput;
  }

  /** Whether it changes nothing. */
  public boolean isIdentity() {
    return kind == Kind.IDENTITY;
  }

  @Override
  public String toString() {
    String name = kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    return alpha == 0 ? name : name + " " + alpha;
  }
}
