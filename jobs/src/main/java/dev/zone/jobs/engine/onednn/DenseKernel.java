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
    return flat(memory.data_type.f32, weightSizes);
  }

  /** In the order of the flat vector. */
  private memory.desc flat(memory.data_type type, long[] sizes) {
    return plan.strided(
        type,
        sizes,
        dense.channelsLast() && sizes.length > 2
            ? Strides.channelsLast(sizes)
            : Strides.rowMajor(sizes));
  }

  /**
   * Inputs of more than one axis come in blocks: either they are brought into the flat vector's
   * order or the weights into theirs, whichever is less.
   */
  private boolean keepsWeights() {
    return weightSizes.length > 2 && plan.batch() < dense.outputs();
  }

  private memory.desc inputs() {
    return arranged(plan.valueType(), plan.sizes(input));
  }

  private memory.desc weights(memory.data_type type) {
    return arranged(type, weightSizes);
  }

  private memory.desc arranged(memory.data_type type, long[] sizes) {
    return keepsWeights() ? flat(type, sizes) : plan.any(type, sizes);
  }

  @Override
  inner_product_forward.primitive_desc forward() {
    return new inner_product_forward.primitive_desc(
        plan.processor(),
        // What oneDNN 3.13 takes for inference confuses the axes of images if there is one output.
        dnnl.prop_kind.forward_training,
        inputs(),
        weights(plan.valueType()),
        bias(),
        result(),
        Functions.applied(plan, dense.function()),
        false);
  }

  @Override
  primitive_desc backwardData(inner_product_forward.primitive_desc forward) {
    return new inner_product_backward_data.primitive_desc(
        plan.processor(), inputs(), weights(plan.valueType()), values(node), forward);
  }

  @Override
  primitive_desc backwardWeights(inner_product_forward.primitive_desc forward) {
    return new inner_product_backward_weights.primitive_desc(
        plan.processor(), inputs(), weights(memory.data_type.f32), bias(), values(node), forward);
  }
}
