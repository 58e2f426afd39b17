package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Operation;
import dev.zone.jobs.engine.graph.Window;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/** A convolution over one or two axes. */
final class ConvolutionKernel {
  private static final dnnl.algorithm DIRECT = dnnl.algorithm.convolution_direct;

  private final Compilation plan;
  private final int node;
  private final int input;
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
    this.plan = plan;
    this.node = node;
    this.input = plan.node(node).inputs().get(0);
    this.convolution = convolution;
    this.geometry = Geometry.of(convolution.window());
    this.weightSizes = new long[geometry.kernel.length + 2];
    weightSizes[0] = convolution.filters();
    weightSizes[1] = plan.sizes(input)[1];
    System.arraycopy(geometry.kernel, 0, weightSizes, 2, geometry.kernel.length);
  }

  void compile() {
    convolution_forward.primitive_desc description = description();
    Tensor source = plan.inLayout(plan.output(input), plan.own(description.src_desc()));
    Tensor plain = plan.parameters(convolution.weights(), weightLayout());
    Tensor weights = plan.inLayout(plain, plan.own(description.weights_desc()));
    Tensor result = plan.allocate(plan.own(description.dst_desc()));
    Compilation.Call call =
        plan.execute("convolution", plan.own(new convolution_forward(description)))
            .with(dnnl.DNNL_ARG_SRC, source)
            .with(dnnl.DNNL_ARG_WEIGHTS, weights)
            .with(dnnl.DNNL_ARG_DST, result);
    convolution
        .bias()
        .ifPresent(
            slice -> call.with(dnnl.DNNL_ARG_BIAS, plan.parameters(slice, convolution.filters())));
    call.append();
    plan.setOutput(node, result);
    plan.onTheWayBack(() -> back(description, source, plain, result));
  }

  /** [filters, channels, kernel…] as the flat vector has them. */
  private memory.desc weightLayout() {
    if (!convolution.filtersLast()) {
      return plan.plain(weightSizes);
    }
    return plan.reversed(weightSizes);
  }

  private Optional<memory.desc> bias() {
    return convolution.bias().map(slice -> plan.plain(convolution.filters()));
  }

  private convolution_forward.primitive_desc description() {
    dnnl.prop_kind kind =
        plan.training() ? dnnl.prop_kind.forward_training : dnnl.prop_kind.forward_inference;
    // Without a bias its description is that of nothing.
    return plan.own(
        new convolution_forward.primitive_desc(
            plan.processor(),
            kind,
            DIRECT,
            plan.any(plan.sizes(input)),
            plan.any(weightSizes),
            bias().orElseGet(() -> plan.own(new memory.desc())),
            plan.any(plan.sizes(node)),
            geometry.stride,
            geometry.dilation,
            geometry.before,
            geometry.after,
            Functions.applied(plan, convolution.function()),
            false));
  }

  private void back(
      convolution_forward.primitive_desc forward, Tensor source, Tensor plain, Tensor result) {
    Tensor gradient = Functions.backward(plan, convolution.function(), result, plan.gradient(node));
    weights(forward, source, gradient);
    if (plan.isDriven(input)) {
      convolution_backward_data.primitive_desc description =
          plan.own(
              new convolution_backward_data.primitive_desc(
                  plan.processor(),
                  DIRECT,
                  plan.any(plan.sizes(input)),
                  plan.any(weightSizes),
                  plan.any(plan.sizes(node)),
                  geometry.stride,
                  geometry.dilation,
                  geometry.before,
                  geometry.after,
                  forward));
      Tensor back = plan.allocate(plan.own(description.diff_src_desc()));
      plan.execute("convolution back", plan.own(new convolution_backward_data(description)))
          .with(dnnl.DNNL_ARG_WEIGHTS, plan.inLayout(plain, plan.own(description.weights_desc())))
          .with(
              dnnl.DNNL_ARG_DIFF_DST,
              plan.inLayout(gradient, plan.own(description.diff_dst_desc())))
          .with(dnnl.DNNL_ARG_DIFF_SRC, back)
          .append();
      plan.addGradient(input, back);
    }
  }

  private void weights(convolution_forward.primitive_desc forward, Tensor source, Tensor gradient) {
    convolution_backward_weights.primitive_desc description =
        plan.own(
            new convolution_backward_weights.primitive_desc(
                plan.processor(),
                DIRECT,
                plan.any(plan.sizes(input)),
                plan.any(weightSizes),
                bias().orElseGet(() -> plan.own(new memory.desc())),
                plan.any(plan.sizes(node)),
                geometry.stride,
                geometry.dilation,
                geometry.before,
                geometry.after,
                forward));
    WeightGradient whole =
        new WeightGradient(
            plan, convolution.weights(), weightLayout(), description.diff_weights_desc());
    Compilation.Call call =
        plan.execute("convolution weights", plan.own(new convolution_backward_weights(description)))
            .with(dnnl.DNNL_ARG_SRC, plan.inLayout(source, plan.own(description.src_desc())))
            .with(
                dnnl.DNNL_ARG_DIFF_DST,
                plan.inLayout(gradient, plan.own(description.diff_dst_desc())))
            .with(dnnl.DNNL_ARG_DIFF_WEIGHTS, whole.written());
    convolution
        .bias()
        .ifPresent(
            slice ->
                call.with(dnnl.DNNL_ARG_DIFF_BIAS, plan.gradientOf(slice, convolution.filters())));
    call.append();
    whole.deliver();
  }
}
