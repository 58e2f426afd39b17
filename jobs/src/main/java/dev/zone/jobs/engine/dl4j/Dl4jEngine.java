package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.Engine;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * DL4J's own forward and backward pass. Parameters and gradient are DL4J's memory; inputs and
 * targets are read where they lie.
 */
public final class Dl4jEngine implements Engine {
  private final Dl4jNetwork network;
  private final FloatBuffer parameters;
  private final FloatBuffer gradient;
  private final List<int[]> undriven;
  private final BufferArrays arrays = new BufferArrays();

  public Dl4jEngine(Dl4jNetwork network) {
    this.network = network;
    this.parameters = Dl4jNetwork.view(network.parameters());
    this.gradient = Dl4jNetwork.view(network.gradient());
    this.undriven = network.undrivenRanges();
  }

  @Override
  public String name() {
    return "dl4j";
  }

  @Override
  public FloatBuffer parameters() {
    return parameters;
  }

  @Override
  public FloatBuffer gradient() {
    return gradient;
  }

  @Override
  public int outputs() {
    return network.outputs();
  }

  @Override
  public double computeGradient(Batch batch, long seed) {
    INDArray labels = arrays.of(batch.targets(), batch.size(), network.outputs());
    Optional<INDArray> weights = batch.weights().map(own -> arrays.of(own, batch.size(), 1));
    // The generator is the thread's: whatever else drew from it must not matter.
    Nd4j.getRandom().setSeed(seed);
    // DL4J's score has the penalties of the weights in it; computed alike, they cancel exactly.
    double mean = network.computeGradient(inputs(batch), labels, weights) - network.penalty();
    // DL4J leaves the change of running statistics once, not once an example.
    for (int[] range : undriven) {
      for (int i = range[0]; i < range[1]; i++) {
        gradient.put(i, gradient.get(i) * batch.size());
      }
    }
    return mean * batch.size();
  }

  @Override
  public void predict(Batch batch, FloatBuffer outputs) {
    INDArray predicted = network.predict(inputs(batch));
    arrays.of(outputs, batch.size(), network.outputs()).assign(predicted);
    predicted.close();
  }

  private INDArray[] inputs(Batch batch) {
    if (batch.inputs().size() != network.inputs().size()) {
      throw new IllegalArgumentException(
          "Cannot compute with %d inputs (expected %d)"
              .formatted(batch.inputs().size(), network.inputs().size()));
    }
    INDArray[] inputs = new INDArray[batch.inputs().size()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = arrays.of(batch.inputs().get(i), batch.size(), network.inputs().get(i));
    }
    return inputs;
  }

  @Override
  public void close() {
    network.close();
  }
}
