package dev.zone.jobs.engine.onednn;

import java.nio.FloatBuffer;
import org.bytedeco.dnnl.memory;

/** An example's values over the root of the sum of their squares. */
final class UnitLengthKernel {
  private final Compilation plan;
  private final int node;
  private final int input;
  private final double least;
  private final int width;

  /**
   * @param least what is divided by at least
   */
  UnitLengthKernel(Compilation plan, int node, double least) {
    this.plan = plan;
    this.node = node;
    this.input = plan.node(node).inputs().get(0);
    this.least = least;
    this.width = plan.node(input).shape().elements();
  }

  void compile() {
    memory.desc layout = plan.plain(plan.sizes(input));
    Tensor source = plan.settled(plan.inLayout(plan.output(input), layout));
    Tensor result = plan.allocate(layout);
    FloatBuffer from = Floats.of(source);
    FloatBuffer to = Floats.of(result);
    plan.append(
        "unit length",
        () -> {
          for (int i = 0; i < plan.examples(node); i++) {
            double length = Math.max(least, Math.sqrt(dot(from, from, i * width)));
            for (int k = i * width; k < (i + 1) * width; k++) {
              to.put(k, (float) (from.get(k) / length));
            }
          }
        });
    plan.setOutput(node, result);
    plan.onTheWayBack(
        node,
        () -> {
          if (plan.isDriven(input)) {
            plan.addGradient(input, back(from, layout));
          }
        });
  }

  /** As DL4J has it: where a length is below the least, its cube is held against the least too. */
  private Tensor back(FloatBuffer from, memory.desc layout) {
    FloatBuffer given = Floats.of(plan.settled(plan.inLayout(plan.gradient(node), layout)));
    Tensor result = plan.allocate(layout);
    FloatBuffer to = Floats.of(result);
    plan.append(
        "unit length back",
        () -> {
          for (int i = 0; i < plan.examples(node); i++) {
            int first = i * width;
            double length = Math.sqrt(dot(from, from, first));
            double along = dot(from, given, first) / Math.max(least, length * length * length);
            double divisor = Math.max(least, length);
            for (int k = first; k < first + width; k++) {
              to.put(k, (float) (given.get(k) / divisor - along * from.get(k)));
            }
          }
        });
    return result;
  }

  private double dot(FloatBuffer one, FloatBuffer other, int from) {
    double sum = 0;
    for (int k = from; k < from + width; k++) {
      sum += (double) one.get(k) * other.get(k);
    }
    return sum;
  }
}
