package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Function;
import dev.zone.jobs.engine.graph.Graph;
import dev.zone.jobs.engine.graph.Mapping;
import dev.zone.jobs.engine.graph.Operation;
import dev.zone.jobs.engine.graph.OperationVisitor;
import dev.zone.jobs.engine.graph.Rearrangement;
import java.util.function.LongSupplier;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/** Appends what computes each node; those with a little code are here, the others call theirs. */
final class Kernels implements OperationVisitor {
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
    ConvolutionKernel.of(plan, node, operation).compile();
  }

  @Override
  public void depthwise(int node, Operation.Depthwise operation) {
    ConvolutionKernel.of(plan, node, operation).compile();
  }

  @Override
  public void pooling(int node, Operation.Pooling operation) {
    int input = onlyInput(node);
    PoolingKernel pooling =
        new PoolingKernel(plan, plan.output(input), operation, plan.sizes(node));
    plan.setOutput(node, pooling.forward());
    plan.onTheWayBack(
        node,
        () -> {
          if (plan.isDriven(input)) {
            plan.addGradient(input, pooling.back(plan.gradient(node)));
          }
        });
  }

  @Override
  public void normalization(int node, Operation.Normalization operation) {
    new NormalizationKernel(plan, node, operation).compile();
  }

  @Override
  public void dropout(int node, Mapping.Dropout operation) {
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
  public void activation(int node, Mapping.Activation operation) {
    Function function = operation.function();
    int input = onlyInput(node);
    Tensor source = plan.output(input);
    Tensor result = Functions.forward(plan, function, source);
    plan.setOutput(node, result);
    plan.onTheWayBack(
        node,
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
          node,
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
        node,
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
        node,
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
    Tensor back = plan.allocateApart(steps.layout());
    plan.copy(gradient, steps.last(back));
    return back.protectedNow();
  }

  @Override
  public void reversal(int node) {
    int input = onlyInput(node);
    Steps steps = new Steps(plan, input);
    plan.setOutput(node, reversed(steps, plan.settled(steps.of(plan.output(input)))));
    plan.onTheWayBack(
        node,
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
  public void reshape(int node, Rearrangement.Reshape operation) {
    int input = onlyInput(node);
    memory.desc before =
        operation.channelsLast()
            ? plan.channelsLast(plan.sizes(input))
            : plan.plain(plan.sizes(input));
    memory.desc after = plan.plain(plan.sizes(node));
    plan.setOutput(node, plan.viewed(plan.inLayout(plan.output(input), before), after));
    plan.onTheWayBack(
        node,
        () -> {
          if (plan.isDriven(input)) {
            plan.addGradient(input, plan.viewed(plan.inLayout(plan.gradient(node), after), before));
          }
        });
  }

  @Override
  public void sum(int node, Mapping.Sum operation) {
    new CombinationKernel(plan, node).sum(operation.function());
  }

  @Override
  public void product(int node) {
    new CombinationKernel(plan, node).product();
  }

  @Override
  public void maximum(int node) {
    new CombinationKernel(plan, node).maximum();
  }

  @Override
  public void softmax(int node) {
    new SoftmaxKernel(plan, node).compile();
  }

  @Override
  public void unitLength(int node, Mapping.UnitLength operation) {
    new UnitLengthKernel(plan, node, operation.least()).compile();
  }

  @Override
  public void stop(int node) {
    plan.setOutput(node, plan.output(onlyInput(node)).protectedNow());
  }

  @Override
  public void ofSteps(int node, Rearrangement.OfSteps operation) {
    new OfStepsKernel(plan, node, operation.kind(), seen).compile();
  }

  @Override
  public void embedding(int node, Operation.Embedding operation) {
    new EmbeddingKernel(plan, node, operation).compile();
  }

  @Override
  public void concatenation(int node) {
    new PartKernel(plan, node).join(1);
  }

  @Override
  public void stack(int node) {
    new PartKernel(plan, node).join(0);
  }

  @Override
  public void unstack(int node, Rearrangement.Unstack operation) {
    long[] from = new long[plan.sizes(node).length];
    from[0] = (long) operation.part() * plan.examples(node);
    new PartKernel(plan, node).take(from);
  }

  @Override
  public void part(int node, Rearrangement.Part operation) {
    new PartKernel(plan, node).take(PartKernel.afterBatch(operation.from()));
  }

  @Override
  public void padding(int node, Rearrangement.Padding operation) {
    new PartKernel(plan, node).put(PartKernel.afterBatch(operation.before()));
  }

  @Override
  public void repetition(int node, Rearrangement.Repetition operation) {
    new RepetitionKernel(plan, node, operation.times()).compile();
  }
}
