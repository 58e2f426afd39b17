package dev.zone.jobs.engine.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/** Each value several times along the axes after channels: nearest neighbours of a finer grid. */
final class RepetitionKernel {
  private final Compilation plan;
  private final int node;
  private final int input;
  private final List<Integer> times;

  RepetitionKernel(Compilation plan, int node, List<Integer> times) {
    this.plan = plan;
    this.node = node;
    this.input = plan.node(node).inputs().get(0);
    this.times = times;
  }

  void compile() {
    Tensor result = plan.allocate(plan.plain(plan.sizes(node)));
    Tensor source = plan.output(input);
    for (Tensor copy : copies(result)) {
      plan.copy(source, copy);
    }
    plan.setOutput(node, result);
    plan.onTheWayBack(
        node,
        () -> {
          if (plan.isDriven(input)) {
            plan.addGradient(input, sum(plan.inLayout(plan.gradient(node), result.layout())));
          }
        });
  }

  private Tensor sum(Tensor gradient) {
    Tensor sum = plan.allocate(plan.plain(plan.sizes(input)));
    List<Tensor> copies = copies(plan.settled(gradient));
    plan.copy(copies.get(0), sum);
    for (Tensor copy : copies.subList(1, copies.size())) {
      plan.combine("sum", dnnl.algorithm.binary_add, sum, copy, sum);
    }
    return sum;
  }

  /** The places of the first, the second, … copy of each value. */
  private List<Tensor> copies(Tensor repeated) {
    long[] sizes = plan.sizes(node);
    long[] strides = new long[sizes.length];
    long stride = 1;
    List<Long> offsets = new ArrayList<>(List.of(0L));
    for (int i = sizes.length - 1; i >= 0; i--) {
      int count = i < 2 ? 1 : times.get(i - 2);
      offsets = with(offsets, stride, count);
      strides[i] = stride * count;
      stride *= sizes[i];
    }
    memory.desc layout = plan.strided(plan.sizes(input), strides);
    return offsets.stream()
        .map(offset -> plan.at(layout, plan.own(Floats.address(repeated, offset))))
        .toList();
  }

  private static List<Long> with(List<Long> offsets, long stride, int count) {
    List<Long> more = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      for (long offset : offsets) {
        more.add(offset + k * stride);
      }
    }
    return more;
  }
}
