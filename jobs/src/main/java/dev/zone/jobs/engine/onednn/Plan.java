package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.graph.Graph;
import dev.zone.jobs.engine.graph.Operation;
import dev.zone.jobs.engine.graph.Shape;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A graph compiled for batches of one form: primitives in an order, over memory that was allocated
 * with them. Confined to a thread.
 */
final class Plan implements AutoCloseable {
  private final Resources resources = new Resources();
  private final List<Input> inputs = new ArrayList<>();
  private final Seen seen;
  private final int steps;
  private final Head head;
  private final Program forward;
  private final Program backward;
  private final FloatBuffer output;
  private final FloatBuffer outputGradient;
  private final stream order;
  private long seed;

  /** One of the batch's buffers, and the memory that reads it. */
  private record Input(int index, memory values) {}

  /**
   * @param vectors what it computes with, as long as it lives
   */
  Plan(Graph graph, Form form, Vectors vectors) {
    Shape shape = graph.nodes().get(graph.output()).shape();
    this.head = new Head(graph.loss(), form.batch(), shape);
    this.seen = new Seen(form.batch());
    this.steps = graph.steps();
    try {
      engine processor = resources.own(OneDnn.processor());
      this.order = resources.own(new stream(processor));
      Compilation plan =
          new Compilation(
              new Compilation.Setting(graph, form, vectors, processor, order, resources));
      takeInputs(graph, plan);
      new Kernels(plan, () -> seed, seen).compile(graph);
      memory.desc layout = head.layout(plan);
      this.output = Floats.of(plan.settled(plan.inLayout(plan.output(graph.output()), layout)));
      Tensor gradient = plan.allocate(layout);
      this.outputGradient = Floats.of(gradient);
      if (form.training()) {
        plan.addGradient(graph.output(), gradient);
        plan.turnBack();
      }
      this.forward = plan.forward();
      this.backward = plan.backward();
    } catch (RuntimeException | Error e) {
      resources.close();
      throw e;
    }
  }

  private void takeInputs(Graph graph, Compilation plan) {
    for (int i = 0; i < graph.nodes().size(); i++) {
      if (graph.nodes().get(i).operation() instanceof Operation.Input input) {
        Tensor tensor = plan.input(plan.plain(plan.sizes(i)));
        plan.setOutput(i, tensor);
        inputs.add(new Input(input.index(), tensor.memory()));
      }
    }
  }

  /** Names of the steps of both passes, in order. */
  List<String> steps() {
    List<String> all = new ArrayList<>(forward.names());
    all.addAll(backward.names());
    return all;
  }

  /** See {@link dev.zone.jobs.engine.Engine#computeGradient}. */
  double computeGradient(Batch examples, long ownSeed) {
    seed = ownSeed;
    compute(examples);
    double sum = head.replaceByGradient(examples, seen);
    outputGradient.put(0, head.values());
    backward.run();
    order._wait();
    return sum;
  }

  /** See {@link dev.zone.jobs.engine.Engine#predict}. */
  void predict(Batch examples, FloatBuffer into) {
    compute(examples);
    head.predict(into);
  }

  private void compute(Batch examples) {
    seen.take(examples.mask(), steps);
    // The memory's address is that of the batch for as long as the call.
    List<FloatPointer> addresses = new ArrayList<>();
    for (Input input : inputs) {
      FloatPointer address =
          new FloatPointer(examples.inputs().get(input.index).duplicate().clear());
      addresses.add(address);
      input.values.set_data_handle(address);
    }
    forward.run();
    order._wait();
    addresses.clear();
    output.get(0, head.values());
  }

  @Override
  public void close() {
    resources.close();
  }
}
