package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Operation;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_backward_weights;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc;

/**
 * A dense layer: oneDNN's inner product, which takes values of an example in any shape. Values of
 * more than one axis come in blocks: either they are brought into the flat vector's order, whose
 * axes are then one, or the weights into their blocks, whichever is less to move.
 */
final class DenseKernel extends WeightedKernel<inner_product_forward.primitive_desc> {
  private final Operation.Dense dense;
  private final boolean flattened;
  private final long[] inputSizes;
  private final long[] weightSizes;

  DenseKernel(Compilation plan, int node, Operation.Dense dense) {
    super(
        plan,
        node,
        new Layer("dense", dense.weights(), dense.bias(), dense.outputs(), dense.function()));
    this.dense = dense;
    long[] sizes = plan.sizes(input);
    this.flattened = sizes.length > 2 && plan.examples(node) < dense.outputs();
    this.inputSizes =
        flattened ? new long[] {sizes[0], plan.node(input).shape().elements()} : sizes;
    this.weightSizes = inputSizes.clone();
    weightSizes[0] = dense.outputs();
  }

  @Override
  memory.desc weightLayout() {
    return flattened ? plan.plain(weightSizes) : flat(memory.data_type.f32, weightSizes);
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

  @Override
  Tensor taken(Tensor values, memory.desc layout) {
    if (!flattened) {
      return super.taken(values, layout);
    }
    Tensor inOrder = plan.inLayout(values, flat(plan.valueType(), plan.sizes(input)));
    return plan.inLayout(plan.viewed(inOrder, row(plan.valueType())), layout);
  }

  @Override
  Tensor given(Tensor gradient) {
    if (!flattened) {
      return gradient;
    }
    Tensor inOrder = plan.inLayout(gradient, row(gradient.type()));
    return plan.viewed(inOrder, flat(gradient.type(), plan.sizes(input)));
  }

  private memory.desc row(memory.data_type type) {
    return plan.strided(type, inputSizes, Strides.rowMajor(inputSizes));
  }

  private memory.desc inputs() {
    return plan.any(plan.valueType(), inputSizes);
  }

  private memory.desc weights(memory.data_type type) {
    return plan.any(type, weightSizes);
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
