package dev.zone.jobs.model;

import dev.zone.conf.ModelSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.PreparedManifest;
import java.util.Collections;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;

/** The named architectures {@code mlp} and {@code cnn}. */
final class FeedForward {
  private FeedForward() {}

  static MultiLayerConfiguration mlp(
      ModelSpec.Mlp spec,
      LayerStack stack,
      PreparedManifest.Input input,
      Outputs outputs,
      int width) {
    double dropout = spec.inputDropout();
    for (int units : spec.hidden()) {
      if (spec.batchNorm()) {
        stack.normalisedDense(units, spec.activation(), dropout);
      } else {
        stack.dense(List.of(units), spec.activation(), dropout);
      }
      dropout = spec.dropout();
    }
    return stack.output(outputs, width, dropout).build(InputType.feedForward(input.elements()));
  }

  /**
   * @param input [channels, height, width]
   */
  static MultiLayerConfiguration cnn(
      ModelSpec.Cnn spec,
      NeuralNetConfiguration.Builder base,
      PreparedManifest.Input input,
      Outputs outputs,
      int width) {
    LayerStack stack = new LayerStack(base);
    spec.stem().ifPresent(stem -> convolution(spec, stack, stem, 1));
    for (int block = 0; block < spec.filters().size(); block++) {
      for (int i = 1; i <= spec.convolutions(); i++) {
        ModelSpec.Stem convolution =
            new ModelSpec.Stem(spec.filters().get(block), spec.kernel(), 1);
        convolution(spec, stack, convolution, i == spec.convolutions() ? pool(spec, block) : 1);
      }
      if (spec.blockDropout() > 0) {
        stack.add("dropout", new DropoutLayer.Builder(1 - spec.blockDropout()).build());
      }
    }
    return stack
        .join(spec.joint())
        .dense(spec.dense(), spec.activation(), spec.dropout())
        .output(outputs, width, spec.dropout())
        .build(image(input));
  }

  static int pool(ModelSpec.Cnn spec, int block) {
    return spec.pools().map(pools -> pools.get(block)).orElse(2);
  }

  /**
   * A convolution, pooled. With batch normalisation the pooling comes first: it leaves a quarter of
   * the values to normalise.
   */
  private static void convolution(
      ModelSpec.Cnn spec, LayerStack stack, ModelSpec.Stem convolution, int pool) {
    ConvolutionLayer.Builder layer =
        new ConvolutionLayer.Builder(convolution.kernel(), convolution.kernel())
            .nOut(convolution.filters())
            .stride(convolution.stride(), convolution.stride())
            .convolutionMode(ConvolutionMode.Same)
            .weightInit(Base.weightInit(spec.activation()));
    if (!spec.batchNorm()) {
      stack.add("convolution", layer.activation(Base.activation(spec.activation())).build());
      pooling(spec, stack, pool);
      return;
    }
    stack.add("convolution", layer.hasBias(false).activation(Activation.IDENTITY).build());
    pooling(spec, stack, pool);
    stack
        .add("normalisation", new BatchNormalization.Builder().build())
        .add("activation", new ActivationLayer(Base.activation(spec.activation())));
  }

  private static void pooling(ModelSpec.Cnn spec, LayerStack stack, int pool) {
    if (pool > 1) {
      SubsamplingLayer.PoolingType type =
          spec.pooling() == ModelSpec.Pooling.MAX
              ? SubsamplingLayer.PoolingType.MAX
              : SubsamplingLayer.PoolingType.AVG;
      stack.add(
          "pooling",
          new SubsamplingLayer.Builder(type).kernelSize(pool, pool).stride(pool, pool).build());
    }
  }

  /** DL4J's type of [channels, height, width]. */
  static InputType image(PreparedManifest.Input input) {
    return InputType.convolutional(
        input.shape().get(1), input.shape().get(2), input.shape().get(0));
  }

  /** Adds a problem unless each block has its pooling. */
  static void checkPools(ModelSpec.Cnn spec, Problems problems) {
    int blocks = spec.filters().size();
    int pools = spec.pools().map(List::size).orElse(blocks);
    if (pools != blocks) {
      problems.add(
          "model.pools",
          "Cannot build cnn: %d numbers in pools (expected %d, one a block)"
              .formatted(pools, blocks));
    }
  }

  /** By how much stem and blocks divide the image's sides. */
  static int shrinkage(ModelSpec.Cnn spec) {
    long product = spec.stem().map(ModelSpec.Stem::stride).orElse(1);
    List<Integer> pools =
        spec.pools().orElseGet(() -> Collections.nCopies(spec.filters().size(), 2));
    for (int pool : pools) {
      product = Math.min(Integer.MAX_VALUE, product * pool);
    }
    return (int) product;
  }

  /** Adds a problem if nothing would be left of the image. */
  static void checkSide(
      String architecture, int shrinkage, PreparedManifest.Input input, Problems problems) {
    int side = Math.min(input.shape().get(1), input.shape().get(2));
    if (side < shrinkage) {
      problems.add(
          "model",
          "Cannot build %s: input '%s' of %dx%d pixels, divided by %d (expected at most %d)"
              .formatted(
                  architecture,
                  input.name(),
                  input.shape().get(1),
                  input.shape().get(2),
                  shrinkage,
                  side));
    }
  }
}
