package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Operation;
import dev.zone.jobs.engine.graph.Slice;
import java.nio.FloatBuffer;
import java.util.Optional;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.global.dnnl.normalization_flags;

/** Batch normalisation, by itself or with the rectifier behind it. */
final class NormalizationKernel {
  private final Compilation plan;
  private final int node;
  private final int input;
  private final Operation.Normalization own;
  private final int channels;

  NormalizationKernel(Compilation plan, int node, Operation.Normalization own) {
    this.plan = plan;
    this.node = node;
    this.input = plan.node(node).inputs().get(0);
    this.own = own;
    this.channels = plan.node(input).shape().axis(0);
  }

  /** Mean and variance of each channel, [channels]. */
  private record Moments(Tensor mean, Tensor variance) {}

  void compile() {
    Tensor source = plan.output(input);
    batch_normalization_forward.primitive_desc description =
        plan.own(
            new batch_normalization_forward.primitive_desc(
                plan.processor(),
                plan.pass().value,
                source.layout(),
                source.layout(),
                (float) own.settings().epsilon(),
                flags()));
    Tensor result = plan.allocate(source.layout());
    Moments moments = usesBatch() ? ofBatch() : running();
    // Which values the rectifier let pass.
    Optional<Tensor> passed =
        own.settings().rectified() && plan.training()
            ? Optional.of(plan.allocateApart(plan.own(description.workspace_desc())))
            : Optional.empty();
    Compilation.Call call =
        plan.execute("normalization", plan.own(new batch_normalization_forward(description)))
            .with(dnnl.DNNL_ARG_SRC, source)
            .with(dnnl.DNNL_ARG_MEAN, moments.mean())
            .with(dnnl.DNNL_ARG_VARIANCE, moments.variance())
            .with(dnnl.DNNL_ARG_SCALE, plan.parameters(own.scale(), channels))
            .with(dnnl.DNNL_ARG_SHIFT, plan.parameters(own.shift(), channels))
            .with(dnnl.DNNL_ARG_DST, result);
    passed.ifPresent(tensor -> call.with(dnnl.DNNL_ARG_WORKSPACE, tensor));
    call.append();
    plan.setOutput(node, result);
    plan.onTheWayBack(node, () -> back(description, source, moments, passed));
  }

  private boolean usesBatch() {
    return plan.training() && !own.settings().fixed();
  }

  private int flags() {
    int flags = normalization_flags.use_scale.value | normalization_flags.use_shift.value;
    if (!usesBatch()) {
      flags |= normalization_flags.use_global_stats.value;
    }
    return own.settings().rectified() ? flags | normalization_flags.fuse_norm_relu.value : flags;
  }

  private Moments ofBatch() {
    return new Moments(plan.allocate(plan.plain(channels)), plan.allocate(plan.plain(channels)));
  }

  private Moments running() {
    Tensor mean = plan.parameters(own.mean(), channels);
    if (!own.settings().logarithm()) {
      return new Moments(mean, plan.parameters(own.deviation(), channels));
    }
    Tensor variance = plan.allocate(plan.plain(channels));
    FloatBuffer values = Floats.of(variance);
    FloatBuffer parameters = plan.vectors().parameters();
    int from = own.deviation().from();
    plan.append(
        "running variance",
        () -> {
          for (int k = 0; k < channels; k++) {
            values.put(k, (float) Math.pow(10, 2.0 * parameters.get(from + k)));
          }
        });
    return new Moments(mean, variance);
  }

  private void back(
      batch_normalization_forward.primitive_desc forward,
      Tensor source,
      Moments moments,
      Optional<Tensor> passed) {
    batch_normalization_backward.primitive_desc description =
        plan.own(
            new batch_normalization_backward.primitive_desc(
                plan.processor(),
                dnnl.prop_kind.backward.value,
                source.layout(),
                source.layout(),
                source.layout(),
                (float) own.settings().epsilon(),
                flags(),
                forward));
    Tensor back = plan.allocate(source.layout());
    Compilation.Call call =
        plan.execute("normalization back", plan.own(new batch_normalization_backward(description)))
            .with(dnnl.DNNL_ARG_SRC, source)
            .with(dnnl.DNNL_ARG_MEAN, moments.mean())
            .with(dnnl.DNNL_ARG_VARIANCE, moments.variance())
            .with(dnnl.DNNL_ARG_DIFF_DST, plan.inLayout(plan.gradient(node), source.layout()))
            .with(dnnl.DNNL_ARG_SCALE, plan.parameters(own.scale(), channels))
            .with(dnnl.DNNL_ARG_DIFF_SRC, back)
            .with(dnnl.DNNL_ARG_DIFF_SCALE, plan.gradientOf(own.scale(), channels))
            .with(dnnl.DNNL_ARG_DIFF_SHIFT, plan.gradientOf(own.shift(), channels));
    passed.ifPresent(tensor -> call.with(dnnl.DNNL_ARG_WORKSPACE, tensor));
    call.append();
    changes(moments);
    if (plan.isDriven(input)) {
      plan.addGradient(input, back);
    }
  }

  /** What is subtracted from the running moments, times the number of examples. */
  private void changes(Moments moments) {
    FloatBuffer mean = Floats.of(moments.mean());
    FloatBuffer variance = Floats.of(moments.variance());
    plan.append(
        "running moments",
        () -> {
          for (int k = 0; k < channels; k++) {
            put(own.mean(), k, own.settings().meanChange(parameter(own.mean(), k), mean.get(k)));
            put(
                own.deviation(),
                k,
                own.settings().deviationChange(parameter(own.deviation(), k), variance.get(k)));
          }
        });
  }

  private double parameter(Slice slice, int channel) {
    return plan.vectors().parameters().get(slice.from() + channel);
  }

  private void put(Slice slice, int channel, double change) {
    plan.vectors().gradient().put(slice.from() + channel, (float) (plan.batch() * change));
  }
}
