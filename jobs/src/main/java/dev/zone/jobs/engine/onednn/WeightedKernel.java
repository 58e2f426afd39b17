package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Function;
import dev.zone.jobs.engine.graph.Slice;
import java.util.Optional;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_desc;

/**
 * A layer with weights and perhaps a bias, dense or a convolution: these differ in how their
 * primitives are described, and are used alike.
 *
 * @param <F> description of the forward pass
 */
abstract class WeightedKernel<F extends primitive_desc> {
  final Compilation plan;
  final int node;
  final int input;
  private final Layer layer;

  /**
   * What the layer is.
   *
   * @param name for the plan's steps
   * @param outputs numbers of the bias
   * @param function applied to its values
   */
  record Layer(String name, Slice weights, Optional<Slice> bias, int outputs, Function function) {}

  WeightedKernel(Compilation plan, int node, Layer layer) {
    this.plan = plan;
    this.node = node;
    this.input = plan.node(node).inputs().get(0);
    this.layer = layer;
  }

  /** [outputs, inputs…] as the flat vector has them. */
  abstract memory.desc weightLayout();

  /** The input's values as the forward pass has them. */
  Tensor taken(Tensor values, memory.desc layout) {
    return plan.inLayout(values, layout);
  }

  /** The gradient by these, of the sizes that the input has. */
  Tensor given(Tensor gradient) {
    return gradient;
  }

  /** What computes the values. */
  abstract F forward();

  /** What computes the gradient by the input's values. */
  abstract primitive_desc backwardData(F forward);

  /** What computes the gradient by weights and bias. */
  abstract primitive_desc backwardWeights(F forward);

  /** A node's values or their gradient, as factors of a product. */
  final memory.desc values(int of) {
    return plan.any(plan.valueType(), plan.sizes(of));
  }

  /** What it computes: what the loss is of is not rounded. */
  final memory.desc result() {
    return plan.any(
        plan.isOutput(node) ? memory.data_type.f32 : plan.valueType(), plan.sizes(node));
  }

  /** The description of the bias; of nothing without one. */
  final memory.desc bias() {
    return layer.bias().isPresent() ? plan.plain(layer.outputs()) : plan.own(new memory.desc());
  }

  final void compile() {
    F description = plan.own(forward());
    Tensor source = taken(plan.output(input), plan.own(description.src_desc()));
    Tensor plain = plan.parameters(layer.weights(), weightLayout());
    Tensor weights = plan.inLayout(plain, plan.own(description.weights_desc()));
    Tensor result = plan.allocate(plan.own(description.dst_desc()));
    Compilation.Call call =
        execute("", description)
            .with(dnnl.DNNL_ARG_SRC, source)
            .with(dnnl.DNNL_ARG_WEIGHTS, weights)
            .with(dnnl.DNNL_ARG_DST, result);
    layer
        .bias()
        .ifPresent(slice -> call.with(dnnl.DNNL_ARG_BIAS, plan.parameters(slice, layer.outputs())));
    call.append();
    plan.setOutput(node, result);
    plan.onTheWayBack(node, () -> back(description, source, new Weights(plain, weights), result));
  }

  private Compilation.Call execute(String suffix, primitive_desc description) {
    return plan.execute(layer.name() + suffix, plan.own(new primitive(description)));
  }

  /** The weights in the flat vector, and as the forward pass had them. */
  private record Weights(Tensor flat, Tensor arranged) {
    Tensor inLayout(Compilation plan, memory.desc layout) {
      return arranged.layout().equals(layout) ? arranged : plan.inLayout(flat, layout);
    }
  }

  private void back(F forward, Tensor source, Weights weights, Tensor result) {
    Tensor gradient = Functions.backward(plan, layer.function(), result, plan.gradient(node));
    weights(forward, source, gradient);
    if (plan.isDriven(input)) {
      primitive_desc description = plan.own(backwardData(forward));
      Tensor back = plan.allocate(plan.own(description.diff_src_desc()));
      execute(" back", description)
          .with(dnnl.DNNL_ARG_WEIGHTS, weights.inLayout(plan, plan.own(description.weights_desc())))
          .with(
              dnnl.DNNL_ARG_DIFF_DST,
              plan.inLayout(gradient, plan.own(description.diff_dst_desc())))
          .with(dnnl.DNNL_ARG_DIFF_SRC, back)
          .append();
      plan.addGradient(input, given(back));
    }
  }

  private void weights(F forward, Tensor source, Tensor gradient) {
    primitive_desc description = plan.own(backwardWeights(forward));
    Tensor flat = plan.gradientOf(layer.weights(), weightLayout());
    memory.desc layout = plan.own(description.diff_weights_desc());
    // Written in place where the primitive writes in the flat vector's order.
    Tensor written = flat.layout().equals(layout) ? flat : plan.allocate(layout);
    Compilation.Call call =
        execute(" weights", description)
            .with(dnnl.DNNL_ARG_SRC, plan.inLayout(source, plan.own(description.src_desc())))
            .with(
                dnnl.DNNL_ARG_DIFF_DST,
                plan.inLayout(gradient, plan.own(description.diff_dst_desc())))
            .with(dnnl.DNNL_ARG_DIFF_WEIGHTS, written);
    layer
        .bias()
        .ifPresent(
            slice -> call.with(dnnl.DNNL_ARG_DIFF_BIAS, plan.gradientOf(slice, layer.outputs())));
    call.append();
    if (written != flat) {
      plan.copy(written, flat);
    }
  }
}
