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

  /** Of [batch, columns, steps]: step by step, in each example by example; of float32. */
  memory.desc layout() {
    return layout(memory.data_type.f32);
  }

  /** The same of another type. */
  memory.desc layout(memory.data_type type) {
    return plan.strided(
        type, new long[] {batch, columns, steps}, new long[] {columns, 1, batch * columns});
  }

  /** The same memory as oneDNN's recurrent layers call it: [steps, batch, columns]. */
  memory.desc recurrentLayout(memory.data_type type) {
    return plan.strided(
        type, new long[] {steps, batch, columns}, new long[] {batch * columns, columns, 1});
  }

  /** A node's values in this order. */
  Tensor of(Tensor values) {
    return plan.inLayout(values, layout());
  }

  /** Numbers in a step of all examples. */
  int stepSize() {
    return Math.toIntExact(batch * columns);
  }

  private memory.desc maskLayout() {
    return plan.strided(new long[] {batch, 1, steps}, new long[] {1, 1, batch});
  }

  /** Appends writing 1 for each step that is seen and 0 for others. */
  Tensor mask(Seen seen) {
    Tensor mask = plan.allocate(maskLayout());
    FloatBuffer values = Floats.of(mask);
    int size = Math.toIntExact(batch);
    plan.append(
        "seen",
        () -> {
          for (int step = 0; step < steps; step++) {
            for (int i = 0; i < size; i++) {
              values.put(step * size + i, step < seen.length(i) ? 1 : 0);
            }
          }
        });
    return mask;
  }

  /** The last step, [batch, columns], of values in this order; in the same memory. */
  Tensor last(Tensor inOrder) {
    return plan.at(
        plan.plain(batch, columns), plan.own(Floats.address(inOrder, (steps - 1) * stepSize())));
  }

  /** Appends a copy of the last step of each example that is seen, [batch, columns]. */
  Tensor lastSeen(Tensor inOrder, Seen seen) {
    Tensor result = plan.allocate(plan.plain(batch, columns));
    FloatBuffer from = Floats.of(inOrder);
    FloatBuffer to = Floats.of(result);
    int width = Math.toIntExact(columns);
    plan.append(
        "last seen",
        () -> {
          for (int i = 0; i < batch; i++) {
            Floats.move(from, place(seen.length(i) - 1, i), to, i * width, width);
          }
        });
    return result;
  }

  /** Appends the way back: zeros but for the last step of each example that is seen. */
  Tensor lastSeenBack(Tensor gradient, Seen seen) {
    Tensor given = plan.inLayout(gradient, plan.plain(batch, columns));
    Tensor result = plan.allocate(layout());
    FloatBuffer from = Floats.of(given);
    FloatBuffer to = Floats.of(result);
    int width = Math.toIntExact(columns);
    plan.clear(result);
    plan.append(
        "last seen back",
        () -> {
          for (int i = 0; i < batch; i++) {
            Floats.move(from, i * width, to, place(seen.length(i) - 1, i), width);
          }
        });
    return result;
  }

  /** Where a step of an example begins. */
  int place(int step, int example) {
    return Math.toIntExact((step * batch + example) * columns);
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

  /** Appends a copy with the steps that are seen in the opposite order, and zeros behind them. */
  Tensor reversed(Tensor values, Seen seen) {
    Tensor inOrder = of(values);
    Tensor result = plan.allocate(layout());
    FloatBuffer from = Floats.of(inOrder);
    FloatBuffer to = Floats.of(result);
    int width = Math.toIntExact(columns);
    plan.clear(result);
    plan.append(
        "reversal",
        () -> {
          for (int i = 0; i < batch; i++) {
            int length = seen.length(i);
            for (int step = 0; step < length; step++) {
              Floats.move(from, place(step, i), to, place(length - 1 - step, i), width);
            }
          }
        });
    return result;
  }
}
