package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Function;
import dev.zone.jobs.engine.graph.Operation;
import dev.zone.jobs.engine.graph.Window;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc;

/** A convolution over one or two axes, of all channels or of each by itself. */
final class ConvolutionKernel extends WeightedKernel<convolution_forward.primitive_desc> {
  private static final dnnl.algorithm DIRECT = dnnl.algorithm.convolution_direct;

  private final Filters filters;
  private final Geometry geometry;

  /**
   * The filters.
   *
   * @param sizes [filters, channels, kernel…], or [channels, filters of each, 1, kernel…]
   * @param layout of these in the flat vector
   * @param function behind them
   */
  private record Filters(long[] sizes, memory.desc layout, Function function) {}

  /** A window's numbers as oneDNN wants them; its dilation of neighbours is 0. */
  record Geometry(long[] kernel, long[] stride, long[] dilation, long[] before, long[] after) {
    static Geometry of(Window window) {
      return new Geometry(
          numbers(window.kernel(), 0),
          numbers(window.stride(), 0),
          numbers(window.dilation(), -1),
          numbers(window.before(), 0),
          numbers(window.after(), 0));
    }

    private static long[] numbers(List<Integer> numbers, int plus) {
      return numbers.stream().mapToLong(number -> number + plus).toArray();
    }
  }

  private ConvolutionKernel(
      Compilation plan, int node, Layer layer, Filters filters, Window window) {
    super(plan, node, layer);
    this.filters = filters;
    this.geometry = Geometry.of(window);
  }

  /** Of all channels. */
  static ConvolutionKernel of(Compilation plan, int node, Operation.Convolution own) {
    int channels = plan.node(plan.node(node).inputs().get(0)).shape().axis(0);
    long[] sizes = withKernel(own.window(), own.filters(), channels);
    memory.desc layout =
        own.filtersLast() ? plan.strided(sizes, Strides.reversed(sizes)) : plan.plain(sizes);
    Layer layer =
        new Layer("convolution", own.weights(), own.bias(), own.filters(), own.function());
    return new ConvolutionKernel(
        plan, node, layer, new Filters(sizes, layout, own.function()), own.window());
  }

  /** Of each channel by itself. */
  static ConvolutionKernel of(Compilation plan, int node, Operation.Depthwise own) {
    int channels = plan.node(plan.node(node).inputs().get(0)).shape().axis(0);
    int multiplier = own.multiplier();
    long[] sizes = withKernel(own.window(), channels, multiplier, 1);
    long[] strides = new long[sizes.length];
    // What varies fastest is the last of the kernel, or the filters of a channel.
    long stride = own.kernelFirst() ? (long) channels * multiplier : 1;
    for (int i = sizes.length - 1; i > 2; i--) {
      strides[i] = stride;
      stride *= sizes[i];
    }
    strides[0] = own.kernelFirst() ? multiplier : stride;
    strides[1] = own.kernelFirst() ? 1 : stride * channels;
    strides[2] = 1;
    Layer layer =
        new Layer("depthwise", own.weights(), own.bias(), channels * multiplier, own.function());
    return new ConvolutionKernel(
        plan,
        node,
        layer,
        new Filters(sizes, plan.strided(sizes, strides), own.function()),
        own.window());
  }

  private static long[] withKernel(Window window, long... first) {
    long[] sizes = Arrays.copyOf(first, first.length + window.kernel().size());
    for (int i = 0; i < window.kernel().size(); i++) {
      sizes[first.length + i] = window.kernel().get(i);
    }
    return sizes;
  }

  @Override
  memory.desc weightLayout() {
    return filters.layout;
  }

  @Override
  convolution_forward.primitive_desc forward() {
    return new convolution_forward.primitive_desc(
        plan.processor(),
        plan.pass(),
        DIRECT,
        values(input),
        plan.any(plan.valueType(), filters.sizes),
        bias(),
        result(),
        geometry.stride,
        geometry.dilation,
        geometry.before,
        geometry.after,
        Functions.applied(plan, filters.function),
        false);
  }

  @Override
  primitive_desc backwardData(convolution_forward.primitive_desc forward) {
    return new convolution_backward_data.primitive_desc(
        plan.processor(),
        DIRECT,
        values(input),
        plan.any(plan.valueType(), filters.sizes),
        values(node),
        geometry.stride,
        geometry.dilation,
        geometry.before,
        geometry.after,
        forward);
  }

  @Override
  primitive_desc backwardWeights(convolution_forward.primitive_desc forward) {
    return new convolution_backward_weights.primitive_desc(
        plan.processor(),
        DIRECT,
        values(input),
        plan.any(memory.data_type.f32, filters.sizes),
        bias(),
        values(node),
        geometry.stride,
        geometry.dilation,
        geometry.before,
        geometry.after,
        forward);
  }
}
