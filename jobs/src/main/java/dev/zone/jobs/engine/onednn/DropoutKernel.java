package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Operation;
import java.nio.FloatBuffer;
import java.util.function.LongSupplier;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.global.dnnl;

/** Dropout by masks that depend on the step's seed and the node alone. */
final class DropoutKernel {
  /** SplitMix64 (Steele, Lea and Flood, 2014): increment and the two factors of its mixing. */
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private static final long FIRST_FACTOR = 0xBF58476D1CE4E5B9L;
  private static final long SECOND_FACTOR = 0x94D049BB133111EBL;
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
    int own = node;
    plan.append(
        "draw",
        () -> {
          draw(retained, mixed(seed.getAsLong() + own * GAMMA), values);
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
   * @param start of the numbers
   * @param values receives the factors
   */
  static void draw(double retained, long start, float[] values) {
    long bound = (long) (retained * (LOW_HALF + 1));
    float kept = (float) (1 / retained);
    long state = start;
    for (int i = 0; i < values.length; i += 2) {
      state += GAMMA;
      long bits = mixed(state);
      values[i] = (bits & LOW_HALF) < bound ? kept : 0;
      if (i + 1 < values.length) {
        values[i + 1] = (bits >>> Integer.SIZE) < bound ? kept : 0;
      }
    }
  }

  private static long mixed(long state) {
    long bits = (state ^ (state >>> 30)) * FIRST_FACTOR;
    bits = (bits ^ (bits >>> 27)) * SECOND_FACTOR;
    return bits ^ (bits >>> 31);
  }

  private Tensor product(Tensor values, Tensor mask, Tensor result) {
    binary.primitive_desc description =
        plan.own(
            new binary.primitive_desc(
                plan.processor(),
                dnnl.algorithm.binary_mul,
                values.layout(),
                mask.layout(),
                result.layout()));
    plan.execute("dropout", plan.own(new binary(description)))
        .with(dnnl.DNNL_ARG_SRC_0, values)
        .with(dnnl.DNNL_ARG_SRC_1, mask)
        .with(dnnl.DNNL_ARG_DST, result)
        .append();
    return result;
  }
}
