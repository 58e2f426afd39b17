package dev.zone.jobs.model;

import dev.zone.conf.TaskSpec;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/**
 * The output layer's activation and loss that a task asks for.
 *
 * @param activation of the output layer
 * @param loss of the output layer
 */
record Outputs(Activation activation, ILossFunction loss) {

  static Outputs of(TaskSpec task) {
    if (task instanceof TaskSpec.Multiclass) {
      return new Outputs(Activation.SOFTMAX, new LossMCXENT());
    } else if (task instanceof TaskSpec.Regression regression) {
      return regression(regression.loss());
    }
    return new Outputs(Activation.SIGMOID, new LossBinaryXENT());
  }

  private static Outputs regression(TaskSpec.RegressionLoss loss) {
    return switch (loss) {
      case MSE -> new Outputs(Activation.IDENTITY, new LossMSE());
      case MAE -> new Outputs(Activation.IDENTITY, new LossMAE());
    };
  }

  /**
   * @param each whether every step of a window is put out, [batch, width, steps]
   */
  BaseOutputLayer layer(int width, double dropout, boolean each) {
    return each
        ? layer(new RnnOutputLayer.Builder(loss), width, dropout)
        : layer(new OutputLayer.Builder(loss), width, dropout);
  }

  private <B extends BaseOutputLayer.Builder<B>> BaseOutputLayer layer(
      B builder, int width, double dropout) {
    return LayerStack.dropped(
            builder.nOut(width).activation(activation).weightInit(WeightInit.XAVIER), dropout)
        .build();
  }
}
