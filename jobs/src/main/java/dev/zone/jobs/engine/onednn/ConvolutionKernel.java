package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Operation;
import dev.zone.jobs.engine.graph.Window;
import java.util.List;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc;

/** A convolution over one or two axes. */
final class ConvolutionKernel extends WeightedKernel<convolution_forward.primitive_desc> {
  private static final dnnl.algorithm DIRECT = dnnl.algorithm.convolution_direct;

  private final Operation.Convolution convolution;
  private final long[] weightSizes;
  private final Geometry geometry;

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

  ConvolutionKernel(Compilation plan, int node, Operation.Convolution convolution) {
    super(
        plan,
        node,
        new Layer(
            "convolution",
            convolution.weights(),
            convolution.bias(),
            convolution.filters(),
            convolution.function()));
    this.convolution = convolution;
    this.geometry = Geometry.of(convolution.window());
    this.weightSizes = new long[geometry.kernel.length + 2];
    weightSizes[0] = convolution.filters();
    weightSizes[1] = plan.sizes(input)[1];
    System.arraycopy(geometry.kernel, 0, weightSizes, 2, geometry.kernel.length);
  }

  @Override
  memory.desc weightLayout() {
    return convolution.filtersLast() ? plan.reversed(weightSizes) : plan.plain(weightSizes);
  }

  @Override
  convolution_forward.primitive_desc forward() {
    return new convolution_forward.primitive_desc(
        plan.processor(),
        plan.pass(),
        DIRECT,
        plan.any(plan.sizes(input)),
        plan.any(weightSizes),
        bias(),
        plan.any(plan.sizes(node)),
        geometry.stride,
        geometry.dilation,
        geometry.before,
        geometry.after,
        Functions.applied(plan, convolution.function()),
        false);
  }

  @Override
  primitive_desc backwardData(convolution_forward.primitive_desc forward) {
    return new convolution_backward_data.primitive_desc(
        plan.processor(),
        DIRECT,
        plan.any(plan.sizes(input)),
        plan.any(weightSizes),
        plan.any(plan.sizes(node)),
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
        plan.any(plan.sizes(input)),
        plan.any(weightSizes),
        bias(),
        plan.any(plan.sizes(node)),
        geometry.stride,
        geometry.dilation,
        geometry.before,
        geometry.after,
        forward);
  }
}
