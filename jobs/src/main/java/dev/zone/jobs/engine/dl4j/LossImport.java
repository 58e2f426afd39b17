package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.engine.graph.Function;
import dev.zone.jobs.engine.graph.Loss;
import dev.zone.jobs.engine.graph.Loss.Kind;
import java.util.Optional;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** DL4J's losses as the graph's. */
final class LossImport {
  private LossImport() {}

  static Loss of(ILossFunction loss, IActivation activation) throws UncoveredException {
    if (loss.getClass() == LossMCXENT.class && activation instanceof ActivationSoftmax) {
      LossMCXENT entropy = (LossMCXENT) loss;
      if (entropy.getSoftmaxClipEps() != Loss.SOFTMAX_EPSILON) {
        throw new UncoveredException("of a cross entropy that is clipped otherwise");
      }
      return new Loss(Kind.CROSS_ENTROPY, Function.IDENTITY, weights(entropy.getWeights()));
    }
    Function function = FunctionImport.of(activation);
    if (!Loss.applies(function)) {
      throw new UncoveredException("of its activation function " + activation);
    }
    return ofEach(loss, function);
  }

  private static Loss ofEach(ILossFunction loss, Function function) throws UncoveredException {
    Class<?> type = loss.getClass();
    if (loss instanceof LossBinaryXENT entropy
        && entropy.getClipEps() == Loss.BINARY_EPSILON
        && function.equals(Function.SIGMOID)) {
      return new Loss(Kind.BINARY_CROSS_ENTROPY, function, weights(entropy.getWeights()));
    }
    if (type == LossMSE.class || type == LossL2.class) {
      return new Loss(
          type == LossMSE.class ? Kind.MEAN_SQUARED : Kind.SQUARED,
          function,
          weights(((LossL2) loss).getWeights()));
    }
    if (type == LossMAE.class || type == LossL1.class) {
      return new Loss(
          type == LossMAE.class ? Kind.MEAN_ABSOLUTE : Kind.ABSOLUTE,
          function,
          weights(((LossL1) loss).getWeights()));
    }
    throw new UncoveredException("of its loss " + loss);
  }

  private static Optional<float[]> weights(INDArray weights) {
    return Optional.ofNullable(weights).map(own -> own.dup('c').data().asFloat());
  }
}
