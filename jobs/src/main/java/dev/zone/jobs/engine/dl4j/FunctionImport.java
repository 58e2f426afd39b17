package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.engine.graph.Function;
import dev.zone.jobs.engine.graph.Function.Kind;
import java.util.Map;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** DL4J's activation functions as the graph's. */
final class FunctionImport {
  private static final float SIX = 6;

  /** Those that have no parameter. */
  private static final Map<Class<? extends IActivation>, Kind> PLAIN =
      Map.of(
          ActivationIdentity.class,
          Kind.IDENTITY,
          ActivationSigmoid.class,
          Kind.SIGMOID,
          ActivationTanH.class,
          Kind.TANH,
          ActivationSELU.class,
          Kind.SELU,
          ActivationSoftPlus.class,
          Kind.SOFTPLUS,
          ActivationMish.class,
          Kind.MISH,
          ActivationHardSigmoid.class,
          Kind.HARD_SIGMOID,
          ActivationHardTanH.class,
          Kind.HARD_TANH);

  /** DL4J's GELU that is not precise is x sigmoid(1.702 x) (Hendrycks and Gimpel, 2016). */
  private static final float APPROXIMATION = 1.702f;

  private FunctionImport() {}

  static Function of(IActivation activation) throws UncoveredException {
    if (activation instanceof ActivationReLU relu) {
      return rectifier(relu);
    }
    if (activation instanceof ActivationLReLU leaky) {
      return new Function(Kind.RELU, slope(leaky.getAlpha()));
    }
    // DL4J's derivative of any ELU is that of α = 1.
    if (activation instanceof ActivationELU elu && elu.getAlpha() == 1) {
      return new Function(Kind.ELU, 1);
    }
    // The precise one cubes another number than GELU's authors do.
    if (activation instanceof ActivationGELU gelu && !gelu.isPrecise()) {
      return new Function(Kind.SWISH, APPROXIMATION);
    }
    if (activation instanceof ActivationSwish) {
      return new Function(Kind.SWISH, 1);
    }
    if (activation instanceof ActivationReLU6) {
      return new Function(Kind.CLIPPED_RELU, SIX);
    }
    return new Function(plain(activation), 0);
  }

  private static Function rectifier(ActivationReLU relu) throws UncoveredException {
    if (isSet(relu.getMax()) || isSet(relu.getThreshold())) {
      throw new UncoveredException("of a ReLU with a maximum or a threshold");
    }
    return new Function(
        Kind.RELU, isSet(relu.getNegativeSlope()) ? slope(relu.getNegativeSlope()) : 0);
  }

  private static float slope(double slope) throws UncoveredException {
    if (slope < 0) {
      throw new UncoveredException("of its slope of " + slope + " below 0");
    }
    return (float) slope;
  }

  private static boolean isSet(Double number) {
    return number != null && number != 0;
  }

  private static Kind plain(IActivation activation) throws UncoveredException {
    Kind kind = PLAIN.get(activation.getClass());
    if (kind == null) {
      throw new UncoveredException("of its activation function " + activation);
    }
    return kind;
  }
}
