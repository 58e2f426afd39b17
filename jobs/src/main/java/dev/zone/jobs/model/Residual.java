package dev.zone.jobs.model;

import dev.zone.conf.ModelSpec;
import dev.zone.datasets.PreparedManifest;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;

/**
 * The named architecture {@code resnet} (He et al., 2016, section 4.2, with projections where the
 * shape changes): a first convolution, stages of blocks of two 3x3 convolutions with batch
 * normalisation, each stage after the first halving the image, average over the image.
 */
final class Residual {
  private final ComputationGraphConfiguration.GraphBuilder graph;

  private Residual(ComputationGraphConfiguration.GraphBuilder graph) {
    this.graph = graph;
  }

  static ComputationGraphConfiguration resnet(
      ModelSpec.Resnet spec,
      NeuralNetConfiguration.Builder base,
      PreparedManifest.Input input,
      Outputs outputs,
      int width) {
    Residual net =
        new Residual(
            base.weightInit(WeightInit.RELU)
                .graphBuilder()
                .addInputs("input")
                .setInputTypes(FeedForward.image(input)));
    int channels = spec.filters().get(0);
    net.convolution("stem", "input", channels, 3, spec.stemStride());
    String from = net.relu("stem-relu", net.normalised("stem"));
    for (int stage = 0; stage < spec.filters().size(); stage++) {
      int filters = spec.filters().get(stage);
      for (int block = 0; block < spec.blocks(); block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        from = net.block("stage-%d-%d".formatted(stage, block), from, channels, filters, stride);
        channels = filters;
      }
    }
    net.graph.addLayer("average", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), from);
    net.graph.addLayer("output", outputs.layer(width, spec.dropout(), false), "average");
    return net.graph.setOutputs("output").build();
  }

  private String block(String name, String from, int channels, int filters, int stride) {
    convolution(name + "-a", from, filters, 3, stride);
    String inner = relu(name + "-a-relu", normalised(name + "-a"));
    convolution(name + "-b", inner, filters, 3, 1);
    String outer = normalised(name + "-b");
    String shortcut = from;
    if (stride != 1 || channels != filters) {
      convolution(name + "-shortcut", from, filters, 1, stride);
      shortcut = normalised(name + "-shortcut");
    }
    graph.addVertex(
        name + "-sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), outer, shortcut);
    return relu(name + "-relu", name + "-sum");
  }

  private void convolution(String name, String from, int filters, int kernel, int stride) {
    graph.addLayer(
        name,
        new ConvolutionLayer.Builder(kernel, kernel)
            .nOut(filters)
            .stride(stride, stride)
            .convolutionMode(ConvolutionMode.Same)
            .hasBias(false)
            .activation(Activation.IDENTITY)
            .build(),
        from);
  }

  private String normalised(String from) {
    String name = from + "-normalised";
    graph.addLayer(name, new BatchNormalization.Builder().build(), from);
    return name;
  }

  private String relu(String name, String from) {
    graph.addLayer(name, new ActivationLayer(Activation.RELU), from);
    return name;
  }
}
