package dev.zone.jobs.engine.dl4j;

import java.util.Optional;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;

/**
 * A configured loss times a factor for each example. It stands in the living network only, never in
 * its configuration file.
 *
 * <p>DL4J's own way, a mask of the labels, is right for 0 and 1 only: a mask also multiplies what
 * goes into the output layer's activation ({@code BaseLayer.preOutputWithPreNorm}), and one example
 * alone is taken for a mask by output.
 */
final class WeightedLoss implements ILossFunction {
  private static final long serialVersionUID = 1L;

  private final ILossFunction loss;
  private transient Optional<INDArray> weights = Optional.empty();

  WeightedLoss(ILossFunction loss) {
    this.loss = loss;
  }

  /** The configured loss. */
  ILossFunction plain() {
    return loss;
  }

  /**
   * @param factors [b, 1], or one a row of what the loss is given; empty for 1 everywhere
   */
  void setWeights(Optional<INDArray> factors) {
    weights = factors;
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
    if (weights.isEmpty()) {
      return loss.computeScore(labels, preOutput, activation, mask, average);
    }
    double sum = computeScoreArray(labels, preOutput, activation, mask).sumNumber().doubleValue();
    return average ? sum / labels.size(0) : sum;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
    INDArray scores = loss.computeScoreArray(labels, preOutput, activation, mask);
    if (loss instanceof LossMAE) {
      // DL4J divides by the sums' own width, which is 1, where its other means divide by outputs.
      scores.divi(labels.size(1));
    }
    return weights.map(factors -> scores.muli(factors.reshape(scores.shape()))).orElse(scores);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
    INDArray gradient = loss.computeGradient(labels, preOutput, activation, mask);
    return weights.map(gradient::muliColumnVector).orElse(gradient);
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
    return new Pair<>(
        computeScore(labels, preOutput, activation, mask, average),
        computeGradient(labels, preOutput, activation, mask));
  }

  @Override
  public String name() {
    return loss.name();
  }
}
