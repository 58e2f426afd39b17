package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.graph.Graph;
import dev.zone.jobs.engine.graph.Loss;
import dev.zone.jobs.engine.graph.Operation;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A graph compiled for batches of one size, for training or for inference: primitives in an order,
 * over memory that was allocated with them. Confined to a thread.
 */
final class Plan implements AutoCloseable {
  private final Resources resources = new Resources();
  private final Loss loss;
  private final int batch;
  private final int outputs;
  private final List<Input> inputs = new ArrayList<>();
  private final Program forward;
  private final Program backward;
  private final FloatBuffer output;
  private final FloatBuffer outputGradient;
  private final float[] values;
  private final float[] targets;
  private final stream order;
  private long seed;

  /** One of the batch's buffers, and the memory that reads it. */
  private record Input(int index, memory values) {}

  /**
   * @param training whether gradients are wanted
   * @param vectors what it computes with, as long as it lives
   */
  Plan(Graph graph, int batch, boolean training, Vectors vectors) {
    this.loss = graph.loss();
    this.batch = batch;
    this.outputs = graph.nodes().get(graph.output()).shape().elements();
    this.values = new float[Math.multiplyExact(batch, outputs)];
    this.targets = new float[values.length];
    try {
      engine processor = resources.own(OneDnn.processor());
      this.order = resources.own(new stream(processor));
      Compilation plan =
          new Compilation(
              new Compilation.Setting(
                  graph, batch, training, vectors, processor, order, resources));
      takeInputs(graph, plan);
      new Kernels(plan, () -> seed).compile(graph);
      memory.desc flat = plan.plain(batch, outputs);
      this.output = Floats.of(plan.settled(plan.inLayout(plan.output(graph.output()), flat)));
      Tensor gradient = plan.allocate(flat);
      this.outputGradient = Floats.of(gradient);
      if (training) {
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
    examples.targets().get(0, targets);
    double sum = 0;
    for (int i = 0; i < batch; i++) {
      int example = i;
      double factor = examples.weights().map(own -> (double) own.get(example)).orElse(1.0);
      sum += loss.replaceByGradient(values, targets, i * outputs, outputs, factor);
    }
    outputGradient.put(0, values);
    backward.run();
    order._wait();
    return sum;
  }

  /** See {@link dev.zone.jobs.engine.Engine#predict}. */
  void predict(Batch examples, FloatBuffer into) {
    compute(examples);
    for (int i = 0; i < batch; i++) {
      loss.activate(values, i * outputs, outputs);
    }
    into.put(0, values);
  }

  private void compute(Batch examples) {
    List<FloatPointer> addresses = new ArrayList<>();
    for (Input input : inputs) {
      FloatBuffer buffer = examples.inputs().get(input.index);
      FloatPointer address = new FloatPointer(buffer.duplicate().clear());
      addresses.add(address);
      input.values.set_data_handle(address);
    }
    forward.run();
    order._wait();
    output.get(0, values);
  }

  @Override
  public void close() {
    resources.close();
  }
}
