package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.model.InputLayout;
import dev.zone.jobs.window.Segment;
import dev.zone.jobs.window.StepTargets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * DL4J's own forward and backward pass. Parameters and gradient are DL4J's memory; inputs and
 * targets are read where they lie.
 */
public final class Dl4jEngine implements Engine {
  private final Dl4jNetwork network;
  private final FloatBuffer parameters;
  private final FloatBuffer gradient;
  private final List<int[]> undriven;
  private final StepTargets targets;
  private final boolean partlyFrozen;
  private final BufferArrays arrays;
  private Optional<Batch> nothing = Optional.empty();

  public Dl4jEngine(Dl4jNetwork network) {
    this(network, new BufferArrays(HostMemory.isShared()));
  }

  Dl4jEngine(Dl4jNetwork network, BufferArrays arrays) {
    this.network = network;
    this.arrays = arrays;
    this.parameters = HostMemory.view(network.parameters());
    this.gradient = HostMemory.view(network.gradient());
    this.undriven = network.undrivenRanges();
    this.targets = network.targets();
    this.partlyFrozen = network.isPartlyFrozen();
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
  public StepTargets targets() {
    return targets;
  }

  @Override
  public double computeGradient(Batch batch, Segment segment, long seed) {
    if (segment.index() == 0) {
      network.clearState();
    } else {
      network.restoreState();
    }
    HostMemory.changed(network.parameters());
    INDArray[] inputs = inputs(batch);
    Optional<INDArray[]> masks = masks(batch);
    if (segment.steps() < targets.steps()) {
      cut(inputs, segment);
      masks.ifPresent(own -> cut(own, segment));
    }
    Optional<INDArray> weights = weights(batch, segment);
    if (targets.isEach() && masks.isPresent() && batch.size() * segment.steps() == 1) {
      // DL4J takes the mask of one step of one example for one of its outputs.
      float seen = batch.mask().orElseThrow().get(segment.from());
      weights = Optional.of(weights.orElseGet(() -> Nd4j.ones(1, 1)).mul(seen));
      masks = Optional.empty();
    }
    if (partlyFrozen) {
      network.gradient().assign(0);
    }
    // The generator is the thread's: whatever else drew from it must not matter.
    Nd4j.getRandom().setSeed(seed);
    // DL4J's score has the penalties of the weights in it; computed alike, they cancel exactly.
    double mean =
        network.computeGradient(inputs, labels(batch, segment), weights, masks) - network.penalty();
    HostMemory.fetch(network.gradient());
    // DL4J leaves the change of running statistics once, not once an example.
    for (int[] range : undriven) {
      for (int i = range[0]; i < range[1]; i++) {
        gradient.put(i, gradient.get(i) * batch.size());
      }
    }
    return mean * batch.size();
  }

  /** [b, outputs], or [b, outputs, steps of the piece]. */
  private INDArray labels(Batch batch, Segment segment) {
    if (!targets.isEach()) {
      return arrays.of(batch.targets(), batch.size(), network.outputs());
    }
    INDArray all = arrays.of(batch.targets(), batch.size(), network.outputs(), targets.steps());
    return segment.steps() < targets.steps() ? cut(all, segment) : all;
  }

  /**
   * [b, 1], or [b · steps, 1] in the order in which DL4J lays steps out for the loss ({@code
   * TimeSeriesUtils.reshape3dTo2d}): a step of all examples after the other.
   */
  private Optional<INDArray> weights(Batch batch, Segment segment) {
    if (!targets.isEach()) {
      return batch.weights().map(own -> arrays.of(own, batch.size(), 1));
    }
    return batch
        .weights()
        .map(own -> cut(arrays.of(own, batch.size(), targets.steps()), segment))
        .map(own -> own.dup('f').reshape('f', own.length(), 1));
  }

  private static void cut(INDArray[] arrays, Segment segment) {
    for (int i = 0; i < arrays.length; i++) {
      if (arrays[i] != null) {
        arrays[i] = cut(arrays[i], segment);
      }
    }
  }

  /** The piece's part of the last axis, without copying. */
  private static INDArray cut(INDArray array, Segment segment) {
    INDArrayIndex steps = NDArrayIndex.interval(segment.from(), segment.to());
    return array.rank() == 2
        ? array.get(NDArrayIndex.all(), steps)
        : array.get(NDArrayIndex.all(), NDArrayIndex.all(), steps);
  }

  @Override
  public void carryState() {
    network.carryState();
  }

  @Override
  public void computeNothing() {
    if (network.exchanges()) {
      // An example of zeros passes where the others' pass, so that it meets the same exchanges; it
      // counts as none.
      Batch example = nothing.orElseGet(this::exampleOfZeros);
      nothing = Optional.of(example);
      network.setAbsent(true);
      try {
        computeGradient(example, 0);
      } finally {
        network.setAbsent(false);
      }
    }
    for (int i = 0; i < gradient.limit(); i++) {
      gradient.put(i, 0);
    }
  }

  private Batch exampleOfZeros() {
    return new Batch(
        1,
        network.inputs().stream().map(layout -> zeros(layout.elements())).toList(),
        zeros(network.outputs() * targets.steps()),
        Optional.empty());
  }

  private static FloatBuffer zeros(int floats) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  @Override
  public void predict(Batch batch, FloatBuffer outputs) {
    HostMemory.changed(network.parameters());
    INDArray predicted = network.predict(inputs(batch), masks(batch));
    if (targets.isEach()) {
      arrays.write(predicted, outputs, batch.size(), network.outputs(), targets.steps());
    } else {
      arrays.write(predicted, outputs, batch.size(), network.outputs());
    }
    predicted.close();
  }

  @Override
  public List<String> layers() {
    return network.layerNames();
  }

  @Override
  public int layerOf(int parameter) {
    return network.layerOf(parameter);
  }

  @Override
  public int firstNonFiniteLayer(Batch batch) {
    HostMemory.changed(network.parameters());
    return network.firstNonFiniteLayer(inputs(batch), masks(batch));
  }

  /** The mask of each input; null for one without, as DL4J has it. */
  private Optional<INDArray[]> masks(Batch batch) {
    return batch.mask().map(values -> masks(values, batch.size()));
  }

  private INDArray[] masks(FloatBuffer values, int size) {
    INDArray[] masks = new INDArray[network.inputs().size()];
    boolean any = false;
    for (int i = 0; i < masks.length; i++) {
      InputLayout layout = network.inputs().get(i);
      if (layout.isWindow()) {
        masks[i] = arrays.of(values, size, layout.shape().get(1));
        any = true;
      }
    }
    if (!any) {
      throw new IllegalArgumentException(
          "Cannot mask steps of a network without windows (expected an input [columns, steps])");
    }
    return masks;
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
