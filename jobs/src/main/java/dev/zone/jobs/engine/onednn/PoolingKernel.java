package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Operation;
import dev.zone.jobs.engine.onednn.ConvolutionKernel.Geometry;
import java.util.Optional;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;

/** The largest or the average of windows over one or two axes. */
final class PoolingKernel {
  private final Compilation plan;
  private final int node;
  private final int input;
  private final dnnl.algorithm algorithm;
  private final boolean largest;
  private final Geometry geometry;

  PoolingKernel(Compilation plan, int node, Operation.Pooling pooling) {
    this.plan = plan;
    this.node = node;
    this.input = plan.node(node).inputs().get(0);
    this.largest = pooling.largest();
    this.algorithm =
        largest ? dnnl.algorithm.pooling_max : dnnl.algorithm.pooling_avg_exclude_padding;
    this.geometry = Geometry.of(pooling.window());
  }

  void compile() {
    Tensor source = plan.output(input);
    pooling_forward.primitive_desc description =
        plan.own(
            new pooling_forward.primitive_desc(
                plan.processor(),
                plan.pass(),
                algorithm,
                source.layout(),
                plan.any(plan.sizes(node)),
                geometry.stride(),
                geometry.kernel(),
                geometry.dilation(),
                geometry.before(),
                geometry.after()));
    Tensor result = plan.allocate(plan.own(description.dst_desc()));
    // Which of the places was the largest.
    Optional<Tensor> places =
        largest && plan.training()
            ? Optional.of(plan.allocate(plan.own(description.workspace_desc())))
            : Optional.empty();
    Compilation.Call call =
        plan.execute("pooling", plan.own(new pooling_forward(description)))
            .with(dnnl.DNNL_ARG_SRC, source)
            .with(dnnl.DNNL_ARG_DST, result);
    places.ifPresent(own -> call.with(dnnl.DNNL_ARG_WORKSPACE, own));
    call.append();
    plan.setOutput(node, result);
    plan.onTheWayBack(() -> back(description, source.layout(), result.layout(), places));
  }

  private void back(
      pooling_forward.primitive_desc forward,
      memory.desc from,
      memory.desc to,
      Optional<Tensor> places) {
    if (!plan.isDriven(input)) {
      return;
    }
    pooling_backward.primitive_desc description =
        plan.own(
            new pooling_backward.primitive_desc(
                plan.processor(),
                algorithm,
                from,
                to,
                geometry.stride(),
                geometry.kernel(),
                geometry.dilation(),
                geometry.before(),
                geometry.after(),
                forward));
    Tensor back = plan.allocate(from);
    Compilation.Call call =
        plan.execute("pooling back", plan.own(new pooling_backward(description)))
            .with(dnnl.DNNL_ARG_DIFF_DST, plan.inLayout(plan.gradient(node), to))
            .with(dnnl.DNNL_ARG_DIFF_SRC, back);
    places.ifPresent(own -> call.with(dnnl.DNNL_ARG_WORKSPACE, own));
    call.append();
    plan.addGradient(input, back);
  }
}
