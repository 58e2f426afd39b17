package dev.zone.jobs.engine.onednn;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Draws layers with all their options. */
final class Draws {
  /** Smooth, so that rounding cannot choose a derivative, and one that is not. */
  private static final List<Activation> ACTIVATIONS =
      List.of(
          Activation.IDENTITY,
          Activation.TANH,
          Activation.SIGMOID,
          Activation.ELU,
          Activation.SELU,
          Activation.SOFTPLUS,
          Activation.SWISH,
          Activation.MISH,
          Activation.GELU,
          Activation.HARDSIGMOID,
          Activation.HARDTANH,
          Activation.LEAKYRELU,
          Activation.RELU6,
          Activation.RELU);

  private final Random random;

  Draws(Random random) {
    this.random = random;
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private int from(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  /** [channels, height, width] of so many values at most. */
  List<Integer> image(int values) {
    int channels = from(1, 5);
    int height = from(4, 12);
    return List.of(channels, height, Math.min(from(4, 12), values / channels / height));
  }

  RandomNet.Part part(int rank) {
    return switch (rank) {
      case 1 -> ofFeatures();
      case 2 -> ofWindows();
      default -> ofImages();
    };
  }

  private RandomNet.Part ofFeatures() {
    return switch (random.nextInt(10)) {
      case 8 ->
          new RandomNet.Stacked(
              dense(),
              random.nextInt(3) > 0 ? dense() : new BatchNormalization.Builder().build(),
              1);
      case 6 -> new RandomNet.Vertex(anyVertex(1), 1);
      case 7 -> one(new ActivationLayer(Activation.SOFTMAX), 1);
      // DL4J itself fails on features with the running variance as it is.
      case 0 -> one(new BatchNormalization.Builder().build(), 1);
      case 1 -> one(new ActivationLayer(any(ACTIVATIONS)), 1);
      case 2 -> new RandomNet.Around(dense(), 1, joining());
      default -> one(dense(), 1);
    };
  }

  private Layer dense() {
    return new DenseLayer.Builder()
        .nOut(from(1, 20))
        .hasBias(random.nextInt(4) > 0)
        .activation(any(ACTIVATIONS))
        .build();
  }

  private RandomNet.Part ofWindows() {
    return switch (random.nextInt(14)) {
      case 13 -> new RandomNet.Stacked(lstm(), random.nextBoolean() ? lstm() : series(), 2);
      case 9 -> new RandomNet.Vertex(anyVertex(2), 2);
      case 10 -> one(new ZeroPadding1DLayer(from(0, 2), from(0, 2)), 2);
      case 11 -> new RandomNet.Cropped(from(0, 1), from(0, 1), 2);
      // DL4J itself cannot turn round what this layer makes.
      case 12 -> new RandomNet.Two(new Upsampling1D.Builder(from(1, 3)).build(), series(), 2);
      case 8 ->
          one(
              new Bidirectional(
                  random.nextBoolean() ? Bidirectional.Mode.CONCAT : Bidirectional.Mode.ADD,
                  lstm()),
              2);
      case 0 -> one(new ActivationLayer(any(ACTIVATIONS)), 2);
      case 1 -> new RandomNet.Backwards();
      case 2 -> one(new LastTimeStep(lstm()), 2);
      case 3 -> new RandomNet.Around(lstm(), 2, joining());
      case 4 ->
          one(
              new Subsampling1DLayer.Builder(
                      random.nextBoolean()
                          ? SubsamplingLayer.PoolingType.MAX
                          : SubsamplingLayer.PoolingType.AVG)
                  .kernelSize(2)
                  .stride(1)
                  .convolutionMode(ConvolutionMode.Same)
                  .build(),
              2);
      case 5, 6 -> one(series(), 2);
      default -> one(lstm(), 2);
    };
  }

  private Layer series() {
    return new Convolution1DLayer.Builder(from(1, 4))
        .nOut(from(1, 9))
        .stride(from(1, 2))
        .convolutionMode(any(List.of(ConvolutionMode.Same, ConvolutionMode.Causal)))
        .hasBias(random.nextInt(4) > 0)
        .activation(any(ACTIVATIONS))
        .build();
  }

  private LSTM lstm() {
    return new LSTM.Builder().nOut(from(1, 9)).activation(Activation.TANH).build();
  }

  private RandomNet.Part ofImages() {
    return switch (random.nextInt(18)) {
      case 16 ->
          new RandomNet.Stacked(
              convolution(1, ConvolutionMode.Same),
              random.nextInt(3) > 0 ? convolution(1, ConvolutionMode.Same) : dense(),
              3);
      case 9 -> new RandomNet.Vertex(anyVertex(3), 3);
      case 10 -> one(new ZeroPaddingLayer(from(0, 2), from(0, 2), from(0, 2), from(0, 2)), 3);
      case 11 -> new RandomNet.Cropped(from(0, 1), from(0, 1), 3);
      case 12 -> new RandomNet.Upsampled(from(1, 3), from(1, 2));
      case 13, 14 -> new RandomNet.OfEachChannel(depthwise());
      case 15 -> new RandomNet.OfEachChannel(separable());
      case 0 -> one(new BatchNormalization.Builder().useLogStd(random.nextBoolean()).build(), 3);
      case 1 -> one(new ActivationLayer(any(ACTIVATIONS)), 3);
      case 2 -> one(pooling(), 3);
      case 3 -> new RandomNet.Around(convolution(1, ConvolutionMode.Same), 3, joining());
      case 4 -> one(globalPooling(), 3);
      case 5 -> one(dense(), 3);
      default ->
          one(
              convolution(
                  from(1, 2),
                  any(
                      List.of(
                          ConvolutionMode.Same, ConvolutionMode.Same, ConvolutionMode.Truncate))),
              3);
    };
  }

  private Layer convolution(int stride, ConvolutionMode mode) {
    int kernel = from(1, 3);
    int dilation = kernel > 1 && stride == 1 ? from(1, 2) : 1;
    ConvolutionLayer.Builder layer =
        new ConvolutionLayer.Builder(kernel, from(1, 3))
            .nOut(from(1, 18))
            .stride(stride, stride)
            .dilation(dilation, 1)
            .convolutionMode(mode)
            .hasBias(random.nextInt(4) > 0)
            .activation(any(ACTIVATIONS));
    // Truncated ones would leave nothing of a small image.
    return mode == ConvolutionMode.Truncate ? layer.padding(2, 1).build() : layer.build();
  }

  private Layer globalPooling() {
    return new GlobalPoolingLayer.Builder(random.nextBoolean() ? PoolingType.MAX : PoolingType.AVG)
        .build();
  }

  private Layer depthwise() {
    int height = from(1, 2);
    int width = from(1, 2);
    int most = height == 1 && width == 1 ? 2 : 1;
    return new DepthwiseConvolution2D.Builder(from(1, 3), from(1, 3))
        .depthMultiplier(from(1, 3))
        .stride(height, width)
        .dilation(from(1, most), from(1, most))
        .convolutionMode(ConvolutionMode.Same)
        .hasBias(random.nextInt(4) > 0)
        .activation(any(ACTIVATIONS))
        .build();
  }

  private Layer separable() {
    return new SeparableConvolution2D.Builder(from(2, 3), from(2, 3))
        .depthMultiplier(from(1, 3))
        .nOut(from(1, 12))
        .convolutionMode(ConvolutionMode.Same)
        .hasBias(random.nextInt(4) > 0)
        .activation(any(ACTIVATIONS))
        .build();
  }

  /** One that has one input. */
  private RandomNet.Unary anyVertex(int rank) {
    double number = random.nextGaussian();
    // DL4J itself finds neither the shape of a part of an image nor, in double precision, the
    // length
    // of images and windows.
    return switch (random.nextInt(5 - rank)) {
      case 0 -> channels -> new ScaleVertex(number);
      case 1 -> channels -> new ShiftVertex(number);
      case 2 -> channels -> new SubsetVertex(channels / 3, channels - 1);
      default -> channels -> new L2NormalizeVertex();
    };
  }

  /** How what is around a layer is joined; concatenated if empty. */
  private Optional<ElementWiseVertex.Op> joining() {
    ElementWiseVertex.Op[] all = ElementWiseVertex.Op.values();
    int drawn = random.nextInt(2 * all.length);
    return drawn < all.length ? Optional.of(all[drawn]) : Optional.empty();
  }

  private Layer pooling() {
    return new SubsamplingLayer.Builder(
            random.nextBoolean()
                ? SubsamplingLayer.PoolingType.MAX
                : SubsamplingLayer.PoolingType.AVG)
        .kernelSize(from(1, 3), from(1, 3))
        .stride(from(1, 2), from(1, 2))
        .convolutionMode(ConvolutionMode.Same)
        .build();
  }

  /** An output layer with one of the losses. */
  Layer end() {
    boolean weighted = random.nextInt(4) == 0;
    OutputLayer.Builder end =
        new OutputLayer.Builder().nOut(Ends.OUTPUTS).hasBias(random.nextInt(4) > 0);
    var weights = weighted ? Nd4j.createFromArray(Ends.WEIGHTS) : null;
    return switch (random.nextInt(6)) {
      case 0, 1 -> end(end, new LossMCXENT(weights), Activation.SOFTMAX);
      case 2 -> end(end, new LossBinaryXENT(weights), Activation.SIGMOID);
      case 3 -> end(end, new LossMSE(weights), any(List.of(Activation.IDENTITY, Activation.TANH)));
      case 4 -> end(end, new LossMAE(weights), Activation.IDENTITY);
      default ->
          end(
              end,
              random.nextBoolean() ? new LossL2(weights) : new LossL1(weights),
              Activation.SIGMOID);
    };
  }

  private static Layer end(OutputLayer.Builder end, ILossFunction loss, Activation activation) {
    return end.lossFunction(loss).activation(activation).build();
  }

  private static RandomNet.Part one(Layer layer, int rank) {
    return new RandomNet.One(layer, rank);
  }
}
