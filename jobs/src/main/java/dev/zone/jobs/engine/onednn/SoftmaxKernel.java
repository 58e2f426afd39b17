package dev.zone.jobs.engine.onednn;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.softmax_backward;
import org.bytedeco.dnnl.softmax_forward;

/** Shares of features. */
final class SoftmaxKernel {
  private static final dnnl.algorithm ACCURATE = dnnl.algorithm.softmax_accurate;

  private final Compilation plan;
  private final int node;
  private final int input;

  SoftmaxKernel(Compilation plan, int node) {
    this.plan = plan;
    this.node = node;
    this.input = plan.node(node).inputs().get(0);
  }

  void compile() {
    Tensor source = plan.output(input);
    softmax_forward.primitive_desc description =
        plan.own(
            new softmax_forward.primitive_desc(
                plan.processor(), plan.pass(), ACCURATE, source.layout(), source.layout(), 1));
    Tensor result = plan.allocate(source.layout());
    plan.execute("softmax", plan.own(new softmax_forward(description)))
        .with(dnnl.DNNL_ARG_SRC, source)
        .with(dnnl.DNNL_ARG_DST, result)
        .append();
    plan.setOutput(node, result);
    plan.onTheWayBack(
        node,
        () -> {
          if (plan.isDriven(input)) {
            plan.addGradient(input, back(description, result));
          }
        });
  }

  private Tensor back(softmax_forward.primitive_desc forward, Tensor result) {
    Tensor back = plan.allocate(result.layout());
    softmax_backward.primitive_desc description =
        plan.own(
            new softmax_backward.primitive_desc(
                plan.processor(),
                ACCURATE,
                result.layout(),
                result.layout(),
                result.layout(),
                1,
                forward));
    plan.execute("softmax back", plan.own(new softmax_backward(description)))
        .with(dnnl.DNNL_ARG_DST, result)
        .with(dnnl.DNNL_ARG_DIFF_DST, plan.inLayout(plan.gradient(node), result.layout()))
        .with(dnnl.DNNL_ARG_DIFF_SRC, back)
        .append();
    return back;
  }
}
