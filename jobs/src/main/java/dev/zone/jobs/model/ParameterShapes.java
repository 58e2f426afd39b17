package dev.zone.jobs.model;

import dev.zone.jobs.model.NetworkConfiguration.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.util.GraphIndices;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Which parameters a network has, layer by layer in the order of the flat vector, found without
 * making the network: two networks whose lists are equal read the same vector in the same way.
 */
final class ParameterShapes {
  private ParameterShapes() {}

  /**
   * One layer, or vertex of a graph.
   *
   * @param type simple name of its class, such as {@code DenseLayer}
   * @param conf what shapes come from; null for a vertex without a layer
   * @param parameters how many numbers it learns
   */
  record Layer(String name, String type, NeuralNetConfiguration conf, long parameters) {
    /**
     * Shapes by DL4J's names, such as W and b. Takes native memory for the layer's parameters while
     * it works.
     */
    Map<String, List<Long>> shapes() {
      Map<String, List<Long>> shapes = new LinkedHashMap<>();
      if (conf == null || parameters == 0) {
        return shapes;
      }
      try (INDArray view = Nd4j.create(DataType.FLOAT, parameters)) {
        conf.getLayer()
            .initializer()
            .init(conf, view, false)
            .forEach(
                (name, array) -> shapes.put(name, Arrays.stream(array.shape()).boxed().toList()));
      }
      return shapes;
    }
  }

  /**
   * @param json a configuration as DL4J writes it, which names classes of the allow-list only
   * @throws RuntimeException of DL4J's if it is none
   */
  static List<Layer> of(Kind kind, String json) {
    return kind == Kind.LAYERS
        ? of(MultiLayerConfiguration.fromJson(json))
        : of(ComputationGraphConfiguration.fromJson(json));
  }

  private static List<Layer> of(MultiLayerConfiguration conf) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < conf.getConfs().size(); i++) {
      String name = conf.getConf(i).getLayer().getLayerName();
      layers.add(layer(name == null ? "layer-" + i : name, conf.getConf(i)));
    }
    return layers;
  }

  private static List<Layer> of(ComputationGraphConfiguration conf) {
    GraphIndices order = new ComputationGraph(conf).calculateIndices();
    List<Layer> layers = new ArrayList<>();
    for (int index : order.getTopologicalSortOrder()) {
      String name = order.getIdxToName().get(index);
      if (conf.getNetworkInputs().contains(name)) {
        continue;
      }
      GraphVertex vertex = conf.getVertices().get(name);
      if (vertex == null) {
        throw new IllegalArgumentException("no vertex '" + name + "'");
      }
      layers.add(
          vertex instanceof LayerVertex own
              ? layer(name, own.getLayerConf())
              : new Layer(name, vertex.getClass().getSimpleName(), null, vertex.numParams(true)));
    }
    return layers;
  }

  private static Layer layer(String name, NeuralNetConfiguration conf) {
    return new Layer(
        name,
        conf.getLayer().getClass().getSimpleName(),
        conf,
        conf.getLayer().initializer().numParams(conf));
  }
}
