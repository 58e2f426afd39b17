package dev.zone.jobs.model;

import dev.zone.conf.ModelSpec;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.error.Problems;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;

/** What all named architectures share: updater, penalties, clipping, seed, activations. */
final class Base {
  private Base() {}

  /** A builder with everything the training section says. */
  static NeuralNetConfiguration.Builder builder(ModelRequest request, Problems problems) {
    TrainingSpec training = request.training();
    NeuralNetConfiguration.Builder builder =
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.FLOAT)
            .seed(training.seed())
            .weightInit(WeightInit.XAVIER)
            .updater(Updaters.of(training, request.stepsPerEpoch(request.targets())));
    if (training.l1() > 0) {
      builder.l1(training.l1());
    }
    if (training.l2() > 0) {
      builder.l2(training.l2());
    }
    if (training.weightDecay() > 0) {
      builder.weightDecay(training.weightDecay(), true);
    }
    training.clipping().ifPresent(clipping -> clip(builder, clipping, problems));
    return builder;
  }

  private static void clip(
      NeuralNetConfiguration.Builder builder,
      TrainingSpec.ClippingSpec clipping,
      Problems problems) {
    if (clipping.norm().isPresent() == clipping.value().isPresent()) {
      problems.add(
          "training.clipping",
          "Cannot clip gradients by "
              + (clipping.norm().isPresent() ? "norm and value" : "nothing")
              + " (expected either norm or value)");
    }
    clipping
        .norm()
        .ifPresent(
            norm ->
                builder
                    .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                    .gradientNormalizationThreshold(norm));
    clipping
        .value()
        .ifPresent(
            value ->
                builder
                    .gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
                    .gradientNormalizationThreshold(value));
  }

  static Activation activation(ModelSpec.Activation activation) {
    return switch (activation) {
      case RELU -> Activation.RELU;
      case LEAKYRELU -> Activation.LEAKYRELU;
      case ELU -> Activation.ELU;
      case SELU -> Activation.SELU;
      case GELU -> Activation.GELU;
      case SWISH -> Activation.SWISH;
      case TANH -> Activation.TANH;
      case SIGMOID -> Activation.SIGMOID;
      case SOFTPLUS -> Activation.SOFTPLUS;
    };
  }

  /**
   * He's initialisation for activations that cut off one half (He et al., 2015), LeCun's for SELU
   * (Klambauer et al., 2017), Glorot's otherwise.
   */
  static WeightInit weightInit(ModelSpec.Activation activation) {
    return switch (activation) {
      case RELU, LEAKYRELU, ELU, GELU, SWISH -> WeightInit.RELU;
      case SELU -> WeightInit.LECUN_NORMAL;
      case TANH, SIGMOID, SOFTPLUS -> WeightInit.XAVIER;
    };
  }
}
