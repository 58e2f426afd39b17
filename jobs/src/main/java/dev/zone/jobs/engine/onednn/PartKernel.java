package dev.zone.jobs.engine.onednn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
   * @param from where it begins along each axis after the batch's
   */
  void take(List<Integer> from) {
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
   * @param before zeros in front of them along each axis after the batch's
   */
  void put(List<Integer> before) {
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

  /** Puts all inputs one after the other along the first axis after the batch's. */
  void join() {
    List<Integer> inputs = plan.node(node).inputs();
    Tensor whole = plan.allocate(plan.plain(plan.sizes(node)));
    List<memory.desc> parts = new ArrayList<>();
    Integer[] from = new Integer[plan.sizes(node).length - 1];
    Arrays.fill(from, 0);
    for (int input : inputs) {
      memory.desc part = part(whole.layout(), plan.sizes(input), List.of(from));
      plan.copy(plan.output(input), plan.viewed(whole, part));
      parts.add(part);
      from[0] += plan.node(input).shape().axis(0);
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

  private memory.desc part(memory.desc all, long[] sizes, List<Integer> from) {
    long[] offsets = new long[sizes.length];
    for (int i = 1; i < offsets.length; i++) {
      offsets[i] = from.get(i - 1);
    }
    return plan.own(all.submemory_desc(sizes, offsets));
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
