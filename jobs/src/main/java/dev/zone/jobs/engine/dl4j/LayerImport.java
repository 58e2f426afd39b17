package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.engine.graph.Function;
import dev.zone.jobs.engine.graph.GraphBuilder;
import dev.zone.jobs.engine.graph.Loss;
import dev.zone.jobs.engine.graph.Mapping;
import dev.zone.jobs.engine.graph.Operation;
import dev.zone.jobs.engine.graph.Rearrangement;
import dev.zone.jobs.engine.graph.Rearrangement.OfSteps;
import dev.zone.jobs.engine.graph.Shape;
import dev.zone.jobs.engine.graph.Slice;
import dev.zone.jobs.engine.graph.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** DL4J's layers as nodes of a graph. */
final class LayerImport {
  private static final int GATES = 4;
  private static final int IMAGE = 3;
  private static final int WINDOW = 2;

  private final GraphBuilder graph;
  private final WindowImport windows;
  private final PlacesImport places;
  private final DropoutImport dropout;
  private Optional<Loss> loss = Optional.empty();

  /** Whether the layer that is added behaves as in inference. */
  private boolean frozen;

  /**
   * @param format of all images
   */
  LayerImport(GraphBuilder graph, CNN2DFormat format) {
    this.graph = graph;
    this.windows = new WindowImport(format);
    this.places = new PlacesImport(graph, windows);
    this.dropout = new DropoutImport(graph, format == CNN2DFormat.NHWC);
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
    int from = frozen ? input : dropout.before(name, layer, input);
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
      return graph.add(name, new Rearrangement.LastStep(), List.of(steps));
    }
    if (layer instanceof ActivationLayer activation) {
      return activated(name, activation.getActivationFn(), from);
    }
    if (type == DropoutLayer.class) {
      return from;
    }
    if (type == LossLayer.class) {
      LossLayer own = (LossLayer) layer;
      loss = Optional.of(LossImport.of(own.getLossFn(), own.getActivationFn()));
      return from;
    }
    if (type == FrozenLayer.class) {
      return frozen(name, ((FrozenLayer) layer).getLayer(), from, offset);
    }
    if (type == EmbeddingLayer.class || type == EmbeddingSequenceLayer.class) {
      return embedding(name, (FeedForwardLayer) layer, from, offset);
    }
    int node =
        places
            .add(name, layer, from, offset)
            .orElseThrow(() -> new UncoveredException("it is a " + type.getSimpleName()));
    return layer instanceof BaseLayer base ? activated(name, base.getActivationFn(), node) : node;
  }

  /** DL4J lets no gradient through, so nothing before it is learned. */
  private int frozen(String name, Layer layer, int input, int offset) throws UncoveredException {
    boolean before = frozen;
    frozen = true;
    int node = add(name, layer, input, offset);
    frozen = before;
    return graph.add(name, new Mapping.Stop(), List.of(node));
  }

  private int embedding(String name, FeedForwardLayer layer, int input, int offset)
      throws UncoveredException {
    Shape shape = graph.shape(input);
    boolean hasBias;
    boolean ofSteps = layer instanceof EmbeddingSequenceLayer;
    if (layer instanceof EmbeddingSequenceLayer sequence) {
      windows.requireStepsLast(sequence.getOutputFormat());
      hasBias = sequence.hasBias();
    } else {
      hasBias = ((EmbeddingLayer) layer).hasBias();
    }
    boolean fits =
        ofSteps ? shape.elements() == shape.axis(shape.rank() - 1) : shape.elements() == 1;
    if (!fits) {
      throw new UncoveredException("it finds rows by values of " + shape);
    }
    int rows = Math.toIntExact(layer.getNIn());
    int width = Math.toIntExact(layer.getNOut());
    Slice table = new Slice(offset, Math.multiplyExact(rows, width));
    Optional<Slice> bias =
        hasBias ? Optional.of(new Slice(offset + table.length(), width)) : Optional.empty();
    int node =
        graph.add(name, new Operation.Embedding(rows, width, ofSteps, table, bias), List.of(input));
    return activated(name, layer.getActivationFn(), node);
  }

  private static void requirePlain(Layer layer) throws UncoveredException {
    if (layer instanceof BaseLayer base && base.getWeightNoise() != null) {
      throw new UncoveredException("of its weight noise");
    }
  }

  private int activated(String name, IActivation activation, int input) throws UncoveredException {
    if (activation instanceof ActivationSoftmax) {
      requireRank(input, 1); // DL4J's is of the last axis, whatever that is
      return graph.add(name, new Mapping.Softmax(), List.of(input));
    }
    Function function = FunctionImport.of(activation);
    return function.isIdentity()
        ? input
        : graph.add(name, new Mapping.Activation(function), List.of(input));
  }

  private int dense(String name, DenseLayer layer, int input, int offset)
      throws UncoveredException {
    if (layer.hasLayerNorm()) {
      throw new UncoveredException("of its layer normalisation");
    }
    int node = dense(name, input, offset, layer.getNOut(), layer.hasBias());
    return activated(name, layer.getActivationFn(), node);
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
    return activated(name, layer.getActivationFn(), node);
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
        new Operation.Pooling(largest, windows.of(layer, graph.shape(input)), Function.IDENTITY),
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
    if (!plain) {
      throw new UncoveredException("of the dimensions that it pools over");
    }
    if (shape.rank() == 1) {
      throw new UncoveredException("it pools over features");
    }
    OfSteps.Kind kind =
        switch (layer.getPoolingType()) {
          case MAX -> OfSteps.Kind.LARGEST;
          case AVG -> OfSteps.Kind.AVERAGE;
          case SUM -> OfSteps.Kind.SUM;
          default -> throw new UncoveredException("it pools by " + layer.getPoolingType());
        };
    return shape.rank() == WINDOW
        ? graph.add(name, new OfSteps(kind), List.of(input))
        : ofPlaces(name, kind, input);
  }

  private int ofPlaces(String name, OfSteps.Kind kind, int input) {
    Shape shape = graph.shape(input);
    int node =
        graph.add(
            name,
            new Operation.Pooling(
                kind == OfSteps.Kind.LARGEST, Window.whole(shape), Function.IDENTITY),
            List.of(input));
    int channels = shape.axis(0);
    int flat = graph.add(name, new Rearrangement.Reshape(Shape.of(channels), false), List.of(node));
    if (kind != OfSteps.Kind.SUM) {
      return flat;
    }
    float places = (float) shape.elements() / channels;
    return graph.add(
        name, new Mapping.Activation(new Function(Function.Kind.SCALED, places)), List.of(flat));
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
                layer.getEps(), layer.getDecay(), layer.isUseLogStd(), false, frozen)),
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
    return graph.add(name, new Mapping.Mask(), List.of(node));
  }

  private int bidirectional(String name, Bidirectional layer, int input, int offset)
      throws UncoveredException {
    Operation both =
        switch (layer.getMode()) {
          case CONCAT -> new Rearrangement.Concatenation();
          case ADD -> new Mapping.Sum(Function.IDENTITY);
          default -> throw new UncoveredException("it joins directions by " + layer.getMode());
        };
    if (!(layer.getFwd() instanceof LSTM lstm)) {
      throw new UncoveredException("it is of " + layer.getFwd().getClass().getSimpleName());
    }
    requireRank(input, WINDOW);
    int units = Math.toIntExact(lstm.getNOut());
    int parameters = GATES * units * (graph.shape(input).axis(0) + units + 1);
    int forward = add(name, layer.getFwd(), input, offset);
    int reversed = graph.add(name, new Rearrangement.Reversal(true), List.of(input));
    int backward = add(name, layer.getBwd(), reversed, offset + parameters);
    int restored = graph.add(name, new Rearrangement.Reversal(true), List.of(backward));
    return graph.add(name, both, List.of(forward, restored));
  }

  private void requireRank(int input, int rank) throws UncoveredException {
    if (graph.shape(input).rank() != rank) {
      throw new UncoveredException("it works on values of %s".formatted(graph.shape(input)));
    }
  }
}
