package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.engine.graph.Function;
import dev.zone.jobs.engine.graph.GraphBuilder;
import dev.zone.jobs.engine.graph.Mapping;
import dev.zone.jobs.engine.graph.Rearrangement;
import dev.zone.jobs.engine.graph.Shape;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;

/** DL4J's vertices without layers as nodes of a graph. */
final class VertexImport {
  private static final int IMAGE = 3;

  private final GraphBuilder graph;
  private final CNN2DFormat format;

  /**
   * @param format of all images
   */
  VertexImport(GraphBuilder graph, CNN2DFormat format) {
    this.graph = graph;
    this.format = format;
  }

  /**
   * Adds a vertex.
   *
   * @return the node of its values
   */
  int add(String name, GraphVertex vertex, List<Integer> inputs) throws UncoveredException {
    Class<?> type = vertex.getClass();
    if (type == ElementWiseVertex.class) {
      return combined(name, ((ElementWiseVertex) vertex).getOp(), inputs);
    }
    if (type == MergeVertex.class && ((MergeVertex) vertex).getMergeAxis() == axis(inputs)) {
      return inputs.size() == 1
          ? inputs.get(0)
          : graph.add(name, new Rearrangement.Concatenation(), inputs);
    }
    if (type == ScaleVertex.class) {
      return mapped(
          name, Function.Kind.SCALED, ((ScaleVertex) vertex).getScaleFactor(), inputs.get(0));
    }
    if (type == ShiftVertex.class) {
      return mapped(
          name, Function.Kind.SHIFTED, ((ShiftVertex) vertex).getShiftFactor(), inputs.get(0));
    }
    if (type == SubsetVertex.class) {
      return part(name, (SubsetVertex) vertex, inputs.get(0));
    }
    if (type == L2NormalizeVertex.class) {
      L2NormalizeVertex own = (L2NormalizeVertex) vertex;
      if (own.getDimension() != null && own.getDimension().length > 0) {
        throw new UncoveredException("of the dimensions that it normalises");
      }
      return graph.add(name, new Mapping.UnitLength(own.getEps()), inputs);
    }
    if (type == StackVertex.class) {
      return stacked(name, inputs);
    }
    if (type == UnstackVertex.class) {
      UnstackVertex own = (UnstackVertex) vertex;
      return graph.add(name, new Rearrangement.Unstack(own.getFrom(), own.getStackSize()), inputs);
    }
    if (type == LastTimeStepVertex.class) {
      return graph.add(name, new Rearrangement.LastStep(), inputs);
    }
    if (type == ReverseTimeSeriesVertex.class) {
      // Without the input whose mask it is to heed, DL4J heeds none.
      boolean ofSeen = ((ReverseTimeSeriesVertex) vertex).getMaskArrayInputName() != null;
      return graph.add(name, new Rearrangement.Reversal(ofSeen), inputs);
    }
    throw new UncoveredException("it is a " + type.getSimpleName());
  }

  private int stacked(String name, List<Integer> inputs) throws UncoveredException {
    if (inputs.stream().map(graph::shape).distinct().count() > 1) {
      throw new UncoveredException("it stacks values of different shapes");
    }
    return graph.add(name, new Rearrangement.Stack(), inputs);
  }

  /** DL4J's axis of channels or features. */
  private int axis(List<Integer> inputs) {
    return isChannelsLast(inputs.get(0)) ? IMAGE : 1;
  }

  private boolean isChannelsLast(int input) {
    return graph.shape(input).rank() == IMAGE && format == CNN2DFormat.NHWC;
  }

  private int mapped(String name, Function.Kind kind, double number, int input) {
    Function function = new Function(kind, (float) number);
    return graph.add(name, new Mapping.Activation(function), List.of(input));
  }

  private int combined(String name, ElementWiseVertex.Op op, List<Integer> inputs)
      throws UncoveredException {
    if (inputs.stream().map(graph::shape).distinct().count() > 1) {
      throw new UncoveredException("it combines values of different shapes");
    }
    if (inputs.size() == 1) {
      return inputs.get(0);
    }
    Mapping.Sum sum = new Mapping.Sum(Function.IDENTITY);
    return switch (op) {
      case Add -> graph.add(name, sum, inputs);
      case Average ->
          mapped(name, Function.Kind.SCALED, 1.0 / inputs.size(), graph.add(name, sum, inputs));
      case Subtract ->
          graph.add(
              name,
              sum,
              List.of(inputs.get(0), mapped(name, Function.Kind.SCALED, -1, inputs.get(1))));
      case Product -> graph.add(name, new Mapping.Product(), inputs);
      case Max -> graph.add(name, new Mapping.Maximum(), inputs);
    };
  }

  private int part(String name, SubsetVertex vertex, int input) throws UncoveredException {
    Shape shape = graph.shape(input);
    if (isChannelsLast(input)) {
      throw new UncoveredException("it takes a part of the height"); // DL4J's axis 1, always
    }
    List<Integer> axes = new ArrayList<>(shape.axes());
    axes.set(0, vertex.getTo() - vertex.getFrom() + 1);
    List<Integer> from = new ArrayList<>(shape.axes());
    from.replaceAll(axis -> 0);
    from.set(0, vertex.getFrom());
    return graph.add(name, new Rearrangement.Part(from, new Shape(axes)), List.of(input));
  }
}
