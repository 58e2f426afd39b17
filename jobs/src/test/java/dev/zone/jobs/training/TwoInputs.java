package dev.zone.jobs.training;

import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** ComputationGraphs of two inputs for three classes. */
final class TwoInputs {
  private TwoInputs() {}

  /** Of seven numbers and an image of [2, 6, 6]. */
  static String configuration() {
    return new NeuralNetConfiguration.Builder()
        .graphBuilder()
        .addInputs("numbers", "images")
        .setInputTypes(InputType.feedForward(7), InputType.convolutional(6, 6, 2))
        .addLayer(
            "convolution",
            new ConvolutionLayer.Builder(3, 3).nOut(3).activation(Activation.TANH).build(),
            "images")
        .addLayer("image", new DenseLayer.Builder().nOut(4).build(), "convolution")
        .addVertex("both", new MergeVertex(), "numbers", "image")
        .addLayer(
            "output",
            new OutputLayer.Builder(new LossMCXENT())
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build(),
            "both")
        .setOutputs("output")
        .build()
        .toJson();
  }

  /**
   * Of series of three and of two columns, for each of their seven steps, learned in pieces.
   *
   * @param length steps of a piece
   */
  static String truncated(int length) {
    return new NeuralNetConfiguration.Builder()
        .graphBuilder()
        .addInputs("a", "b")
        .setInputTypes(InputType.recurrent(3, 7), InputType.recurrent(2, 7))
        .addLayer("lstm", new LSTM.Builder().nOut(4).build(), "a")
        .addLayer("simple", new LSTM.Builder().nOut(3).activation(Activation.TANH).build(), "b")
        .addVertex("both", new MergeVertex(), "lstm", "simple")
        .addLayer("joint", new LSTM.Builder().nOut(3).build(), "both")
        .addLayer(
            "output",
            new RnnOutputLayer.Builder(new LossMCXENT())
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build(),
            "joint")
        .setOutputs("output")
        .backpropType(BackpropType.TruncatedBPTT)
        .tBPTTForwardLength(length)
        .tBPTTBackwardLength(length)
        .build()
        .toJson();
  }
}
