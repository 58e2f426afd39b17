package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.model.NetworkConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A ComputationGraph with one output. */
final class GraphNetwork extends Dl4jNetwork {
  private final ComputationGraph network;
  private final List<Trainable> trainables;

  GraphNetwork(NetworkConfiguration configuration, String json) {
    super(configuration);
    network = new ComputationGraph(ComputationGraphConfiguration.fromJson(json));
    network.init();
    network.initGradientsView();
    List<Trainable> inOrder = new ArrayList<>();
    for (int index : network.topologicalSortOrder()) {
      GraphVertex vertex = network.getVertices()[index];
      if (vertex.numParams() > 0) {
        inOrder.add(vertex);
      }
    }
    trainables = List.copyOf(inOrder);
  }

  @Override
  public INDArray parameters() {
    return network.params();
  }

  @Override
  public INDArray gradient() {
    return network.getFlattenedGradients();
  }

  @Override
  public List<Trainable> trainables() {
    return trainables;
  }

  @Override
  public String keyOf(int trainable) {
    return trainables.get(trainable).getConfig().getLayerName();
  }

  @Override
  public BaseMultiLayerUpdater<?> newUpdater() {
    return new ComputationGraphUpdater(network);
  }

  @Override
  public void setCounts(int iterations, int epochs) {
    network.getConfiguration().setIterationCount(iterations);
    network.getConfiguration().setEpochCount(epochs);
  }

  @Override
  public int iterations() {
    return network.getConfiguration().getIterationCount();
  }

  @Override
  public int epochs() {
    return network.getConfiguration().getEpochCount();
  }

  @Override
  public void applyConstraints() {
    network.applyConstraints(iterations(), epochs());
  }

  @Override
  String configurationJson() {
    return network.getConfiguration().toJson();
  }

  @Override
  org.deeplearning4j.nn.api.Layer[] layers() {
    return network.getLayers();
  }

  @Override
  public Model model() {
    return network;
  }

  @Override
  Layer outputLayer() {
    return network.getOutputLayer(0).conf().getLayer();
  }

  @Override
  double computeGradient(INDArray[] arrays, INDArray labels, Optional<INDArray[]> masks) {
    network.setInputs(arrays);
    network.setLabels(labels);
    masks.ifPresent(own -> network.setLayerMaskArrays(own, targetMasks(own)));
    network.computeGradientAndScore();
    masks.ifPresent(own -> network.clearLayerMaskArrays());
    network.clearLayersStates();
    return network.score();
  }

  private INDArray[] targetMasks(INDArray[] masks) {
    return targets().isEach() ? new INDArray[] {targetMask(masks)} : null;
  }

  @Override
  INDArray predict(INDArray[] inputs, Optional<INDArray[]> masks) {
    return masks
        .map(own -> network.output(false, inputs, own)[0])
        .orElseGet(() -> network.outputSingle(false, inputs));
  }

  @Override
  List<String> layerNames() {
    List<String> names = new ArrayList<>();
    for (int index : network.topologicalSortOrder()) {
      GraphVertex vertex = network.getVertices()[index];
      if (!vertex.isInputVertex()) {
        names.add(vertex.getVertexName());
      }
    }
    return names;
  }

  @Override
  List<INDArray> activations(INDArray[] inputs, Optional<INDArray[]> masks) {
    masks.ifPresent(own -> network.setLayerMaskArrays(own, null));
    Map<String, INDArray> all = network.feedForward(inputs, false);
    masks.ifPresent(own -> network.clearLayerMaskArrays());
    return layerNames().stream().map(all::get).toList();
  }

  @Override
  int layerOfTrainable(int trainable) {
    return layerNames().indexOf(keyOf(trainable));
  }
}
