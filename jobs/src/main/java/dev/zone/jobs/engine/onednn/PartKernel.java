package dev.zone.jobs.engine.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.dnnl.memory;

/** Parts of values and what they are parts of: one is copied from or to its place in the other. */
final class PartKernel {
  private final Compilation plan;
  private final int node;

  PartKernel(Compilation plan, int node) {
    this.plan = plan;
    this.node = node;
  }

  /**
   * Takes a part.
   *
   * @param from where it begins along each axis, the batch's first
   */
  void take(long[] from) {
    int input = plan.node(node).inputs().get(0);
    memory.desc all = plan.plain(plan.sizes(input));
    memory.desc part = part(all, plan.sizes(node), from);
    Tensor source = plan.inLayout(plan.output(input), all);
    plan.setOutput(node, copied(plan.viewed(source, part), plan.plain(plan.sizes(node))));
    plan.onTheWayBack(
        node,
        () -> {
          if (plan.isDriven(input)) {
            plan.addGradient(input, placed(plan.gradient(node), all, part));
          }
        });
  }

  /**
   * Puts the values among zeros.
   *
   * @param before zeros in front of them along each axis, the batch's first
   */
  void put(long[] before) {
    int input = plan.node(node).inputs().get(0);
    memory.desc all = plan.plain(plan.sizes(node));
    memory.desc part = part(all, plan.sizes(input), before);
    plan.setOutput(node, placed(plan.output(input), all, part));
    plan.onTheWayBack(
        node,
        () -> {
          if (plan.isDriven(input)) {
            Tensor gradient = plan.inLayout(plan.gradient(node), all);
            plan.addGradient(
                input, copied(plan.viewed(gradient, part), plan.output(input).layout()));
          }
        });
  }

  /** Puts all inputs one after the other along an axis, of which the batch's is 0. */
  void join(int axis) {
    List<Integer> inputs = plan.node(node).inputs();
    Tensor whole = plan.allocate(plan.plain(plan.sizes(node)));
    List<memory.desc> parts = new ArrayList<>();
    long[] from = new long[plan.sizes(node).length];
    for (int input : inputs) {
      long[] sizes = plan.sizes(input);
      memory.desc part = part(whole.layout(), sizes, from);
      plan.copy(plan.output(input), plan.viewed(whole, part));
      parts.add(part);
      from[axis] += sizes[axis];
    }
    plan.setOutput(node, whole);
    plan.onTheWayBack(
        node,
        () -> {
          Tensor gradient = plan.inLayout(plan.gradient(node), whole.layout());
          for (int i = 0; i < inputs.size(); i++) {
            int input = inputs.get(i);
            if (plan.isDriven(input)) {
              Tensor part = plan.viewed(gradient, parts.get(i));
              plan.addGradient(input, copied(part, plan.output(input).layout()));
            }
          }
        });
  }

  private memory.desc part(memory.desc all, long[] sizes, long[] from) {
    return plan.own(all.submemory_desc(sizes, from));
  }

  /** Places along each axis but the batch's, which is whole. */
  static long[] afterBatch(List<Integer> places) {
    return LongStream.concat(LongStream.of(0), places.stream().mapToLong(Integer::longValue))
        .toArray();
  }

  private Tensor copied(Tensor values, memory.desc layout) {
    Tensor result = plan.allocate(layout);
    plan.copy(values, result);
    return result;
  }

  /** Only the part is ever written; around it stay zeros. */
  private Tensor placed(Tensor values, memory.desc all, memory.desc part) {
    Tensor whole = plan.allocateApart(all);
    plan.copy(values, plan.viewed(whole, part));
    return whole.protectedNow();
  }
}
