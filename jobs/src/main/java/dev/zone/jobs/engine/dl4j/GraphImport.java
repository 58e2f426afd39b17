package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.engine.graph.Graph;
import dev.zone.jobs.engine.graph.GraphBuilder;
import dev.zone.jobs.engine.graph.Loss;
import dev.zone.jobs.engine.graph.Operation;
import dev.zone.jobs.engine.graph.Rearrangement;
import dev.zone.jobs.engine.graph.Shape;
import dev.zone.jobs.model.InputLayout;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.window.StepTargets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.preprocessors.KerasFlattenRnnPreprocessor;

/**
 * Makes graphs of DL4J's configurations. What has no operation is said, never approximated: such a
 * network DL4J itself computes.
 */
public final class GraphImport {
  private static final int IMAGE = 3;

  private final NetworkConfiguration network;
  private final GraphBuilder graph = new GraphBuilder();
  private final CNN2DFormat format;
  private final OptionalInt steps;
  private final LayerImport layers;
  private final VertexImport vertices;

  private GraphImport(NetworkConfiguration network, OptionalInt steps) {
    this.network = network;
    this.steps = steps;
    boolean channelsLast =
        network.inputs().stream()
            .anyMatch(
                input ->
                    input.shape().size() == IMAGE
                        && input.axes() == InputLayout.Axes.CHANNELS_LAST);
    this.format = channelsLast ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
    this.layers = new LayerImport(graph, format);
    this.vertices = new VertexImport(graph, format);
  }

  /** The network as a graph, or the first reason why it cannot be one. */
  public static Imported of(NetworkConfiguration network) {
    Imported whole = of(network, OptionalInt.empty());
    StepTargets targets = network.targets();
    if (targets.segments() == 1 || whole.graph().isEmpty()) {
      return whole;
    }
    for (int piece : List.of(0, targets.segments() - 1)) {
      Imported part = of(network, OptionalInt.of(targets.segment(piece).steps()));
      if (part.graph().isEmpty()) {
        return part;
      }
    }
    return whole;
  }

  /**
   * A network that can be a graph, over windows of fewer steps.
   *
   * @param steps of each window
   */
  public static Graph ofPieces(NetworkConfiguration network, int steps) {
    return of(network, OptionalInt.of(steps)).graph().orElseThrow();
  }

  private static Imported of(NetworkConfiguration network, OptionalInt steps) {
    try {
      return Imported.of(new GraphImport(network, steps).graph());
    } catch (UncoveredException e) {
      return Imported.not(e.getMessage());
    } catch (ArithmeticException e) {
      return Imported.not("it has more parameters than a vector can hold");
    }
  }

  private Graph graph() throws UncoveredException {
    int output =
        switch (network.kind()) {
          case LAYERS -> layered(MultiLayerConfiguration.fromJson(network.json()));
          case GRAPH -> graph(ComputationGraphConfiguration.fromJson(network.json()));
        };
    Loss loss =
        layers.loss().orElseThrow(() -> new UncoveredException("the last layer has no loss"));
    int rank = network.targets().isEach() ? 2 : 1;
    if (graph.shape(output).rank() != rank) {
      throw new UncoveredException("it puts out " + graph.shape(output));
    }
    Graph made = graph.build(output, loss);
    if (made.mixesSets()) {
      throw new UncoveredException("it uses stacked examples with others");
    }
    if (network.targets().segments() > 1) {
      requirePieces(made);
    }
    return made;
  }

  private void requirePieces(Graph made) throws UncoveredException {
    if (!made.goesOnFromPieceToPiece()) {
      throw new UncoveredException("windows are learned in pieces, and it turns them round");
    }
    int wanted = steps.orElse(network.targets().steps());
    int put = made.nodes().get(made.output()).shape().axis(1);
    if (put != wanted) {
      throw new UncoveredException(
          "windows are learned in pieces, and of %d steps it makes %d".formatted(wanted, put));
    }
  }

  private int input(int index) throws UncoveredException {
    InputLayout layout = network.inputs().get(index);
    boolean image = layout.shape().size() == IMAGE && layout.axes() != InputLayout.Axes.FLAT;
    boolean channelsLast = layout.axes() == InputLayout.Axes.CHANNELS_LAST;
    if (channelsLast != (image && format == CNN2DFormat.NHWC)) {
      throw new UncoveredException(
          "input '%s' has its axes in another order".formatted(layout.name()));
    }
    Shape shape =
        layout.axes() == InputLayout.Axes.FLAT ? Shape.of(layout.elements()) : shape(layout);
    return graph.add(layout.name(), new Operation.Input(index, shape), List.of());
  }

  private Shape shape(InputLayout layout) {
    return layout.isWindow() && steps.isPresent()
        ? Shape.of(layout.shape().get(0), steps.getAsInt())
        : new Shape(layout.shape());
  }

  private int layered(MultiLayerConfiguration conf) throws UncoveredException {
    int node = input(0);
    int offset = 0;
    for (int i = 0; i < conf.getConfs().size(); i++) {
      NeuralNetConfiguration own = conf.getConf(i);
      Layer layer = own.getLayer();
      String name = layer.getLayerName() == null ? "layer " + i : layer.getLayerName();
      try {
        requireNoLossBefore();
        node = reshaped(name, conf.getInputPreProcess(i), node);
        node = layers.add(name, layer, node, offset);
      } catch (UncoveredException e) {
        throw new UncoveredException("%s: %s".formatted(name, e.getMessage()));
      }
      offset = Math.addExact(offset, parameters(layer.initializer().numParams(own)));
    }
    return node;
  }

  private void requireNoLossBefore() throws UncoveredException {
    if (layers.loss().isPresent()) {
      throw new UncoveredException("it follows on a layer with a loss");
    }
  }

  private static int parameters(long count) {
    return Math.toIntExact(count);
  }

  private int graph(ComputationGraphConfiguration conf) throws UncoveredException {
    Map<String, Integer> nodes = new HashMap<>();
    List<String> inputs = conf.getNetworkInputs();
    for (int i = 0; i < inputs.size(); i++) {
      nodes.put(inputs.get(i), input(i));
    }
    int offset = 0;
    var indices = new ComputationGraph(conf).calculateIndices();
    for (int index : indices.getTopologicalSortOrder()) {
      String name = indices.getIdxToName().get(index);
      GraphVertex vertex = conf.getVertices().get(name);
      if (vertex == null) {
        continue; // an input of the network
      }
      List<Integer> from = conf.getVertexInputs().get(name).stream().map(nodes::get).toList();
      try {
        boolean found = layers.loss().isPresent();
        nodes.put(name, vertex(name, vertex, from, offset));
        boolean isOutput = conf.getNetworkOutputs().equals(List.of(name));
        if (!found && layers.loss().isPresent() && !isOutput) {
          throw new UncoveredException("it has a loss and is not the output");
        }
      } catch (UncoveredException e) {
        throw new UncoveredException("%s: %s".formatted(name, e.getMessage()));
      }
      offset = Math.addExact(offset, parameters(vertex.numParams(true)));
    }
    return nodes.get(conf.getNetworkOutputs().get(0));
  }

  private int vertex(String name, GraphVertex vertex, List<Integer> inputs, int offset)
      throws UncoveredException {
    if (vertex instanceof LayerVertex layer) {
      int node = reshaped(name, layer.getPreProcessor(), inputs.get(0));
      return layers.add(name, layer.getLayerConf().getLayer(), node, offset);
    }
    if (vertex instanceof PreprocessorVertex preprocessor) {
      return reshaped(name, preprocessor.getPreProcessor(), inputs.get(0));
    }
    return vertices.add(name, vertex, inputs);
  }

  private int reshaped(String name, InputPreProcessor processor, int input)
      throws UncoveredException {
    if (processor == null) {
      return input;
    }
    Shape shape = graph.shape(input);
    if (processor instanceof RnnToFeedForwardPreProcessor
        || processor instanceof FeedForwardToRnnPreProcessor && shape.rank() == 2) {
      return input; // what follows works on each step of a window, and knows by its shape
    }
    boolean flattens =
        processor instanceof CnnToFeedForwardPreProcessor
            || processor instanceof KerasFlattenRnnPreprocessor;
    if (flattens) {
      return shape.rank() == 1
          ? input
          : graph.add(
              name,
              new Rearrangement.Reshape(
                  Shape.of(shape.elements()), shape.rank() == IMAGE && format == CNN2DFormat.NHWC),
              List.of(input));
    }
    if (processor instanceof FeedForwardToCnnPreProcessor image && format == CNN2DFormat.NCHW) {
      return graph.add(
          name,
          new Rearrangement.Reshape(
              Shape.of(
                  parameters(image.getNumChannels()),
                  parameters(image.getInputHeight()),
                  parameters(image.getInputWidth())),
              false),
          List.of(input));
    }
    throw new UncoveredException("of its " + processor.getClass().getSimpleName());
  }
}
