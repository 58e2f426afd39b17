package dev.zone.jobs.engine.onednn;

import java.nio.FloatBuffer;
import org.bytedeco.dnnl.memory;

/** Windows [columns, steps] as recurrent layers want them: a step of all examples after another. */
final class Steps {
  private final Compilation plan;
  private final long batch;
  private final long columns;
  private final long steps;

  Steps(Compilation plan, int node) {
    this.plan = plan;
    long[] sizes = plan.sizes(node);
    this.batch = sizes[0];
    this.columns = sizes[1];
    this.steps = sizes[2];
  }

  /** Of [batch, columns, steps]: step by step, in each example by example. */
  memory.desc layout() {
    return plan.strided(
        new long[] {batch, columns, steps}, new long[] {columns, 1, batch * columns});
  }

  /** The same memory as oneDNN's recurrent layers call it: [steps, batch, columns]. */
  memory.desc recurrentLayout() {
    return plan.layout(memory.format_tag.tnc, steps, batch, columns);
  }

  /** A node's values in this order. */
  Tensor of(Tensor values) {
    return plan.inLayout(values, layout());
  }

  /** Numbers in a step of all examples. */
  int stepSize() {
    return Math.toIntExact(batch * columns);
  }

  /** The last step, [batch, columns], of values in this order; in the same memory. */
  Tensor last(Tensor inOrder) {
    Tensor last =
        plan.at(
            plan.plain(batch, columns),
            plan.own(Floats.address(inOrder, (steps - 1) * stepSize())));
    return last;
  }

  /** Appends a copy in the opposite order. */
  Tensor reversed(Tensor values) {
    Tensor inOrder = of(values);
    Tensor result = plan.allocate(layout());
    FloatBuffer from = Floats.of(inOrder);
    FloatBuffer to = Floats.of(result);
    int size = stepSize();
    int count = Math.toIntExact(steps);
    plan.append(
        "reversal",
        () -> {
          for (int step = 0; step < count; step++) {
            Floats.move(from, step * size, to, (count - 1 - step) * size, size);
          }
        });
    return result;
  }
}
