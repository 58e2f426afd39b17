package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Function;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;

/** Functions of each value as oneDNN has them. */
final class Functions {
  private static final float SELU_ALPHA = 1.6732632423543772f;
  private static final float SELU_SCALE = 1.0507009873554805f;
  private static final float HARD_SLOPE = 0.2f;
  private static final float HARD_MIDDLE = 0.5f;

  private Functions() {}

  /** oneDNN's name of a function: algorithm, the same for its derivative, and two numbers. */
  private record Form(algorithm forward, algorithm backward, float alpha, float beta) {
    private Form(algorithm both, float alpha, float beta) {
      this(both, both, alpha, beta);
    }
  }

  private static Form form(Function function) {
    float alpha = function.alpha();
    return switch (function.kind()) {
      case IDENTITY -> new Form(algorithm.eltwise_linear, 1, 0);
      case RELU ->
          new Form(algorithm.eltwise_relu, algorithm.eltwise_relu_use_dst_for_bwd, alpha, 0);
      case CLIPPED_RELU ->
          new Form(algorithm.eltwise_clip_v2, algorithm.eltwise_clip_v2_use_dst_for_bwd, 0, alpha);
      case SIGMOID ->
          new Form(algorithm.eltwise_logistic, algorithm.eltwise_logistic_use_dst_for_bwd, 0, 0);
      case TANH -> new Form(algorithm.eltwise_tanh, algorithm.eltwise_tanh_use_dst_for_bwd, 0, 0);
      case ELU -> new Form(algorithm.eltwise_elu, algorithm.eltwise_elu_use_dst_for_bwd, alpha, 0);
      case SELU -> new Form(algorithm.eltwise_elu, SELU_ALPHA, 0);
      case SOFTPLUS -> new Form(algorithm.eltwise_soft_relu, 1, 0);
      case SWISH -> new Form(algorithm.eltwise_swish, alpha, 0);
      case MISH -> new Form(algorithm.eltwise_mish, 0, 0);
      case HARD_SIGMOID -> new Form(algorithm.eltwise_hardsigmoid, HARD_SLOPE, HARD_MIDDLE);
      case HARD_TANH ->
          new Form(algorithm.eltwise_clip_v2, algorithm.eltwise_clip_v2_use_dst_for_bwd, -1, 1);
      case SCALED -> new Form(algorithm.eltwise_linear, alpha, 0);
      case SHIFTED -> new Form(algorithm.eltwise_linear, 1, alpha);
    };
  }

  /** What has a primitive apply a function to what it computes. */
  static primitive_attr applied(Compilation plan, Function function) {
    primitive_attr attributes = plan.own(new primitive_attr());
    if (!function.isIdentity()) {
      Form form = form(function);
      post_ops after = plan.own(new post_ops());
      after.append_eltwise(form.forward, form.alpha, form.beta);
      attributes.set_post_ops(after);
    }
    return attributes;
  }

  /** Appends the function of values. */
  static Tensor forward(Compilation plan, Function function, Tensor values) {
    Tensor result = plan.allocate(values.layout());
    Form form = form(function);
    eltwise_forward.primitive_desc description =
        plan.own(
            new eltwise_forward.primitive_desc(
                plan.processor(),
                plan.pass(),
                form.forward,
                values.layout(),
                result.layout(),
                form.alpha,
                form.beta));
    plan.execute(function.toString(), plan.own(new eltwise_forward(description)))
        .with(dnnl.DNNL_ARG_SRC, values)
        .with(dnnl.DNNL_ARG_DST, result)
        .append();
    return function.kind() == Function.Kind.SELU ? scaled(plan, result) : result;
  }

  /**
   * Appends the way back through a function.
   *
   * @param kept its values if its derivative can be found of them, else its arguments
   * @param gradient by its values
   * @return by its arguments
   */
  static Tensor backward(Compilation plan, Function function, Tensor kept, Tensor gradient) {
    if (function.isIdentity()) {
      return gradient;
    }
    memory.desc layout = kept.layout();
    Tensor given = plan.inLayout(gradient, layout);
    Tensor result = given.shared() ? plan.allocate(layout) : given;
    boolean ofOutput = function.hasDerivativeOfOutput();
    Form form = form(function);
    eltwise_forward.primitive_desc hint =
        plan.own(
            new eltwise_forward.primitive_desc(
                plan.processor(),
                dnnl.prop_kind.forward_training,
                form.backward,
                layout,
                layout,
                form.alpha,
                form.beta));
    eltwise_backward.primitive_desc description =
        plan.own(
            new eltwise_backward.primitive_desc(
                plan.processor(),
                form.backward,
                layout,
                layout,
                layout,
                form.alpha,
                form.beta,
                hint));
    plan.execute(function + " back", plan.own(new eltwise_backward(description)))
        .with(ofOutput ? dnnl.DNNL_ARG_DST : dnnl.DNNL_ARG_SRC, kept)
        .with(dnnl.DNNL_ARG_DIFF_DST, given)
        .with(dnnl.DNNL_ARG_DIFF_SRC, result)
        .append();
    return function.kind() == Function.Kind.SELU ? scaled(plan, result) : result;
  }

  /** What oneDNN has no algorithm for. */
  private static Tensor scaled(Compilation plan, Tensor values) {
    eltwise_forward.primitive_desc description =
        plan.own(
            new eltwise_forward.primitive_desc(
                plan.processor(),
                dnnl.prop_kind.forward_training,
                algorithm.eltwise_linear,
                values.layout(),
                values.layout(),
                SELU_SCALE,
                0));
    plan.execute("scale", plan.own(new eltwise_forward(description)))
        .with(dnnl.DNNL_ARG_SRC, values)
        .with(dnnl.DNNL_ARG_DST, values)
        .append();
    return values;
  }
}
