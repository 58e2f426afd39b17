package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Function;
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
  private final Tensor source;
  private final long[] sizes;
  private final dnnl.algorithm algorithm;
  private final boolean largest;
  private final Function function;
  private final Geometry geometry;
  private pooling_forward.primitive_desc forward;
  private Tensor result;
  private Optional<Tensor> places;

  /**
   * @param source what windows are over
   * @param sizes of the values
   */
  PoolingKernel(Compilation plan, Tensor source, Operation.Pooling pooling, long[] sizes) {
    this.plan = plan;
    this.source = source;
    this.sizes = sizes;
    this.largest = pooling.largest();
    this.algorithm =
        largest ? dnnl.algorithm.pooling_max : dnnl.algorithm.pooling_avg_exclude_padding;
    this.function = pooling.function();
    this.geometry = Geometry.of(pooling.window());
  }

  /** Appends computing the values. */
  Tensor forward() {
    forward =
        plan.own(
            new pooling_forward.primitive_desc(
                plan.processor(),
                plan.pass(),
                algorithm,
                source.layout(),
                plan.any(source.type(), sizes),
                geometry.stride(),
                geometry.kernel(),
                geometry.dilation(),
                geometry.before(),
                geometry.after(),
                Functions.applied(plan, function),
                false));
    result = plan.allocate(plan.own(forward.dst_desc()));
    // Which of the places was the largest.
    places =
        largest && plan.training()
            ? Optional.of(plan.allocateApart(plan.own(forward.workspace_desc())))
            : Optional.empty();
    Compilation.Call call =
        plan.execute("pooling", plan.own(new pooling_forward(forward)))
            .with(dnnl.DNNL_ARG_SRC, source)
            .with(dnnl.DNNL_ARG_DST, result);
    places.ifPresent(own -> call.with(dnnl.DNNL_ARG_WORKSPACE, own));
    call.append();
    return result;
  }

  /**
   * Appends the way back.
   *
   * @param gradient by the values
   * @return by what windows are over
   */
  Tensor back(Tensor gradient) {
    memory.desc from = source.layout();
    memory.desc to = result.layout();
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
    Tensor given = Functions.backward(plan, function, result, gradient);
    Tensor back = plan.allocate(from);
    Compilation.Call call =
        plan.execute("pooling back", plan.own(new pooling_backward(description)))
            .with(dnnl.DNNL_ARG_DIFF_DST, plan.inLayout(given, to))
            .with(dnnl.DNNL_ARG_DIFF_SRC, back);
    places.ifPresent(own -> call.with(dnnl.DNNL_ARG_WORKSPACE, own));
    call.append();
    return back;
  }
}
