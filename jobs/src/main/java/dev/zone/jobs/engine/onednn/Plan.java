package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.graph.Graph;
import dev.zone.jobs.engine.graph.Operation;
import dev.zone.jobs.engine.graph.Shape;
import dev.zone.jobs.window.Segment;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  private final int window;
  private final Map<Integer, State> states;
  private final Head head;
  private final Program forward;
  private final Program backward;
  private final FloatBuffer output;
  private final FloatBuffer outputGradient;
  private final stream order;
  private long seed;

  /** One of the batch's buffers, whether pieces of it are read, and the memory that reads it. */
  private record Input(int index, boolean ofSteps, memory values) {}

  /**
   * @param vectors what it computes with, as long as it lives
   */
  Plan(Graph graph, Form form, Vectors vectors) {
    Shape shape = graph.nodes().get(graph.output()).shape();
    this.head = new Head(graph.loss(), form.batch(), shape, form.window());
    this.seen = new Seen(form.batch());
    this.window = form.window();
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
      plan.settle();
      this.forward = plan.forward();
      this.backward = plan.backward();
      this.states = plan.states();
    } catch (RuntimeException | Error e) {
      resources.close();
      throw e;
    }
  }

  private void takeInputs(Graph graph, Compilation plan) {
    for (int i = 0; i < graph.nodes().size(); i++) {
      if (graph.nodes().get(i).operation() instanceof Operation.Input input) {
        long[] sizes = plan.sizes(i);
        boolean ofSteps = plan.inPieces() && sizes.length == 3;
        memory.desc layout =
            ofSteps
                ? plan.strided(sizes, new long[] {sizes[1] * window, window, 1})
                : plan.plain(sizes);
        Tensor tensor = plan.input(layout);
        plan.setOutput(i, tensor);
        inputs.add(new Input(input.index(), ofSteps, tensor.memory()));
      }
    }
  }

  /** Names of the steps of both passes, in order. */
  List<String> steps() {
    List<String> all = new ArrayList<>(forward.names());
    all.addAll(backward.names());
    return all;
  }

  /** What recurrent nodes begin with and leave, by node; none in a plan for whole windows. */
  Map<Integer, State> states() {
    return states;
  }

  /** See {@link dev.zone.jobs.engine.Engine#computeGradient}. */
  double computeGradient(Batch examples, Segment piece, long ownSeed) {
    seed = ownSeed;
    compute(examples, piece);
    double sum = head.replaceByGradient(examples, seen, piece);
    outputGradient.put(0, head.values());
    backward.run();
    order._wait();
    return sum;
  }

  /** See {@link dev.zone.jobs.engine.Engine#predict}. */
  void predict(Batch examples, FloatBuffer into) {
    compute(examples, new Segment(0, 0, window));
    head.predict(into);
  }

  private void compute(Batch examples, Segment piece) {
    seen.take(examples.mask(), window, piece);
    // The memory's address is that of the batch for as long as the call.
    List<FloatPointer> addresses = new ArrayList<>();
    for (Input input : inputs) {
      FloatBuffer all = examples.inputs().get(input.index).duplicate().clear();
      int from = input.ofSteps ? piece.from() : 0;
      FloatPointer address = new FloatPointer(all.slice(from, all.limit() - from));
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
