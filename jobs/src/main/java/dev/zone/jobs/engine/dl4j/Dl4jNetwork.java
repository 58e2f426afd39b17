package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.engine.Sums;
import dev.zone.jobs.model.InputLayout;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.window.StepTargets;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.api.layers.RecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * DL4J's two kinds of networks as one: what an engine and an update need of them. Confined to the
 * thread that made it: ND4J's workspaces and random numbers are the thread's.
 */
public abstract sealed class Dl4jNetwork permits GraphNetwork, LayeredNetwork {
  private final List<InputLayout> inputs;
  private final int outputs;
  private final StepTargets targets;
  private final List<GlobalBatchNormalizationLayer> exchanging = new ArrayList<>();
  private WeightedLoss loss;

  Dl4jNetwork(NetworkConfiguration configuration) {
    this.inputs = configuration.inputs();
    this.outputs = configuration.outputs();
    this.targets = configuration.targets();
  }

  /**
   * Makes the network. Its first parameters depend on the configuration alone.
   *
   * @param initialParameters replace them, float32 [n]
   */
  public static Dl4jNetwork create(
      NetworkConfiguration configuration, Optional<FloatBuffer> initialParameters) {
    return create(configuration, initialParameters, Optional.empty());
  }

  /**
   * Makes the network. Its first parameters depend on the configuration alone.
   *
   * @param initialParameters replace them, float32 [n]
   * @param statistics adds what batch normalisation needs over all ranks; if empty, each rank
   *     normalises by its own examples
   */
  public static Dl4jNetwork create(
      NetworkConfiguration configuration,
      Optional<FloatBuffer> initialParameters,
      Optional<Sums> statistics) {
    String json =
        statistics.isPresent()
            ? GlobalBatchNormalization.installed(configuration.json())
            : configuration.json();
    Dl4jNetwork network =
        switch (configuration.kind()) {
          case LAYERS -> new LayeredNetwork(configuration, json);
          case GRAPH -> new GraphNetwork(configuration, json);
        };
    statistics.ifPresent(network::connect);
    network.installLoss();
    initialParameters.or(configuration.start()::values).ifPresent(network::setParameters);
    return network;
  }

  private void connect(Sums statistics) {
    GlobalBatchNormalizationLayer.Scratch scratch = new GlobalBatchNormalizationLayer.Scratch();
    for (org.deeplearning4j.nn.api.Layer layer : layers()) {
      if (layer instanceof GlobalBatchNormalizationLayer normalisation) {
        normalisation.connect(statistics, scratch);
        exchanging.add(normalisation);
      }
    }
  }

  /** Whether a gradient needs the other ranks in its middle. */
  final boolean exchanges() {
    return !exchanging.isEmpty();
  }

  /** Whether the next gradients are of no example, and add nothing to what ranks exchange. */
  final void setAbsent(boolean absent) {
    exchanging.forEach(layer -> layer.setAbsent(absent));
  }

  private void setParameters(FloatBuffer given) {
    FloatBuffer own = HostMemory.view(parameters());
    if (given.limit() != own.limit()) {
      throw new IllegalArgumentException(
          "Cannot start from %d parameters (expected %d)".formatted(given.limit(), own.limit()));
    }
    own.put(0, given, 0, own.limit());
    HostMemory.changed(parameters());
  }

  /** How inputs' values become arrays, in order. */
  public List<InputLayout> inputs() {
    return inputs;
  }

  /** Width of the output layer. */
  public int outputs() {
    return outputs;
  }

  /** Whether every step of a window is put out, and in which pieces they are learned. */
  public StepTargets targets() {
    return targets;
  }

  /**
   * Whether DL4J leaves a part of the gradient as it was: of frozen layers, and of those before.
   */
  final boolean isPartlyFrozen() {
    return Arrays.stream(layers()).anyMatch(FrozenLayer.class::isInstance);
  }

  /** Recurrent layers begin the next gradient without state. */
  final void clearState() {
    forEachRecurrent(RecurrentLayer::rnnClearPreviousState);
  }

  /**
   * The state that the last gradient left is the one that {@link #restoreState} gives from now on.
   * Of DL4J's two states of a layer that is the one for predicting step by step, which training
   * leaves alone.
   */
  final void carryState() {
    forEachRecurrent(layer -> layer.rnnSetPreviousState(layer.rnnGetTBPTTState()));
  }

  /** Recurrent layers begin the next gradient with the state that was carried last. */
  final void restoreState() {
    forEachRecurrent(layer -> layer.rnnSetTBPTTState(layer.rnnGetPreviousState()));
  }

  private void forEachRecurrent(Consumer<RecurrentLayer> action) {
    for (org.deeplearning4j.nn.api.Layer layer : layers()) {
      org.deeplearning4j.nn.api.Layer own = layer;
      while (own instanceof BaseWrapperLayer wrapper) {
        own = wrapper.getUnderlying();
      }
      if (own instanceof RecurrentLayer recurrent) {
        action.accept(recurrent);
      }
    }
  }

  /** The live parameters, float32 [n]. */
  public abstract INDArray parameters();

  /** The live gradient, float32 [1, n]. */
  public abstract INDArray gradient();

  /** What holds parameters, in the order of the flat vector. */
  public abstract List<Trainable> trainables();

  /** DL4J's name of the i-th of {@link #trainables()} in the keys of a gradient. */
  public abstract String keyOf(int trainable);

  /** A new updater for this network, with its own state. */
  public abstract BaseMultiLayerUpdater<?> newUpdater();

  /** What schedules, dropout's too, and the saved configuration see. */
  public abstract void setCounts(int iterations, int epochs);

  /** Optimizer steps done, as the configuration has them. */
  public abstract int iterations();

  /** Epochs done, as the configuration has them. */
  public abstract int epochs();

  /** Applies the layers' constraints to the parameters. */
  public abstract void applyConstraints();

  /** The configuration with its counts, as DL4J writes it. */
  public final String json() {
    setLoss(outputLayer(), loss.plain());
    try {
      return GlobalBatchNormalization.removed(configurationJson());
    } finally {
      setLoss(outputLayer(), loss);
    }
  }

  abstract String configurationJson();

  /** The configuration of the output layer. */
  abstract Layer outputLayer();

  /** To be called once the network is there. */
  final void installLoss() {
    Layer layer = outputLayer();
    if (layer instanceof BaseOutputLayer output) {
      loss = new WeightedLoss(output.getLossFn());
    } else if (layer instanceof LossLayer output) {
      loss = new WeightedLoss(output.getLossFn());
    } else {
      throw new IllegalArgumentException(
          "Cannot train a network that ends in %s (expected OutputLayer or LossLayer)"
              .formatted(layer.getClass().getSimpleName()));
    }
    setLoss(layer, loss);
  }

  private static void setLoss(Layer layer, ILossFunction loss) {
    if (layer instanceof BaseOutputLayer output) {
      output.setLossFn(loss);
    } else if (layer instanceof LossLayer output) {
      output.setLossFn(loss);
    }
  }

  /** DL4J's own object. */
  public abstract Model model();

  /** L1, L2 and weight decay of the weights as they are, as DL4J adds them to a score. */
  double penalty() {
    double sum = 0;
    for (org.deeplearning4j.nn.api.Layer layer : layers()) {
      sum += layer.calcRegularizationScore(true);
    }
    return sum;
  }

  abstract org.deeplearning4j.nn.api.Layer[] layers();

  /**
   * Leaves the summed gradient in {@link #gradient()}.
   *
   * @param weights [b, 1], or [b · steps, 1]: factor of each target's loss
   * @param masks [b, steps] of each input; null elements for none
   * @return sum of the examples' losses over their number, plus penalties
   */
  final double computeGradient(
      INDArray[] arrays, INDArray labels, Optional<INDArray> weights, Optional<INDArray[]> masks) {
    loss.setWeights(weights);
    return computeGradient(arrays, labels, masks);
  }

  abstract double computeGradient(INDArray[] arrays, INDArray labels, Optional<INDArray[]> masks);

  /** Which targets count, [b, steps]: those of steps that are seen; null if all do. */
  final INDArray targetMask(INDArray[] masks) {
    return targets.isEach()
        ? Arrays.stream(masks).filter(Objects::nonNull).findFirst().orElse(null)
        : null;
  }

  /** Names of layers or vertices, in the order of the forward pass. */
  abstract List<String> layerNames();

  /** What each of {@link #layerNames()} puts out in inference mode. */
  abstract List<INDArray> activations(INDArray[] inputs, Optional<INDArray[]> masks);

  /** Index into {@link #layerNames()} of what holds a parameter. */
  final int layerOf(int parameter) {
    long end = 0;
    List<Trainable> all = trainables();
    for (int i = 0; i < all.size(); i++) {
      end += all.get(i).numParams();
      if (parameter < end) {
        return layerOfTrainable(i);
      }
    }
    throw new IndexOutOfBoundsException(
        "Cannot find parameter %d (expected 0 to %d)".formatted(parameter, end - 1));
  }

  abstract int layerOfTrainable(int trainable);

  /** Index into {@link #layerNames()}; -1 if all is finite. */
  final int firstNonFiniteLayer(INDArray[] inputs, Optional<INDArray[]> masks) {
    List<INDArray> activations = activations(inputs, masks);
    for (int i = 0; i < activations.size(); i++) {
      // A sum is finite only if everything in it is; in double, so that it does not overflow.
      double sum = activations.get(i).castTo(DataType.DOUBLE).sumNumber().doubleValue();
      if (!Double.isFinite(sum)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The output layer's activations in inference mode, [b, outputs] or [b, outputs, steps], outside
   * workspaces.
   */
  abstract INDArray predict(INDArray[] inputs, Optional<INDArray[]> masks);

  /**
   * Where the flat vectors hold numbers that no loss drives (running statistics): pairs of first
   * index and end.
   */
  public List<int[]> undrivenRanges() {
    List<int[]> ranges = new ArrayList<>();
    int offset = 0;
    for (Trainable trainable : trainables()) {
      for (var parameter : trainable.paramTable(false).entrySet()) {
        int end = Math.toIntExact(offset + parameter.getValue().length());
        if (!trainable.updaterDivideByMinibatch(parameter.getKey())) {
          ranges.add(new int[] {offset, end});
        }
        offset = end;
      }
    }
    return ranges;
  }

  /** Frees the thread's workspaces. */
  void close() {
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
  }
}
