package dev.zone.jobs.model;

import dev.zone.jobs.model.NetworkConfiguration.Kind;
import dev.zone.jobs.model.NetworkConfiguration.Size;
import dev.zone.jobs.window.StepTargets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;

/** What a configuration costs, found without making the network. */
final class Tables {
  private Tables() {}

  static NetworkConfiguration describe(
      MultiLayerConfiguration conf, InputType input, List<InputLayout> inputs, Notes notes) {
    List<InputType> types = conf.getLayerActivationTypes(input);
    List<LayerSummary> rows = new ArrayList<>();
    Cost cost = new Cost();
    cost.input(inputs);
    for (int i = 0; i < types.size(); i++) {
      NeuralNetConfiguration layerConf = conf.getConf(i);
      Layer layer = layerConf.getLayer();
      long parameters = layer.initializer().numParams(layerConf);
      String name = layer.getLayerName() == null ? "layer-" + i : layer.getLayerName();
      rows.add(
          row(name, layer.getClass().getSimpleName(), types.get(i), parameters, notes.targets()));
      cost.layer(layer, rows.get(i));
    }
    return cost.configuration(Kind.LAYERS, conf.toJson(), inputs, rows, notes);
  }

  static NetworkConfiguration describe(
      ComputationGraphConfiguration conf,
      List<InputType> types,
      List<InputLayout> inputs,
      Notes notes) {
    Map<String, InputType> outputs =
        conf.getLayerActivationTypes(true, false, types.toArray(new InputType[0]));
    List<LayerSummary> rows = new ArrayList<>();
    Cost cost = new Cost();
    cost.input(inputs);
    for (Map.Entry<String, InputType> entry : outputs.entrySet()) {
      GraphVertex vertex = conf.getVertices().get(entry.getKey());
      if (vertex == null) {
        continue; // an input of the network
      }
      if (vertex instanceof LayerVertex layerVertex) {
        Layer layer = layerVertex.getLayerConf().getLayer();
        LayerSummary row =
            row(
                entry.getKey(),
                layer.getClass().getSimpleName(),
                entry.getValue(),
                vertex.numParams(true),
                notes.targets());
        rows.add(row);
        cost.layer(layer, row);
      } else {
        LayerSummary row =
            row(
                entry.getKey(),
                vertex.getClass().getSimpleName(),
                entry.getValue(),
                vertex.numParams(true),
                notes.targets());
        rows.add(row);
        cost.kept(row.elements());
      }
    }
    return cost.configuration(Kind.GRAPH, conf.toJson(), inputs, rows, notes);
  }

  /** DL4J does not say how many steps follow on layers that it applies to each step. */
  private static LayerSummary row(
      String name, String type, InputType output, long parameters, StepTargets targets) {
    List<Long> shape =
        Arrays.stream(output.getShape(false))
            .map(size -> size < 0 ? targets.steps() : size)
            .boxed()
            .toList();
    return new LayerSummary(name, type, shape, parameters);
  }

  /**
   * Adds up what training keeps. Recurrent layers keep their four gates of every step; a
   * convolution without a helper works on an unrolled copy of its input (im2col).
   */
  private static final class Cost {
    private static final int RECURRENT_FACTOR = 4;

    private long parameters;
    private long updaterState;
    private long kept;
    private long working;

    void input(List<InputLayout> inputs) {
      inputs.forEach(input -> kept(input.elements()));
    }

    void kept(long elements) {
      kept = Math.addExact(kept, elements);
      working = Math.max(working, elements);
    }

    void layer(Layer layer, LayerSummary row) {
      parameters = Math.addExact(parameters, row.parameters());
      updaterState = Math.addExact(updaterState, state(layer, row.parameters()));
      Layer inner = inner(layer);
      if (inner instanceof BaseRecurrentLayer recurrent) {
        kept(RECURRENT_FACTOR * Math.max(row.elements(), recurrent.getNOut()));
      } else if (inner instanceof ConvolutionLayer convolution && row.outputShape().size() == 3) {
        long pixels = row.elements() / Math.max(1, convolution.getNOut());
        long kernel =
            Arrays.stream(convolution.getKernelSize()).asLongStream().reduce(1, (a, b) -> a * b);
        kept(row.elements());
        working = Math.max(working, pixels * kernel * convolution.getNIn());
      } else {
        kept(row.elements());
      }
    }

    private static long state(Layer layer, long parameters) {
      Layer inner = inner(layer);
      return inner instanceof BaseLayer base && base.getIUpdater() != null
          ? base.getIUpdater().stateSize(parameters)
          : 0;
    }

    private static Layer inner(Layer layer) {
      if (layer instanceof BaseWrapperLayer wrapper) {
        return inner(wrapper.getUnderlying());
      }
      return layer instanceof Bidirectional both ? inner(both.getFwd()) : layer;
    }

    NetworkConfiguration configuration(
        Kind kind, String json, List<InputLayout> inputs, List<LayerSummary> rows, Notes notes) {
      return new NetworkConfiguration(
          kind,
          json,
          inputs,
          notes.outputs(),
          notes.targets(),
          rows,
          parameters,
          new Size(updaterState, kept, working),
          StartParameters.fromSeed(),
          notes.texts());
    }
  }

  /**
   * @param outputs width of the output layer
   * @param targets of a window's steps
   * @param texts for the user
   */
  record Notes(int outputs, StepTargets targets, List<String> texts) {}
}
