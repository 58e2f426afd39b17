package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Operation;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_backward_weights;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;

/** A dense layer: oneDNN's inner product, which takes values of an example in any shape. */
final class DenseKernel {
  private final Compilation plan;
  private final int node;
  private final int input;
  private final Operation.Dense dense;
  private final long[] weightSizes;

  DenseKernel(Compilation plan, int node, Operation.Dense dense) {
    this.plan = plan;
    this.node = node;
    this.input = plan.node(node).inputs().get(0);
    this.dense = dense;
    this.weightSizes = plan.sizes(input).clone();
    weightSizes[0] = dense.outputs();
  }

  void compile() {
    inner_product_forward.primitive_desc description = description();
    Tensor source = plan.inLayout(plan.output(input), plan.own(description.src_desc()));
    Tensor plain = plan.parameters(dense.weights(), weightLayout());
    Tensor weights = plan.inLayout(plain, plan.own(description.weights_desc()));
    Tensor result = plan.allocate(plan.own(description.dst_desc()));
    Compilation.Call call =
        plan.execute("dense", plan.own(new inner_product_forward(description)))
            .with(dnnl.DNNL_ARG_SRC, source)
            .with(dnnl.DNNL_ARG_WEIGHTS, weights)
            .with(dnnl.DNNL_ARG_DST, result);
    dense
        .bias()
        .ifPresent(slice -> call.with(dnnl.DNNL_ARG_BIAS, plan.parameters(slice, dense.outputs())));
    call.append();
    plan.setOutput(node, result);
    plan.onTheWayBack(() -> back(description, source, plain, result));
  }

  /** [outputs, inputs…] as the flat vector has them. */
  private memory.desc weightLayout() {
    return dense.channelsLast() && weightSizes.length > 2
        ? plan.channelsLast(weightSizes)
        : plan.plain(weightSizes);
  }

  private inner_product_forward.primitive_desc description() {
    dnnl.prop_kind kind =
        plan.training() ? dnnl.prop_kind.forward_training : dnnl.prop_kind.forward_inference;
    memory.desc source = plan.any(plan.sizes(input));
    memory.desc weights = plan.any(weightSizes);
    memory.desc result = plan.any(plan.batch(), dense.outputs());
    return plan.own(
        dense.bias().isPresent()
            ? new inner_product_forward.primitive_desc(
                plan.processor(),
                kind,
                source,
                weights,
                plan.plain(dense.outputs()),
                result,
                Functions.applied(plan, dense.function()),
                false)
            : new inner_product_forward.primitive_desc(
                plan.processor(),
                kind,
                source,
                weights,
                result,
                Functions.applied(plan, dense.function()),
                false));
  }

  private void back(
      inner_product_forward.primitive_desc forward, Tensor source, Tensor plain, Tensor result) {
    Tensor gradient = Functions.backward(plan, dense.function(), result, plan.gradient(node));
    weights(forward, source, gradient);
    if (plan.isDriven(input)) {
      inner_product_backward_data.primitive_desc description =
          plan.own(
              new inner_product_backward_data.primitive_desc(
                  plan.processor(),
                  plan.any(plan.sizes(input)),
                  plan.any(weightSizes),
                  plan.any(plan.batch(), dense.outputs()),
                  forward));
      Tensor back = plan.allocate(plan.own(description.diff_src_desc()));
      plan.execute("dense back", plan.own(new inner_product_backward_data(description)))
          .with(dnnl.DNNL_ARG_WEIGHTS, plan.inLayout(plain, plan.own(description.weights_desc())))
          .with(
              dnnl.DNNL_ARG_DIFF_DST,
              plan.inLayout(gradient, plan.own(description.diff_dst_desc())))
          .with(dnnl.DNNL_ARG_DIFF_SRC, back)
          .append();
      plan.addGradient(input, back);
    }
  }

  private void weights(
      inner_product_forward.primitive_desc forward, Tensor source, Tensor gradient) {
    memory.desc from = plan.any(plan.sizes(input));
    memory.desc weights = plan.any(weightSizes);
    memory.desc by = plan.any(plan.batch(), dense.outputs());
    inner_product_backward_weights.primitive_desc description =
        plan.own(
            dense.bias().isPresent()
                ? new inner_product_backward_weights.primitive_desc(
                    plan.processor(), from, weights, plan.plain(dense.outputs()), by, forward)
                : new inner_product_backward_weights.primitive_desc(
                    plan.processor(), from, weights, by, forward));
    WeightGradient whole =
        new WeightGradient(plan, dense.weights(), weightLayout(), description.diff_weights_desc());
    Compilation.Call call =
        plan.execute("dense weights", plan.own(new inner_product_backward_weights(description)))
            .with(dnnl.DNNL_ARG_SRC, plan.inLayout(source, plan.own(description.src_desc())))
            .with(
                dnnl.DNNL_ARG_DIFF_DST,
                plan.inLayout(gradient, plan.own(description.diff_dst_desc())))
            .with(dnnl.DNNL_ARG_DIFF_WEIGHTS, whole.written());
    dense
        .bias()
        .ifPresent(
            slice -> call.with(dnnl.DNNL_ARG_DIFF_BIAS, plan.gradientOf(slice, dense.outputs())));
    call.append();
    whole.deliver();
  }
}
