package dev.zone.jobs.engine.onednn;

import dev.zone.datasets.SeededRandom;
import dev.zone.jobs.engine.graph.Mapping;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/** Dropout by draws that depend on the step's seed and the node alone. */
final class DropoutKernel {
  private static final long LOW_HALF = 0xFFFFFFFFL;

  /** What SELUs tend to far below 0: their scale times their alpha, negative. */
  private static final double LOWER_END = -1.0507009873554805 * 1.6732632423543772;

  private final Compilation plan;
  private final int node;
  private final int input;
  private final Mapping.Dropout dropout;

  DropoutKernel(Compilation plan, int node, Mapping.Dropout dropout) {
    this.plan = plan;
    this.node = node;
    this.input = plan.node(node).inputs().get(0);
    this.dropout = dropout;
  }

  /**
   * @param seed of the step
   */
  void compile(LongSupplier seed) {
    if (!plan.training()) {
      plan.setOutput(node, plan.output(input).protectedNow());
      return;
    }
    Tensor source = plan.inFloats(input);
    switch (dropout.kind()) {
      case PLAIN ->
          multiplied(
              source, drawn(seed, source.layout(), (random, to) -> draw(amount(), random, to)));
      case SPATIAL ->
          multiplied(source, drawn(seed, ofChannels(), (random, to) -> draw(amount(), random, to)));
      case GAUSSIAN ->
          multiplied(source, drawn(seed, source.layout(), (random, to) -> normal(1, random, to)));
      case NOISE -> {
        Tensor noise = drawn(seed, source.layout(), (random, to) -> normal(0, random, to));
        plan.setOutput(node, combined(dnnl.algorithm.binary_add, source, noise));
        plan.onTheWayBack(
            node,
            () -> {
              if (plan.isDriven(input)) {
                plan.addGradient(input, plan.gradient(node));
              }
            });
      }
      case ALPHA -> alpha(source, seed);
    }
  }

  private double amount() {
    return dropout.amount();
  }

  private memory.desc ofChannels() {
    long[] sizes = plan.sizes(node);
    Arrays.fill(sizes, 2, sizes.length, 1);
    return plan.plain(sizes);
  }

  /** Fills an array of factors or terms. */
  @FunctionalInterface
  private interface Drawing {
    void draw(SeededRandom random, float[] to);
  }

  private Tensor drawn(LongSupplier seed, memory.desc layout, Drawing drawing) {
    Tensor tensor = plan.allocate(layout);
    FloatBuffer numbers = Floats.of(tensor);
    float[] values = new float[numbers.capacity()];
    // Node 0 is an input: the first that can draw has the seed's own numbers.
    int stream = node - 1;
    plan.append(
        "draw",
        () -> {
          drawing.draw(SeededRandom.ofStream(seed.getAsLong(), stream), values);
          numbers.put(0, values);
        });
    return tensor;
  }

  private void multiplied(Tensor source, Tensor factors) {
    plan.setOutput(node, combined(dnnl.algorithm.binary_mul, source, factors));
    plan.onTheWayBack(
        node,
        () -> {
          if (plan.isDriven(input)) {
            Tensor gradient = plan.inLayout(plan.gradient(node), source.layout());
            Tensor back = gradient.shared() ? plan.allocate(source.layout()) : gradient;
            plan.combine("dropout", dnnl.algorithm.binary_mul, gradient, factors, back);
            plan.addGradient(input, back);
          }
        });
  }

  /**
   * a (x d + α' (1 - d)) + b with d 1 where a value is retained and 0 elsewhere: x times a factor,
   * a or 0, and a term, b or a α' + b.
   */
  private void alpha(Tensor source, LongSupplier seed) {
    double retained = amount();
    double a = 1 / Math.sqrt(retained + LOWER_END * LOWER_END * retained * (1 - retained));
    double b = -a * (1 - retained) * LOWER_END;
    float dropped = (float) (a * LOWER_END + b);
    Tensor factors =
        drawn(
            seed,
            source.layout(),
            (random, to) -> {
              draw(retained, random, to);
              replace(to, (float) a, 0);
            });
    Tensor terms = plan.allocate(source.layout());
    FloatBuffer kept = Floats.of(factors);
    FloatBuffer added = Floats.of(terms);
    plan.append(
        "terms",
        () -> {
          for (int i = 0; i < added.capacity(); i++) {
            added.put(i, kept.get(i) == 0 ? dropped : (float) b);
          }
        });
    multiplied(source, factors);
    plan.setOutput(node, combined(dnnl.algorithm.binary_add, plan.output(node), terms));
  }

  private static void replace(float[] values, float kept, float dropped) {
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] == 0 ? dropped : kept;
    }
  }

  private void normal(double mean, SeededRandom random, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = (float) (mean + amount() * random.nextGaussian());
    }
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

  private Tensor combined(dnnl.algorithm operation, Tensor values, Tensor drawn) {
    Tensor result = plan.allocate(values.layout());
    plan.combine("dropout", operation, values, drawn, result);
    return result;
  }
}
