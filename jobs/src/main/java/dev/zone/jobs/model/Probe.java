package dev.zone.jobs.model;

import dev.zone.jobs.model.InputLayout.Axes;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A network, made to be tried on one example. */
final class Probe {
  private final NetworkConfiguration configuration;
  private final Optional<MultiLayerNetwork> layers;
  private final Optional<ComputationGraph> graph;

  Probe(NetworkConfiguration configuration) {
    this.configuration = configuration;
    if (configuration.kind() == NetworkConfiguration.Kind.LAYERS) {
      layers =
          Optional.of(
              new MultiLayerNetwork(MultiLayerConfiguration.fromJson(configuration.json())));
      graph = Optional.empty();
    } else {
      layers = Optional.empty();
      graph =
          Optional.of(
              new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration.json())));
    }
    layers.ifPresent(MultiLayerNetwork::init);
    graph.ifPresent(ComputationGraph::init);
  }

  /** Shape of the outputs for one example of zeros. */
  long[] outputShape() {
    INDArray[] zeros = filled(0);
    return outputs(zeros, new INDArray[zeros.length]).shape();
  }

  /**
   * Whether outputs and gradient are the same whatever stands in the steps that a mask hides. (Not
   * so in DL4J's Bidirectional: it reverses the padding too, and its backward pass forgets the
   * mask.)
   *
   * @param masked for each input whether it has a mask
   */
  boolean skipsMaskedSteps(List<Boolean> masked) {
    INDArray[] masks = new INDArray[masked.size()];
    for (int i = 0; i < masks.length; i++) {
      InputLayout layout = configuration.inputs().get(i);
      if (masked.get(i)) {
        if (!layout.isWindow()) {
          return false;
        }
        masks[i] = Nd4j.zeros(DataType.FLOAT, 1, layout.shape().get(1));
        masks[i].putScalar(0, 0, 1);
      }
    }
    INDArray[] zeros = filled(0);
    INDArray[] changed = filled(0);
    for (int i = 0; i < masks.length; i++) {
      if (masks[i] != null) {
        int time = configuration.inputs().get(i).axes() == Axes.CHANNELS_LAST ? 1 : 2;
        changed[i].assign(1).slice(0, time).assign(0);
      }
    }
    try {
      return seen(outputs(zeros, masks)).equalsWithEps(seen(outputs(changed, masks)), 0)
          && gradient(zeros, masks).equalsWithEps(gradient(changed, masks), 0);
    } catch (RuntimeException e) {
      // Layers that know nothing of masks stumble over their shape.
      return false;
    }
  }

  /** What is put out for the step that the mask leaves. */
  private INDArray seen(INDArray outputs) {
    return configuration.targets().isEach() ? outputs.tensorAlongDimension(0, 0, 1) : outputs;
  }

  private INDArray outputs(INDArray[] inputs, INDArray[] masks) {
    return layers
        .map(network -> network.output(inputs[0], false, masks[0], null))
        .orElseGet(() -> graph.orElseThrow().output(false, inputs, masks)[0]);
  }

  private INDArray gradient(INDArray[] inputs, INDArray[] masks) {
    boolean each = configuration.targets().isEach();
    INDArray labels =
        each
            ? Nd4j.ones(DataType.FLOAT, 1, configuration.outputs(), configuration.targets().steps())
            : Nd4j.ones(DataType.FLOAT, 1, configuration.outputs());
    INDArray seen = each ? Arrays.stream(masks).filter(Objects::nonNull).findFirst().get() : null;
    // The same dropout each time.
    Nd4j.getRandom().setSeed(1);
    layers.ifPresent(
        network -> {
          network.rnnClearPreviousState();
          network.setInput(inputs[0]);
          network.setLabels(labels);
          network.setLayerMaskArrays(masks[0], seen);
          network.computeGradientAndScore();
          network.clearLayerMaskArrays();
        });
    graph.ifPresent(
        network -> {
          network.rnnClearPreviousState();
          network.setInputs(inputs);
          network.setLabels(labels);
          network.setLayerMaskArrays(masks, each ? new INDArray[] {seen} : null);
          network.computeGradientAndScore();
          network.clearLayerMaskArrays();
        });
    return layers
        .map(network -> network.gradient().gradient())
        .orElseGet(() -> graph.orElseThrow().gradient().gradient())
        .dup();
  }

  /** One example of each input, all of this value. */
  private INDArray[] filled(double value) {
    return configuration.inputs().stream()
        .map(layout -> Nd4j.valueArrayOf(shape(layout), value, DataType.FLOAT))
        .toArray(INDArray[]::new);
  }

  private static long[] shape(InputLayout layout) {
    List<Integer> own = layout.shape();
    return switch (layout.axes()) {
      case FLAT -> new long[] {1, layout.elements()};
      case AS_IS -> {
        long[] shape = new long[own.size() + 1];
        shape[0] = 1;
        for (int i = 0; i < own.size(); i++) {
          shape[i + 1] = own.get(i);
        }
        yield shape;
      }
      case CHANNELS_LAST ->
          own.size() == 2
              ? new long[] {1, own.get(1), own.get(0)}
              : new long[] {1, own.get(1), own.get(2), own.get(0)};
    };
  }
}
