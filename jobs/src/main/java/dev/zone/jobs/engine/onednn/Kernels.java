package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Function;
import dev.zone.jobs.engine.graph.Graph;
import dev.zone.jobs.engine.graph.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/** Appends what computes each node; those with a little code are here, the others call theirs. */
final class Kernels implements Operation.Visitor {
  private final Compilation plan;
  private final LongSupplier seed;
  private final Seen seen;

  /**
   * @param seed of the step
   * @param seen of the batch, if the plan is masked
   */
  Kernels(Compilation plan, LongSupplier seed, Seen seen) {
    this.plan = plan;
    this.seed = seed;
    this.seen = seen;
  }

  void compile(Graph graph) {
    for (int i = 0; i < graph.nodes().size(); i++) {
      graph.nodes().get(i).operation().accept(i, this);
    }
  }

  @Override
  public void input(int node, Operation.Input operation) {
    // The plan has set it.
  }

  @Override
  public void dense(int node, Operation.Dense operation) {
    new DenseKernel(plan, node, operation).compile();
  }

  @Override
  public void convolution(int node, Operation.Convolution operation) {
    new ConvolutionKernel(plan, node, operation).compile();
  }

  @Override
  public void pooling(int node, Operation.Pooling operation) {
    new PoolingKernel(plan, node, operation).compile();
  }

  @Override
  public void normalization(int node, Operation.Normalization operation) {
    new NormalizationKernel(plan, node, operation).compile();
  }

  @Override
  public void dropout(int node, Operation.Dropout operation) {
    new DropoutKernel(plan, node, operation).compile(seed);
  }

  @Override
  public void lstm(int node, Operation.Lstm operation) {
    new LstmKernel(plan, node, operation).compile();
  }

  private int onlyInput(int node) {
    return plan.node(node).inputs().get(0);
  }

  @Override
  public void activation(int node, Operation.Activation operation) {
    Function function = operation.function();
    int input = onlyInput(node);
    Tensor source = plan.output(input);
    Tensor result = Functions.forward(plan, function, source);
    plan.setOutput(node, result);
    plan.onTheWayBack(
        () -> {
          if (plan.isDriven(input)) {
            Tensor kept = function.hasDerivativeOfOutput() ? result : source;
            plan.addGradient(input, Functions.backward(plan, function, kept, plan.gradient(node)));
          }
        });
  }

  @Override
  public void mask(int node) {
    int input = onlyInput(node);
    if (!plan.masked()) {
      plan.setOutput(node, plan.output(input).protectedNow());
      plan.onTheWayBack(
          () -> {
            if (plan.isDriven(input)) {
              plan.addGradient(input, plan.gradient(node));
            }
          });
      return;
    }
    Steps steps = new Steps(plan, input);
    Tensor mask = steps.mask(seen);
    plan.setOutput(node, product(steps.of(plan.output(input)), mask));
    plan.onTheWayBack(
        () -> {
          if (plan.isDriven(input)) {
            plan.addGradient(input, product(steps.of(plan.gradient(node)), mask));
          }
        });
  }

  private Tensor product(Tensor values, Tensor mask) {
    Tensor result = plan.allocate(values.layout());
    plan.combine("mask", dnnl.algorithm.binary_mul, values, mask, result);
    return result;
  }

  @Override
  public void lastStep(int node) {
    int input = onlyInput(node);
    Steps steps = new Steps(plan, input);
    Tensor inOrder = plan.settled(steps.of(plan.output(input)));
    plan.setOutput(node, plan.masked() ? steps.lastSeen(inOrder, seen) : steps.last(inOrder));
    plan.onTheWayBack(
        () -> {
          if (plan.isDriven(input)) {
            plan.addGradient(input, lastStepBack(steps, plan.gradient(node)));
          }
        });
  }

  private Tensor lastStepBack(Steps steps, Tensor gradient) {
    if (plan.masked()) {
      return steps.lastSeenBack(gradient, seen);
    }
    // Only the last step is ever written; the others stay zeros.
    Tensor back = plan.allocate(steps.layout());
    plan.copy(gradient, steps.last(back));
    return back.protectedNow();
  }

  @Override
  public void reversal(int node) {
    int input = onlyInput(node);
    Steps steps = new Steps(plan, input);
    plan.setOutput(node, reversed(steps, plan.settled(steps.of(plan.output(input)))));
    plan.onTheWayBack(
        () -> {
          if (plan.isDriven(input)) {
            plan.addGradient(input, reversed(steps, plan.gradient(node)));
          }
        });
  }

  private Tensor reversed(Steps steps, Tensor values) {
    return plan.masked() ? steps.reversed(values, seen) : steps.reversed(values);
  }

  @Override
  public void reshape(int node, Operation.Reshape operation) {
    int input = onlyInput(node);
    memory.desc before =
        operation.channelsLast()
            ? plan.channelsLast(plan.sizes(input))
            : plan.plain(plan.sizes(input));
    memory.desc after = plan.plain(plan.sizes(node));
    plan.setOutput(node, plan.viewed(plan.inLayout(plan.output(input), before), after));
    plan.onTheWayBack(
        () -> {
          if (plan.isDriven(input)) {
            plan.addGradient(input, plan.viewed(plan.inLayout(plan.gradient(node), after), before));
          }
        });
  }

  @Override
  public void sum(int node, Operation.Sum operation) {
    Function function = operation.function();
    List<Integer> inputs = plan.node(node).inputs();
    Tensor result = plan.output(inputs.get(0)).protectedNow();
    for (int i = 1; i < inputs.size(); i++) {
      boolean last = i == inputs.size() - 1;
      result = added(result, plan.output(inputs.get(i)), last ? function : Function.IDENTITY);
    }
    Tensor all = result;
    plan.setOutput(node, all);
    plan.onTheWayBack(
        () -> {
          Tensor gradient =
              Functions.backward(plan, function, all, plan.gradient(node)).protectedNow();
          for (int input : inputs) {
            if (plan.isDriven(input)) {
              plan.addGradient(input, gradient);
            }
          }
        });
  }

  private Tensor added(Tensor one, Tensor other, Function function) {
    Tensor second = plan.inLayout(other, one.layout());
    Tensor result = plan.allocate(one.layout());
    plan.combine("sum", dnnl.algorithm.binary_add, one, second, result, function);
    return result;
  }

  /** Copies each input to its part of the whole. */
  @Override
  public void concatenation(int node) {
    List<Integer> inputs = plan.node(node).inputs();
    Tensor whole = plan.allocate(plan.plain(plan.sizes(node)));
    List<memory.desc> parts = new ArrayList<>();
    long from = 0;
    for (int input : inputs) {
      long[] offsets = new long[plan.sizes(node).length];
      offsets[1] = from;
      memory.desc part = plan.own(whole.layout().submemory_desc(plan.sizes(input), offsets));
      plan.copy(plan.output(input), plan.viewed(whole, part));
      parts.add(part);
      from += plan.sizes(input)[1];
    }
    plan.setOutput(node, whole);
    plan.onTheWayBack(
        () -> {
          Tensor gradient = plan.inLayout(plan.gradient(node), whole.layout());
          for (int i = 0; i < inputs.size(); i++) {
            int input = inputs.get(i);
            if (plan.isDriven(input)) {
              Tensor back = plan.allocate(plan.output(input).layout());
              plan.copy(plan.viewed(gradient, parts.get(i)), back);
              plan.addGradient(input, back);
            }
          }
        });
  }
}
