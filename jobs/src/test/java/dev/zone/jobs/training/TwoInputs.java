package dev.zone.jobs.training;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** A ComputationGraph of seven numbers and an image of [2, 6, 6] for three classes. */
final class TwoInputs {
  private TwoInputs() {}

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
}
