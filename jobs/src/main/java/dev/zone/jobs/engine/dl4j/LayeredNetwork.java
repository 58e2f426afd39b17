package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.model.NetworkConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A MultiLayerNetwork. */
final class LayeredNetwork extends Dl4jNetwork {
  private final MultiLayerNetwork network;
  private final List<Trainable> trainables;

  LayeredNetwork(NetworkConfiguration configuration, String json) {
    super(configuration);
    network = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(json));
    network.init();
    network.initGradientsView();
    trainables = List.of(network.getLayers());
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
    return Integer.toString(trainable);
  }

  @Override
  public BaseMultiLayerUpdater<?> newUpdater() {
    return new MultiLayerUpdater(network);
  }

  @Override
  public void setCounts(int iterations, int epochs) {
    network.getLayerWiseConfigurations().setIterationCount(iterations);
    network.getLayerWiseConfigurations().setEpochCount(epochs);
  }

  @Override
  public int iterations() {
    return network.getLayerWiseConfigurations().getIterationCount();
  }

  @Override
  public int epochs() {
    return network.getLayerWiseConfigurations().getEpochCount();
  }

  @Override
  public void applyConstraints() {
    network.applyConstraints(iterations(), epochs());
  }

  @Override
  String configurationJson() {
    return network.getLayerWiseConfigurations().toJson();
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
    return network.getOutputLayer().conf().getLayer();
  }

  @Override
  double computeGradient(INDArray[] arrays, INDArray labels, Optional<INDArray[]> masks) {
    network.setInput(arrays[0]);
    network.setLabels(labels);
    masks.ifPresent(own -> network.setLayerMaskArrays(own[0], targetMask(own)));
    network.computeGradientAndScore();
    masks.ifPresent(own -> network.clearLayerMaskArrays());
    network.clearLayersStates();
    return network.score();
  }

  @Override
  INDArray predict(INDArray[] inputs, Optional<INDArray[]> masks) {
    return masks
        .map(own -> network.output(inputs[0], false, own[0], null))
        .orElseGet(() -> network.output(inputs[0], false));
  }

  @Override
  List<String> layerNames() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < network.getnLayers(); i++) {
      Layer layer = network.getLayer(i).conf().getLayer();
      String name = layer.getLayerName();
      names.add(name == null ? i + " (" + layer.getClass().getSimpleName() + ")" : name);
    }
    return names;
  }

  @Override
  List<INDArray> activations(INDArray[] inputs, Optional<INDArray[]> masks) {
    masks.ifPresent(own -> network.setLayerMaskArrays(own[0], null));
    // The first is the input itself.
    List<INDArray> all = network.feedForward(inputs[0], false);
    masks.ifPresent(own -> network.clearLayerMaskArrays());
    return all.subList(1, all.size());
  }

  @Override
  int layerOfTrainable(int trainable) {
    return trainable;
  }
}
