package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.engine.graph.Function;
import dev.zone.jobs.engine.graph.GraphBuilder;
import dev.zone.jobs.engine.graph.Operation;
import dev.zone.jobs.engine.graph.Rearrangement;
import dev.zone.jobs.engine.graph.Shape;
import dev.zone.jobs.engine.graph.Slice;
import dev.zone.jobs.engine.graph.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;

/** DL4J's layers that add, take away or repeat places, or treat each channel by itself. */
final class PlacesImport {
  private static final int IMAGE = 3;
  private static final int WINDOW = 2;

  private final GraphBuilder graph;
  private final WindowImport windows;

  PlacesImport(GraphBuilder graph, WindowImport windows) {
    this.graph = graph;
    this.windows = windows;
  }

  /**
   * Adds a layer if it is one of these.
   *
   * @return the node of its values, before its activation function
   */
  Optional<Integer> add(String name, Layer layer, int input, int offset) throws UncoveredException {
    Class<?> type = layer.getClass();
    if (type == DepthwiseConvolution2D.class) {
      return Optional.of(depthwise(name, (DepthwiseConvolution2D) layer, input, offset));
    }
    if (type == SeparableConvolution2D.class) {
      return Optional.of(separable(name, (SeparableConvolution2D) layer, input, offset));
    }
    Optional<Operation> moved = moved(layer, input);
    return moved.map(operation -> graph.add(name, operation, List.of(input)));
  }

  private Optional<Operation> moved(Layer layer, int input) throws UncoveredException {
    Class<?> type = layer.getClass();
    if (type == ZeroPaddingLayer.class) {
      ZeroPaddingLayer own = (ZeroPaddingLayer) layer;
      windows.requireFormat(own.getDataFormat());
      return Optional.of(padded(image(input), own.getPadding()));
    }
    if (type == ZeroPadding1DLayer.class) {
      return Optional.of(padded(window(input), ((ZeroPadding1DLayer) layer).getPadding()));
    }
    if (type == Cropping2D.class) {
      Cropping2D own = (Cropping2D) layer;
      windows.requireFormat(own.getDataFormat());
      return Optional.of(cropped(image(input), own.getCropping()));
    }
    if (type == Cropping1D.class) {
      return Optional.of(cropped(window(input), ((Cropping1D) layer).getCropping()));
    }
    if (type == Upsampling2D.class) {
      Upsampling2D own = (Upsampling2D) layer;
      windows.requireFormat(own.getFormat());
      image(input);
      int[] size = own.getSize();
      return Optional.of(new Rearrangement.Repetition(List.of(size[0], size[1])));
    }
    if (type == Upsampling1D.class) {
      window(input);
      return Optional.of(
          new Rearrangement.Repetition(List.of(((Upsampling1D) layer).getSize()[0])));
    }
    return Optional.empty();
  }

  private Shape image(int input) throws UncoveredException {
    return shape(input, IMAGE);
  }

  private Shape window(int input) throws UncoveredException {
    return shape(input, WINDOW);
  }

  private Shape shape(int input, int rank) throws UncoveredException {
    Shape shape = graph.shape(input);
    if (shape.rank() != rank) {
      throw new UncoveredException("it works on values of " + shape);
    }
    return shape;
  }

  /**
   * @param ends places before and after, of one axis after the other
   */
  private static Operation padded(Shape shape, int[] ends) {
    return new Rearrangement.Padding(before(ends), resized(shape, ends, 1));
  }

  /**
   * @param ends places before and after, of one axis after the other
   */
  private static Operation cropped(Shape shape, int[] ends) {
    return new Rearrangement.Part(before(ends), resized(shape, ends, -1));
  }

  private static List<Integer> before(int[] ends) {
    List<Integer> before = new ArrayList<>(List.of(0));
    for (int i = 0; i < ends.length; i += 2) {
      before.add(ends[i]);
    }
    return before;
  }

  private static Shape resized(Shape shape, int[] ends, int sign) {
    List<Integer> axes = new ArrayList<>(shape.axes());
    for (int i = 0; i < ends.length; i += 2) {
      axes.set(i / 2 + 1, axes.get(i / 2 + 1) + sign * (ends[i] + ends[i + 1]));
    }
    return new Shape(axes);
  }

  private int depthwise(String name, DepthwiseConvolution2D layer, int input, int offset)
      throws UncoveredException {
    Shape shape = image(input);
    Window window = windows.of(layer, shape);
    int outputs = Math.multiplyExact(shape.axis(0), layer.getDepthMultiplier());
    Optional<Slice> bias =
        layer.hasBias() ? Optional.of(new Slice(offset, outputs)) : Optional.empty();
    Slice weights =
        new Slice(
            offset + bias.map(Slice::length).orElse(0),
            Math.multiplyExact(outputs, places(window)));
    return graph.add(
        name,
        new Operation.Depthwise(
            layer.getDepthMultiplier(), window, weights, true, bias, Function.IDENTITY),
        List.of(input));
  }

  /** Each channel by itself, and then all channels of each place: the bias is the second's. */
  private int separable(String name, SeparableConvolution2D layer, int input, int offset)
      throws UncoveredException {
    Shape shape = image(input);
    Window window = windows.of(layer, shape);
    int channels = Math.multiplyExact(shape.axis(0), layer.getDepthMultiplier());
    int filters = Math.toIntExact(layer.getNOut());
    Optional<Slice> bias =
        layer.hasBias() ? Optional.of(new Slice(offset, filters)) : Optional.empty();
    Slice ofChannels =
        new Slice(
            offset + bias.map(Slice::length).orElse(0),
            Math.multiplyExact(channels, places(window)));
    Slice ofPlaces =
        new Slice(ofChannels.from() + ofChannels.length(), Math.multiplyExact(channels, filters));
    int apart =
        graph.add(
            name,
            new Operation.Depthwise(
                layer.getDepthMultiplier(),
                window,
                ofChannels,
                false,
                Optional.empty(),
                Function.IDENTITY),
            List.of(input));
    List<Integer> one = List.of(1, 1);
    return graph.add(
        name,
        new Operation.Convolution(
            filters,
            Window.same(graph.shape(apart), one, one, one),
            ofPlaces,
            false,
            bias,
            Function.IDENTITY),
        List.of(apart));
  }

  private static int places(Window window) {
    return window.kernel().stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
  }
}
