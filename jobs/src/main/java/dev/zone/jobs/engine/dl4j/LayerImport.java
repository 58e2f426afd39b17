package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.engine.graph.Function;
import dev.zone.jobs.engine.graph.GraphBuilder;
import dev.zone.jobs.engine.graph.Loss;
import dev.zone.jobs.engine.graph.Operation;
import dev.zone.jobs.engine.graph.Shape;
import dev.zone.jobs.engine.graph.Slice;
import dev.zone.jobs.engine.graph.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** DL4J's layers as nodes of a graph. */
final class LayerImport {
  private static final int GATES = 4;
  private static final int IMAGE = 3;
  private static final int WINDOW = 2;

  private final GraphBuilder graph;
  private final WindowImport windows;
  private Optional<Loss> loss = Optional.empty();

  /**
   * @param format of all images
   */
  LayerImport(GraphBuilder graph, CNN2DFormat format) {
    this.graph = graph;
    this.windows = new WindowImport(format);
  }

  /** What the last layer that has one makes small. */
  Optional<Loss> loss() {
    return loss;
  }

  /**
   * Adds a layer.
   *
   * @param name for people
   * @param input node it works on
   * @param offset of its parameters in the flat vector
   * @return the node of its values
   */
  int add(String name, Layer layer, int input, int offset) throws UncoveredException {
    requirePlain(layer);
    int from = dropped(name, layer, input);
    // A subclass is another layer.
    Class<?> type = layer.getClass();
    if (type == DenseLayer.class) {
      return dense(name, (DenseLayer) layer, from, offset);
    }
    if (type == OutputLayer.class || type == RnnOutputLayer.class) {
      return output(name, (BaseOutputLayer) layer, from, offset);
    }
    if (type == ConvolutionLayer.class || type == Convolution1DLayer.class) {
      return convolution(name, (ConvolutionLayer) layer, from, offset);
    }
    if (type == SubsamplingLayer.class || type == Subsampling1DLayer.class) {
      return pooling(name, (SubsamplingLayer) layer, from);
    }
    if (type == GlobalPoolingLayer.class) {
      return globalPooling(name, (GlobalPoolingLayer) layer, from);
    }
    if (type == BatchNormalization.class) {
      return normalization(name, (BatchNormalization) layer, from, offset);
    }
    if (type == LSTM.class) {
      return lstm(name, (LSTM) layer, from, offset);
    }
    if (type == Bidirectional.class) {
      return bidirectional(name, (Bidirectional) layer, from, offset);
    }
    if (type == LastTimeStep.class) {
      int steps = add(name, ((LastTimeStep) layer).getUnderlying(), from, offset);
      return graph.add(name, new Operation.LastStep(), List.of(steps));
    }
    if (layer instanceof ActivationLayer activation) {
      return activated(name, FunctionImport.of(activation.getActivationFn()), from);
    }
    if (type == DropoutLayer.class) {
      return from;
    }
    if (type == LossLayer.class) {
      LossLayer own = (LossLayer) layer;
      loss = Optional.of(LossImport.of(own.getLossFn(), own.getActivationFn()));
      return from;
    }
    throw new UncoveredException("it is a " + type.getSimpleName());
  }

  private static void requirePlain(Layer layer) throws UncoveredException {
    if (layer instanceof BaseLayer base && base.getWeightNoise() != null) {
      throw new UncoveredException("of its weight noise");
    }
  }

  /** What a layer gets of a node's values in training. */
  private int dropped(String name, Layer layer, int input) throws UncoveredException {
    IDropout dropout = layer.getIDropout();
    if (dropout == null) {
      return input;
    }
    boolean applied =
        layer instanceof DenseLayer
            || layer instanceof BaseOutputLayer
            // DL4J's windows get no dropout on their way back.
            || layer instanceof ConvolutionLayer && !(layer instanceof Convolution1DLayer)
            || layer instanceof LSTM
            || layer instanceof DropoutLayer;
    if (!applied || dropout.getClass() != Dropout.class) {
      throw new UncoveredException("of its " + dropout);
    }
    Dropout plain = (Dropout) dropout;
    if (plain.getPSchedule() != null) {
      throw new UncoveredException("its dropout has a schedule");
    }
    return plain.getP() >= 1
        ? input
        : graph.add(name, new Operation.Dropout(plain.getP()), List.of(input));
  }

  private int activated(String name, Function function, int input) {
    return function.isIdentity()
        ? input
        : graph.add(name, new Operation.Activation(function), List.of(input));
  }

  private int dense(String name, DenseLayer layer, int input, int offset)
      throws UncoveredException {
    if (layer.hasLayerNorm()) {
      throw new UncoveredException("of its layer normalisation");
    }
    int node = dense(name, input, offset, layer.getNOut(), layer.hasBias());
    return activated(name, FunctionImport.of(layer.getActivationFn()), node);
  }

  private int output(String name, BaseOutputLayer layer, int input, int offset)
      throws UncoveredException {
    loss = Optional.of(LossImport.of(layer.getLossFn(), layer.getActivationFn()));
    return dense(name, input, offset, layer.getNOut(), layer.hasBias());
  }

  /** DL4J's matrix [inputs, outputs] in column order is [outputs, inputs] in row order. */
  private int dense(String name, int input, int offset, long width, boolean hasBias)
      throws UncoveredException {
    int outputs = Math.toIntExact(width);
    if (graph.shape(input).rank() == WINDOW) {
      return ofEachStep(name, input, offset, outputs, hasBias);
    }
    requireRank(input, 1);
    int numbers = Math.multiplyExact(outputs, graph.shape(input).elements());
    Optional<Slice> bias =
        hasBias ? Optional.of(new Slice(offset + numbers, outputs)) : Optional.empty();
    return graph.add(
        name,
        new Operation.Dense(outputs, new Slice(offset, numbers), false, bias, Function.IDENTITY),
        List.of(input));
  }

  /** A dense layer on each step of a window: a convolution that sees one step. */
  private int ofEachStep(String name, int input, int offset, int outputs, boolean hasBias) {
    Shape shape = graph.shape(input);
    int numbers = Math.multiplyExact(outputs, shape.axis(0));
    List<Integer> one = List.of(1);
    return graph.add(
        name,
        new Operation.Convolution(
            outputs,
            Window.same(shape, one, one, one),
            new Slice(offset, numbers),
            false,
            hasBias ? Optional.of(new Slice(offset + numbers, outputs)) : Optional.empty(),
            Function.IDENTITY),
        List.of(input));
  }

  private int convolution(String name, ConvolutionLayer layer, int input, int offset)
      throws UncoveredException {
    requireRank(input, layer instanceof Convolution1DLayer ? WINDOW : IMAGE);
    Shape shape = graph.shape(input);
    int filters = Math.toIntExact(layer.getNOut());
    var window = windows.of(layer, shape);
    int kernel = window.kernel().stream().mapToInt(Integer::intValue).reduce(1, (a, b) -> a * b);
    int numbers = Math.multiplyExact(Math.multiplyExact(filters, shape.axis(0)), kernel);
    // DL4J has the bias before the weights.
    Optional<Slice> bias =
        layer.hasBias() ? Optional.of(new Slice(offset, filters)) : Optional.empty();
    Slice weights = new Slice(offset + bias.map(Slice::length).orElse(0), numbers);
    int node =
        graph.add(
            name,
            new Operation.Convolution(
                filters,
                window,
                weights,
                // DL4J takes the memory of [filters, channels, kernel] for that of the opposite.
                layer instanceof Convolution1DLayer,
                bias,
                Function.IDENTITY),
            List.of(input));
    return activated(name, FunctionImport.of(layer.getActivationFn()), node);
  }

  private int pooling(String name, SubsamplingLayer layer, int input) throws UncoveredException {
    requireRank(input, layer instanceof Subsampling1DLayer ? WINDOW : IMAGE);
    boolean largest =
        switch (layer.getPoolingType()) {
          case MAX -> true;
          case AVG -> false;
          default -> throw new UncoveredException("it pools by " + layer.getPoolingType());
        };
    if (!largest && layer.isAvgPoolIncludePadInDivisor()) {
      throw new UncoveredException("its averages count padding");
    }
    return graph.add(
        name,
        new Operation.Pooling(largest, windows.of(layer, graph.shape(input))),
        List.of(input));
  }

  private int globalPooling(String name, GlobalPoolingLayer layer, int input)
      throws UncoveredException {
    Shape shape = graph.shape(input);
    int first = shape.rank() == IMAGE ? windows.firstOfPlaces() : 2;
    int[] all = IntStream.range(first, first + shape.rank() - 1).toArray();
    boolean plain =
        layer.isCollapseDimensions()
            && (layer.getPoolingDimensions() == null
                || Arrays.equals(layer.getPoolingDimensions(), all));
    PoolingType type = layer.getPoolingType();
    if (!plain || type != PoolingType.MAX && type != PoolingType.AVG) {
      throw new UncoveredException(
          plain ? "it pools by " + type : "of the dimensions that it pools over");
    }
    if (shape.rank() == 1) {
      throw new UncoveredException("it pools over features");
    }
    var whole = Window.whole(shape);
    int node =
        graph.add(name, new Operation.Pooling(type == PoolingType.MAX, whole), List.of(input));
    return graph.add(name, new Operation.Reshape(Shape.of(shape.axis(0)), false), List.of(node));
  }

  private int normalization(String name, BatchNormalization layer, int input, int offset)
      throws UncoveredException {
    if (layer.isLockGammaBeta() || !layer.isMinibatch()) {
      throw new UncoveredException("its normalisation has no parameters or is not by batches");
    }
    if (graph.shape(input).rank() == WINDOW) {
      throw new UncoveredException("it normalises windows");
    }
    if (graph.shape(input).rank() == IMAGE) {
      windows.requireFormat(layer.getCnn2DFormat());
    }
    int width = graph.shape(input).axis(0);
    // DL4J applies no activation function here, whatever the configuration says.
    return graph.add(
        name,
        new Operation.Normalization(
            new Slice(offset, width),
            new Slice(offset + width, width),
            new Slice(offset + 2 * width, width),
            new Slice(offset + 3 * width, width),
            new Operation.Normalization.Settings(
                layer.getEps(), layer.getDecay(), layer.isUseLogStd(), false)),
        List.of(input));
  }

  private int lstm(String name, LSTM layer, int input, int offset) throws UncoveredException {
    requireRank(input, WINDOW);
    windows.requireStepsLast(layer.getRnnDataFormat());
    if (!(layer.getActivationFn() instanceof ActivationTanH)
        || !(layer.getGateActivationFn() instanceof ActivationSigmoid)) {
      throw new UncoveredException(
          "of its activation functions %s and %s"
              .formatted(layer.getActivationFn(), layer.getGateActivationFn()));
    }
    int units = Math.toIntExact(layer.getNOut());
    int gates = GATES * units;
    Slice weights = new Slice(offset, graph.shape(input).axis(0) * gates);
    Slice recurrent = new Slice(offset + weights.length(), units * gates);
    Slice bias = new Slice(recurrent.from() + recurrent.length(), gates);
    int node = graph.add(name, new Operation.Lstm(units, weights, recurrent, bias), List.of(input));
    return graph.add(name, new Operation.Mask(), List.of(node));
  }

  private int bidirectional(String name, Bidirectional layer, int input, int offset)
      throws UncoveredException {
    Operation both =
        switch (layer.getMode()) {
          case CONCAT -> new Operation.Concatenation();
          case ADD -> new Operation.Sum(Function.IDENTITY);
          default -> throw new UncoveredException("it joins directions by " + layer.getMode());
        };
    if (!(layer.getFwd() instanceof LSTM lstm)) {
      throw new UncoveredException("it is of " + layer.getFwd().getClass().getSimpleName());
    }
    requireRank(input, WINDOW);
    int units = Math.toIntExact(lstm.getNOut());
    int parameters = GATES * units * (graph.shape(input).axis(0) + units + 1);
    int forward = add(name, layer.getFwd(), input, offset);
    int reversed = graph.add(name, new Operation.Reversal(), List.of(input));
    int backward = add(name, layer.getBwd(), reversed, offset + parameters);
    int restored = graph.add(name, new Operation.Reversal(), List.of(backward));
    return graph.add(name, both, List.of(forward, restored));
  }

  private void requireRank(int input, int rank) throws UncoveredException {
    if (graph.shape(input).rank() != rank) {
      throw new UncoveredException("it works on values of %s".formatted(graph.shape(input)));
    }
  }
}
