package dev.zone.jobs.engine.onednn;

import dev.zone.datasets.SeededRandom;
import dev.zone.jobs.engine.graph.Operation;
import java.nio.FloatBuffer;
import java.util.function.LongSupplier;
import org.bytedeco.dnnl.global.dnnl;

/** Dropout by masks that depend on the step's seed and the node alone. */
final class DropoutKernel {
  private static final long LOW_HALF = 0xFFFFFFFFL;

  private final Compilation plan;
  private final int node;
  private final int input;
  private final double retained;

  DropoutKernel(Compilation plan, int node, Operation.Dropout dropout) {
    this.plan = plan;
    this.node = node;
    this.input = plan.node(node).inputs().get(0);
    this.retained = dropout.retained();
  }

  /**
   * @param seed of the step
   */
  void compile(LongSupplier seed) {
    Tensor source = plan.output(input);
    if (!plan.training()) {
      plan.setOutput(node, source.protectedNow());
      return;
    }
    Tensor mask = plan.allocate(source.layout());
    FloatBuffer factors = Floats.of(mask);
    float[] values = new float[factors.capacity()];
    // Node 0 is an input: the first that can draw has the seed's own numbers.
    int stream = node - 1;
    plan.append(
        "draw",
        () -> {
          draw(retained, SeededRandom.ofStream(seed.getAsLong(), stream), values);
          factors.put(0, values);
        });
    plan.setOutput(node, product(source, mask, plan.allocate(source.layout())));
    plan.onTheWayBack(
        () -> {
          if (plan.isDriven(input)) {
            Tensor gradient = plan.inLayout(plan.gradient(node), source.layout());
            Tensor back = gradient.shared() ? plan.allocate(source.layout()) : gradient;
            plan.addGradient(input, product(gradient, mask, back));
          }
        });
  }

  /**
   * Draws a mask: two factors of each number of 64 bits.
   *
   * @param retained probability of a factor that is not 0
   * @param values receives the factors
   */
  static void draw(double retained, SeededRandom random, float[] values) {
    long bound = (long) (retained * (LOW_HALF + 1));
    float kept = (float) (1 / retained);
    for (int i = 0; i < values.length; i += 2) {
      long bits = random.nextLong();
      values[i] = (bits & LOW_HALF) < bound ? kept : 0;
      if (i + 1 < values.length) {
        values[i + 1] = (bits >>> Integer.SIZE) < bound ? kept : 0;
      }
    }
  }

  private Tensor product(Tensor values, Tensor mask, Tensor result) {
    plan.combine("dropout", dnnl.algorithm.binary_mul, values, mask, result);
    return result;
  }
}
