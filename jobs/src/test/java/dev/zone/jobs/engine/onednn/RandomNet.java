package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.model.InputLayout;
import dev.zone.jobs.model.LayerSummary;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.StartParameters;
import dev.zone.jobs.window.StepTargets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A network of random layers as data, so that layers can be left out of it and the rest still makes
 * a network.
 *
 * @param input shape of an example
 * @param parts in order; those that do not suit what comes before them are left out
 * @param end the output layer
 * @param seed of the parameters and examples
 */
record RandomNet(List<Integer> input, List<Part> parts, Layer end, long seed) {
  private static final int MOST_VALUES = 4000;

  /** Something between an input and an output, of values of a rank. */
  interface Part {
    /** Whether it can follow on values of the shape. */
    boolean suits(List<Integer> shape);

    /**
     * Adds it.
     *
     * @param from what it works on
     * @return what it is called
     */
    String add(Construction net, String from);
  }

  /** A network being built. */
  static final class Construction {
    final ComputationGraphConfiguration.GraphBuilder graph;
    private final Shapes shapes;
    private int count;

    private Construction(ComputationGraphConfiguration.GraphBuilder graph, Shapes shapes) {
      this.graph = graph;
      this.shapes = shapes;
    }

    String layer(Layer layer, String from) {
      String name = "n" + count++;
      graph.addLayer(name, layer.clone(), from);
      return name;
    }

    String vertex(GraphVertex vertex, String... from) {
      String name = "n" + count++;
      graph.addVertex(name, vertex.clone(), from);
      return name;
    }

    List<Integer> shape(String name) {
      return shapes.of(graph, name);
    }
  }

  /** What DL4J says of shapes. */
  private record Shapes(InputType input) {
    List<Integer> of(ComputationGraphConfiguration.GraphBuilder graph, String name) {
      if (name.equals("input")) {
        return sizes(input);
      }
      ComputationGraphConfiguration soFar = graph.build();
      return sizes(soFar.getLayerActivationTypes(true, true, input).get(name));
    }

    private static List<Integer> sizes(InputType type) {
      List<Integer> sizes = new ArrayList<>();
      for (long size : type.getShape(false)) {
        sizes.add((int) size);
      }
      return sizes;
    }
  }

  /** A single layer. */
  record One(Layer layer, int rank) implements Part {
    @Override
    public boolean suits(List<Integer> shape) {
      return shape.size() == rank;
    }

    @Override
    public String add(Construction net, String from) {
      return net.layer(layer, from);
    }
  }

  /** What comes, or another of its kind, joined with what a layer makes of it. */
  record Around(Layer layer, int rank, Optional<ElementWiseVertex.Op> joining) implements Part {
    @Override
    public boolean suits(List<Integer> shape) {
      return shape.size() == rank;
    }

    @Override
    public String add(Construction net, String from) {
      String made = net.layer(layer, from);
      if (joining.isEmpty()) {
        return net.vertex(new MergeVertex(), made, from);
      }
      String other = net.layer(layer, from);
      return net.vertex(new ElementWiseVertex(joining.get()), made, other);
    }
  }

  /** What comes and what a layer makes of it, both worked on by another layer, and joined. */
  record Stacked(Layer layer, Layer both, int rank) implements Part {
    @Override
    public boolean suits(List<Integer> shape) {
      return shape.size() == rank;
    }

    @Override
    public String add(Construction net, String from) {
      String one = net.layer(layer, from);
      String other = net.layer(layer, from);
      String made = net.layer(both, net.vertex(new StackVertex(), one, other));
      String first = net.vertex(new UnstackVertex(0, 2), made);
      return net.vertex(new MergeVertex(), net.vertex(new UnstackVertex(1, 2), made), first);
    }
  }

  /** A vertex for so many channels. */
  interface Unary {
    GraphVertex of(int channels);
  }

  /** A vertex of one input. */
  record Vertex(Unary vertex, int rank) implements Part {
    @Override
    public boolean suits(List<Integer> shape) {
      return shape.size() == rank;
    }

    @Override
    public String add(Construction net, String from) {
      GraphVertex own = vertex.of(net.shape(from).get(0));
      return net.vertex(own, from);
    }
  }

  /** What is left without the first and last places. */
  record Cropped(int before, int after, int rank) implements Part {
    @Override
    public boolean suits(List<Integer> shape) {
      return shape.size() == rank && shape.stream().skip(1).allMatch(size -> size > before + after);
    }

    @Override
    public String add(Construction net, String from) {
      return net.layer(
          rank == 2 ? new Cropping1D(before, after) : new Cropping2D(before, after, after, before),
          from);
    }
  }

  /** A convolution of each channel by itself; DL4J itself fails with a single one. */
  record OfEachChannel(Layer layer) implements Part {
    @Override
    public boolean suits(List<Integer> shape) {
      return shape.size() == 3 && shape.stream().allMatch(size -> size > 1);
    }

    @Override
    public String add(Construction net, String from) {
      return net.layer(layer, from);
    }
  }

  /** Two layers, one after the other. */
  record Two(Layer first, Layer second, int rank) implements Part {
    @Override
    public boolean suits(List<Integer> shape) {
      return shape.size() == rank;
    }

    @Override
    public String add(Construction net, String from) {
      return net.layer(second, net.layer(first, from));
    }
  }

  /** Each place of a small image several times. */
  record Upsampled(int height, int width) implements Part {
    private static final int LARGEST = 600;

    @Override
    public boolean suits(List<Integer> shape) {
      return shape.size() == 3 && shape.get(0) * shape.get(1) * shape.get(2) < LARGEST;
    }

    @Override
    public String add(Construction net, String from) {
      return net.layer(new Upsampling2D.Builder().size(new int[] {height, width}).build(), from);
    }
  }

  /** The steps the other way round. */
  record Backwards() implements Part {
    @Override
    public boolean suits(List<Integer> shape) {
      return shape.size() == 2;
    }

    @Override
    public String add(Construction net, String from) {
      return net.vertex(new ReverseTimeSeriesVertex(), from);
    }
  }

  /** The configuration of all parts that fit. */
  ComputationGraphConfiguration configuration(DataType type) {
    NeuralNetConfiguration.Builder base =
        new NeuralNetConfiguration.Builder().dataType(type).seed(seed);
    InputType inputType = inputType();
    ComputationGraphConfiguration.GraphBuilder graph =
        base.graphBuilder().addInputs("input").setInputTypes(inputType);
    Construction net = new Construction(graph, new Shapes(inputType));
    String last = "input";
    List<Integer> shape = input;
    for (Part part : parts) {
      if (part.suits(shape)) {
        last = part.add(net, last);
        graph.setOutputs(last);
        shape = net.shape(last);
      }
    }
    last = joined(net, last, shape);
    return graph.setOutputs(net.layer(end, last)).build();
  }

  /** Windows and images have to become features before the end. */
  private static String joined(Construction net, String last, List<Integer> shape) {
    return shape.size() == 1 ? last : net.layer(Ends.joining(shape.size()), last);
  }

  /** Whether DL4J's arrays of images have their channels last. */
  boolean isChannelsLast() {
    return input.size() == 3 && seed % 4 == 0;
  }

  private InputType inputType() {
    return switch (input.size()) {
      case 1 -> InputType.feedForward(input.get(0));
      case 2 -> InputType.recurrent(input.get(0), input.get(1));
      default ->
          InputType.convolutional(
              input.get(1),
              input.get(2),
              input.get(0),
              isChannelsLast() ? CNN2DFormat.NHWC : CNN2DFormat.NCHW);
    };
  }

  /** The network as a plan carries it. */
  NetworkConfiguration network() {
    ComputationGraphConfiguration conf = configuration(DataType.FLOAT);
    ComputationGraph graph = new ComputationGraph(conf);
    graph.init();
    List<LayerSummary> layers = new ArrayList<>();
    for (String name : conf.getVertices().keySet()) {
      layers.add(new LayerSummary(name, "layer", List.of(1L), 0));
    }
    return new NetworkConfiguration(
        NetworkConfiguration.Kind.GRAPH,
        conf.toJson(),
        List.of(
            new InputLayout(
                "input",
                input,
                isChannelsLast() ? InputLayout.Axes.CHANNELS_LAST : InputLayout.Axes.AS_IS)),
        Ends.OUTPUTS,
        StepTargets.ONE,
        layers,
        graph.numParams(),
        new NetworkConfiguration.Size(0, 0, 0),
        StartParameters.fromSeed(),
        List.of());
  }

  /** The same without one of its parts. */
  RandomNet without(int part) {
    List<Part> fewer = new ArrayList<>(parts);
    fewer.remove(part);
    return new RandomNet(input, fewer, end, seed);
  }

  /** A network drawn from a seed. */
  static RandomNet draw(long seed) {
    Random random = new Random(seed);
    Draws draws = new Draws(random);
    List<Integer> input =
        switch (random.nextInt(3)) {
          case 0 -> List.of(1 + random.nextInt(20));
          case 1 -> List.of(1 + random.nextInt(6), 1 + random.nextInt(10));
          default -> draws.image(MOST_VALUES);
        };
    List<Part> parts = new ArrayList<>();
    int count = 1 + random.nextInt(10);
    for (int i = 0; i < count; i++) {
      parts.add(draws.part(input.size()));
    }
    // What follows on a part that joins an image or a window.
    for (int i = random.nextInt(3); i > 0; i--) {
      parts.add(draws.part(1));
    }
    return new RandomNet(input, parts, draws.end(), seed);
  }
}
