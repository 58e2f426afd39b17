package dev.zone.jobs.model;

import dev.zone.jobs.model.NetworkConfiguration.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.buffer.DataType;

/** A network that came from a file, while it is checked and fitted to a job. */
abstract sealed class Foreign {

  static Foreign of(MultiLayerConfiguration conf) {
    return new Layered(conf);
  }

  static Foreign of(ComputationGraphConfiguration conf) {
    return new Graph(conf);
  }

  abstract Kind kind();

  /** Every layer's configuration by the layer's name, in order. */
  abstract Map<String, NeuralNetConfiguration> layers();

  /** Number of inputs. */
  abstract int inputs();

  /** The first layer that reads an input, with what reshapes the values before it. */
  abstract Optional<Entry> entry(int input);

  /** Names of the outputs' layers. */
  abstract List<String> outputs();

  /** Puts another layer in the place of the last one. */
  abstract void replaceOutput(Layer layer);

  /** Takes the last layer away. */
  abstract void dropOutput();

  abstract DataType dataType();

  abstract BackpropType backpropType();

  /** Steps of a piece of truncated backpropagation through time. */
  abstract int truncation();

  /** Learns in pieces of so many steps from now on. */
  abstract void truncate(int steps);

  abstract List<NeuralNetConfiguration> settings();

  abstract String json();

  /**
   * @param layer that reads the input
   * @param preprocessor before it; empty if none
   */
  record Entry(Layer layer, Optional<org.deeplearning4j.nn.conf.InputPreProcessor> preprocessor) {}

  /** A MultiLayerConfiguration. */
  static final class Layered extends Foreign {
    private final MultiLayerConfiguration conf;

    private Layered(MultiLayerConfiguration conf) {
      this.conf = conf;
    }

    MultiLayerConfiguration conf() {
      return conf;
    }

    @Override
    Kind kind() {
      return Kind.LAYERS;
    }

    @Override
    Map<String, NeuralNetConfiguration> layers() {
      Map<String, NeuralNetConfiguration> layers = new LinkedHashMap<>();
      for (int i = 0; i < conf.getConfs().size(); i++) {
        NeuralNetConfiguration one = conf.getConf(i);
        String given = one.getLayer().getLayerName();
        layers.put(given == null || layers.containsKey(given) ? "layer-" + i : given, one);
      }
      return layers;
    }

    @Override
    int inputs() {
      return 1;
    }

    @Override
    Optional<Entry> entry(int input) {
      return Optional.of(
          new Entry(conf.getConf(0).getLayer(), Optional.ofNullable(conf.getInputPreProcess(0))));
    }

    @Override
    List<String> outputs() {
      List<String> names = List.copyOf(layers().keySet());
      return List.of(names.get(names.size() - 1));
    }

    @Override
    void replaceOutput(Layer layer) {
      conf.getConf(conf.getConfs().size() - 1).setLayer(layer);
    }

    @Override
    void dropOutput() {
      int last = conf.getConfs().size() - 1;
      conf.setConfs(new ArrayList<>(conf.getConfs().subList(0, last)));
      conf.getInputPreProcessors().remove(last);
    }

    @Override
    DataType dataType() {
      return conf.getDataType();
    }

    @Override
    BackpropType backpropType() {
      return conf.getBackpropType();
    }

    @Override
    int truncation() {
      return conf.getTbpttFwdLength();
    }

    @Override
    void truncate(int steps) {
      conf.setBackpropType(BackpropType.TruncatedBPTT);
      conf.setTbpttFwdLength(steps);
      conf.setTbpttBackLength(steps);
    }

    @Override
    List<NeuralNetConfiguration> settings() {
      return conf.getConfs();
    }

    @Override
    String json() {
      return conf.toJson();
    }
  }

  /** A ComputationGraphConfiguration. */
  static final class Graph extends Foreign {
    private final ComputationGraphConfiguration conf;

    private Graph(ComputationGraphConfiguration conf) {
      this.conf = conf;
    }

    ComputationGraphConfiguration conf() {
      return conf;
    }

    @Override
    Kind kind() {
      return Kind.GRAPH;
    }

    @Override
    Map<String, NeuralNetConfiguration> layers() {
      Map<String, NeuralNetConfiguration> layers = new LinkedHashMap<>();
      conf.getVertices()
          .forEach(
              (name, vertex) -> {
                if (vertex instanceof LayerVertex layer) {
                  layers.put(name, layer.getLayerConf());
                }
              });
      return layers;
    }

    @Override
    int inputs() {
      return conf.getNetworkInputs().size();
    }

    @Override
    Optional<Entry> entry(int input) {
      return reader(conf.getNetworkInputs().get(input), conf.getVertices().size());
    }

    /** The nearest layer that reads the vertex, through vertices without layers. */
    private Optional<Entry> reader(String source, int depth) {
      for (Map.Entry<String, List<String>> edge : conf.getVertexInputs().entrySet()) {
        if (depth > 0 && edge.getValue().contains(source)) {
          Optional<Entry> found =
              conf.getVertices().get(edge.getKey()) instanceof LayerVertex layer
                  ? Optional.of(
                      new Entry(
                          layer.getLayerConf().getLayer(),
                          Optional.ofNullable(layer.getPreProcessor())))
                  : reader(edge.getKey(), depth - 1);
          if (found.isPresent()) {
            return found;
          }
        }
      }
      return Optional.empty();
    }

    @Override
    List<String> outputs() {
      return conf.getNetworkOutputs();
    }

    @Override
    void replaceOutput(Layer layer) {
      GraphVertex vertex = conf.getVertices().get(conf.getNetworkOutputs().get(0));
      ((LayerVertex) vertex).getLayerConf().setLayer(layer);
      ((LayerVertex) vertex).setOutputVertex(true);
    }

    @Override
    void dropOutput() {
      String name = conf.getNetworkOutputs().get(0);
      conf.setNetworkOutputs(new ArrayList<>(conf.getVertexInputs().get(name)));
      conf.getVertices().remove(name);
      conf.getVertexInputs().remove(name);
      conf.setTopologicalOrder(null);
      conf.setTopologicalOrderStr(null);
    }

    @Override
    DataType dataType() {
      return conf.getDataType();
    }

    @Override
    BackpropType backpropType() {
      return conf.getBackpropType();
    }

    @Override
    int truncation() {
      return conf.getTbpttFwdLength();
    }

    @Override
    void truncate(int steps) {
      conf.setBackpropType(BackpropType.TruncatedBPTT);
      conf.setTbpttFwdLength(steps);
      conf.setTbpttBackLength(steps);
    }

    @Override
    List<NeuralNetConfiguration> settings() {
      List<NeuralNetConfiguration> all = new ArrayList<>(layers().values());
      if (conf.getDefaultConfiguration() != null) {
        all.add(conf.getDefaultConfiguration());
      }
      return all;
    }

    @Override
    String json() {
      return conf.toJson();
    }
  }
}
