package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Operation;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_backward_weights;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc;

/** A dense layer: oneDNN's inner product, which takes values of an example in any shape. */
final class DenseKernel extends WeightedKernel<inner_product_forward.primitive_desc> {
  private final Operation.Dense dense;
  private final long[] weightSizes;

  DenseKernel(Compilation plan, int node, Operation.Dense dense) {
    super(
        plan,
        node,
        new Layer("dense", dense.weights(), dense.bias(), dense.outputs(), dense.function()));
    this.dense = dense;
    this.weightSizes = plan.sizes(input).clone();
    weightSizes[0] = dense.outputs();
  }

  @Override
  memory.desc weightLayout() {
    return dense.channelsLast() && weightSizes.length > 2
        ? plan.channelsLast(weightSizes)
        : plan.plain(weightSizes);
  }

  @Override
  inner_product_forward.primitive_desc forward() {
    return new inner_product_forward.primitive_desc(
        plan.processor(),
        // What oneDNN 3.13 takes for inference confuses the axes of images if there is one output.
        dnnl.prop_kind.forward_training,
        plan.any(plan.sizes(input)),
        plan.any(weightSizes),
        bias(),
        plan.any(plan.sizes(node)),
        Functions.applied(plan, dense.function()),
        false);
  }

  @Override
  primitive_desc backwardData(inner_product_forward.primitive_desc forward) {
    return new inner_product_backward_data.primitive_desc(
        plan.processor(),
        plan.any(plan.sizes(input)),
        plan.any(weightSizes),
        plan.any(plan.sizes(node)),
        forward);
  }

  @Override
  primitive_desc backwardWeights(inner_product_forward.primitive_desc forward) {
    return new inner_product_backward_weights.primitive_desc(
        plan.processor(),
        plan.any(plan.sizes(input)),
        plan.any(weightSizes),
        bias(),
        plan.any(plan.sizes(node)),
        forward);
  }
}
