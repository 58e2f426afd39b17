package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Function;
import dev.zone.jobs.engine.graph.Operation;
import dev.zone.jobs.engine.graph.Rearrangement.OfSteps;
import dev.zone.jobs.engine.graph.Shape;
import dev.zone.jobs.engine.graph.Window;
import java.nio.FloatBuffer;

/** One number of all steps of each column: of the whole window, or of the steps that are seen. */
final class OfStepsKernel {
  private final Compilation plan;
  private final int node;
  private final int input;
  private final OfSteps.Kind kind;
  private final Seen seen;
  private final int columns;

  /**
   * @param seen of the batch, if the plan is masked
   */
  OfStepsKernel(Compilation plan, int node, OfSteps.Kind kind, Seen seen) {
    this.plan = plan;
    this.node = node;
    this.input = plan.node(node).inputs().get(0);
    this.kind = kind;
    this.seen = seen;
    this.columns = plan.node(input).shape().axis(0);
  }

  void compile() {
    if (plan.masked()) {
      ofSeen();
    } else {
      ofAll();
    }
  }

  private void ofAll() {
    Shape shape = plan.node(input).shape();
    long[] sizes = {plan.examples(node), columns, 1};
    Operation.Pooling whole =
        new Operation.Pooling(kind == OfSteps.Kind.LARGEST, Window.whole(shape), Function.IDENTITY);
    PoolingKernel pooling = new PoolingKernel(plan, plan.output(input), whole, sizes);
    Tensor flat =
        plan.viewed(
            plan.inLayout(pooling.forward(), plan.plain(sizes)),
            plan.plain(plan.examples(node), columns));
    Function factor =
        kind == OfSteps.Kind.SUM
            ? new Function(Function.Kind.SCALED, shape.axis(1))
            : Function.IDENTITY;
    Tensor result = factor.isIdentity() ? flat : Functions.forward(plan, factor, flat);
    plan.setOutput(node, result);
    plan.onTheWayBack(
        node,
        () -> {
          if (plan.isDriven(input)) {
            Tensor gradient = Functions.backward(plan, factor, flat, plan.gradient(node));
            Tensor given = plan.inLayout(gradient, plan.plain(plan.examples(node), columns));
            plan.addGradient(input, pooling.back(plan.viewed(given, plan.plain(sizes))));
          }
        });
  }

  private void ofSeen() {
    Steps steps = new Steps(plan, input);
    Tensor source = plan.settled(steps.of(plan.output(input)));
    Tensor result = plan.allocate(plan.plain(plan.examples(node), columns));
    FloatBuffer from = Floats.of(source);
    FloatBuffer to = Floats.of(result);
    int[] largest = new int[plan.examples(node) * columns];
    plan.append(
        "of seen steps",
        () -> {
          for (int i = 0; i < plan.examples(node); i++) {
            for (int k = 0; k < columns; k++) {
              to.put(i * columns + k, ofSeen(steps, from, i, k, largest));
            }
          }
        });
    plan.setOutput(node, result);
    plan.onTheWayBack(
        node,
        () -> {
          if (plan.isDriven(input)) {
            plan.addGradient(input, back(steps, largest));
          }
        });
  }

  private float ofSeen(Steps steps, FloatBuffer from, int example, int column, int[] largest) {
    int length = seen.length(example);
    double sum = 0;
    int best = 0;
    for (int step = 0; step < length; step++) {
      float value = from.get(steps.place(step, example) + column);
      sum += value;
      if (value > from.get(steps.place(best, example) + column)) {
        best = step;
      }
    }
    largest[example * columns + column] = best;
    return switch (kind) {
      case LARGEST -> from.get(steps.place(best, example) + column);
      case AVERAGE -> (float) (sum / length);
      case SUM -> (float) sum;
    };
  }

  private Tensor back(Steps steps, int[] largest) {
    Tensor given = plan.inLayout(plan.gradient(node), plan.plain(plan.examples(node), columns));
    Tensor result = plan.allocate(steps.layout());
    FloatBuffer from = Floats.of(given);
    FloatBuffer to = Floats.of(result);
    plan.clear(result);
    plan.append(
        "of seen steps back",
        () -> {
          for (int i = 0; i < plan.examples(node); i++) {
            for (int k = 0; k < columns; k++) {
              float gradient = from.get(i * columns + k);
              if (kind == OfSteps.Kind.LARGEST) {
                to.put(steps.place(largest[i * columns + k], i) + k, gradient);
              } else {
                spread(steps, to, i, k, gradient);
              }
            }
          }
        });
    return result;
  }

  private void spread(Steps steps, FloatBuffer to, int example, int column, float gradient) {
    int length = seen.length(example);
    float each = kind == OfSteps.Kind.AVERAGE ? gradient / length : gradient;
    for (int step = 0; step < length; step++) {
      to.put(steps.place(step, example) + column, each);
    }
  }
}
