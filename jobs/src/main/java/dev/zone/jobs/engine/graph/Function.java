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
    IDENTITY(true, true),
    /** x above 0, alpha x below. */
    RELU(true, true),
    /** x between 0 and alpha. */
    CLIPPED_RELU(true, true),
    /** 1 / (1 + e^-x). */
    SIGMOID(true, true),
    /** The hyperbolic tangent. */
    TANH(true, true),
    /** x above 0, alpha (e^x - 1) below. */
    ELU(true, true),
    /** {@code ELU} with alpha 1.6732632, times 1.0507010 (Klambauer et al., 2017). */
    SELU(false, true),
    /** log(1 + e^x). */
    SOFTPLUS(false, true),
    /** x sigmoid(alpha x). */
    SWISH(false, false),
    /** x tanh(softplus(x)). */
    MISH(false, false),
    /** 0.2 x + 0.5 between 0 and 1. */
    HARD_SIGMOID(false, true),
    /** x between -1 and 1. */
    HARD_TANH(true, true),
    /** alpha x. */
    SCALED(false, false),
    /** x + alpha. */
    SHIFTED(false, true);

    private final boolean fromOutput;
    private final boolean keepsOrder;

    Kind(boolean fromOutput, boolean keepsOrder) {
      this.fromOutput = fromOutput;
      this.keepsOrder = keepsOrder;
    }
  }

  /** Whether the derivative can be found from the function's value alone. */
  public boolean hasDerivativeOfOutput() {
    return kind.fromOutput;
  }

  /** Whether of two numbers the larger never has the smaller value. */
  public boolean keepsOrder() {
    return kind.keepsOrder && alpha >= 0;
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
