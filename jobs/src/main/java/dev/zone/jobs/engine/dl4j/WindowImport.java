package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.engine.graph.Shape;
import dev.zone.jobs.engine.graph.Window;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** What DL4J's layers slide over images and windows. */
final class WindowImport {
  private final CNN2DFormat format;

  /**
   * @param format of all images of the network
   */
  WindowImport(CNN2DFormat format) {
    this.format = format;
  }

  /** Of an image, or of a window if the layer is one-dimensional. */
  Window of(ConvolutionLayer layer, Shape shape) throws UncoveredException {
    if (layer instanceof Convolution1DLayer series) {
      requireStepsLast(series.getRnnDataFormat());
    } else {
      requireFormat(layer.getCnn2dDataFormat());
    }
    return of(
        shape,
        new int[][] {
          layer.getKernelSize(), layer.getStride(), layer.getDilation(), layer.getPadding()
        },
        layer.getConvolutionMode());
  }

  /** Of an image, or of a window if the layer is one-dimensional. */
  Window of(SubsamplingLayer layer, Shape shape) throws UncoveredException {
    if (shape.rank() > 2) {
      requireFormat(layer.getCnn2dDataFormat());
    }
    if (layer.getConvolutionMode() == ConvolutionMode.Causal) {
      throw new UncoveredException("it is causal and pools"); // DL4J pads there as if it were not
    }
    return of(
        shape,
        new int[][] {
          layer.getKernelSize(), layer.getStride(), layer.getDilation(), layer.getPadding()
        },
        layer.getConvolutionMode());
  }

  private static Window of(Shape shape, int[][] numbers, ConvolutionMode mode)
      throws UncoveredException {
    int axes = shape.rank() - 1;
    List<Integer> kernel = first(numbers[0], axes);
    List<Integer> stride = first(numbers[1], axes);
    List<Integer> dilation = first(numbers[2], axes);
    return switch (mode) {
      case Same -> Window.same(shape, kernel, stride, dilation);
      case Causal -> causal(shape, kernel, stride, dilation);
      default ->
          Window.padded(
              shape, kernel, stride, dilation, Window.Padding.both(first(numbers[3], axes)));
    };
  }

  private static Window causal(
      Shape shape, List<Integer> kernel, List<Integer> stride, List<Integer> dilation)
      throws UncoveredException {
    if (kernel.size() != 1) {
      throw new UncoveredException("it is causal over images");
    }
    int before = (kernel.get(0) - 1) * dilation.get(0);
    return Window.padded(
        shape, kernel, stride, dilation, new Window.Padding(List.of(before), List.of(0)));
  }

  /** Layers of windows keep a second number that means nothing. */
  private static List<Integer> first(int[] numbers, int count) {
    return Arrays.stream(numbers).limit(count).boxed().toList();
  }

  /** Nodes have their channels first; where DL4J has them does not matter if it is the same. */
  void requireFormat(CNN2DFormat own) throws UncoveredException {
    if (own != null && own != format) {
      throw new UncoveredException(
          "its channels are %s and the images' %s".formatted(words(own), words(format)));
    }
  }

  private static String words(CNN2DFormat format) {
    return format == CNN2DFormat.NHWC ? "last" : "first";
  }

  /** Which of an array's axes are an image's places begins here. */
  int firstOfPlaces() {
    return format == CNN2DFormat.NHWC ? 1 : 2;
  }

  void requireStepsLast(RNNFormat format) throws UncoveredException {
    if (format == RNNFormat.NWC) {
      throw new UncoveredException("its steps come before its columns");
    }
  }
}
