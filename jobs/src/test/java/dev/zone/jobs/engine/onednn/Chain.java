package dev.zone.jobs.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.TrainingSpec.Precision;
import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.engine.dl4j.Dl4jEngines;
import dev.zone.jobs.engine.dl4j.GraphImport;
import dev.zone.jobs.engine.dl4j.Imported;
import dev.zone.jobs.model.InputLayout;
import dev.zone.jobs.model.LayerSummary;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.StartParameters;
import dev.zone.jobs.update.Examples;
import dev.zone.jobs.window.StepTargets;
import java.nio.FloatBuffer;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** A network of layers one behind the other, and what tests compute with it. */
final class Chain {
  static final int SIZE = 6;

  private final ComputationGraphConfiguration.GraphBuilder graph =
      new NeuralNetConfiguration.Builder().seed(7).graphBuilder().addInputs("input");
  private String last = "input";

  Chain layer(String name, Layer layer) {
    graph.addLayer(name, layer, last);
    last = name;
    return this;
  }

  Chain vertex(String name, GraphVertex vertex) {
    graph.addVertex(name, vertex, last);
    last = name;
    return this;
  }

  /** Ends the network, whose last layer has so many values. */
  NetworkConfiguration network(int width, Integer... input) {
    layer(
        "end",
        new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
            .nIn(width)
            .nOut(Ends.OUTPUTS)
            .activation(Activation.SOFTMAX)
            .build());
    return configured(Ends.OUTPUTS, input);
  }

  /** The network, whose last layer is its output. */
  NetworkConfiguration configured(int outputs, Integer... input) {
    ComputationGraphConfiguration conf = graph.setOutputs("end").build();
    ComputationGraph made = new ComputationGraph(conf);
    made.init();
    return new NetworkConfiguration(
        NetworkConfiguration.Kind.GRAPH,
        conf.toJson(),
        List.of(new InputLayout("input", List.of(input), InputLayout.Axes.AS_IS)),
        outputs,
        StepTargets.ONE,
        conf.getVertices().keySet().stream()
            .map(name -> new LayerSummary(name, "layer", List.of(1L), 0))
            .toList(),
        made.numParams(),
        new NetworkConfiguration.Size(0, 0, 0),
        StartParameters.fromSeed(),
        List.of());
  }

  static OneDnnEngine engine(NetworkConfiguration network) {
    return engine(network, Precision.FLOAT32);
  }

  static OneDnnEngine engine(NetworkConfiguration network, Precision precision) {
    Imported imported = GraphImport.of(network);
    assertThat(imported.reason()).isEmpty();
    return new OneDnnEngine(
        imported.graph().orElseThrow(),
        steps -> GraphImport.ofPieces(network, steps),
        Dl4jEngines.of(network),
        precision);
  }

  static Batch batch(NetworkConfiguration network) {
    return new Examples(network, SIZE, Examples.Targets.ONE_HOT, false, 3).batch(0, SIZE);
  }

  static float[] values(FloatBuffer buffer) {
    float[] values = new float[buffer.limit()];
    buffer.get(0, values);
    return values;
  }

  static float[] predicted(Engine engine, Batch batch) {
    int count = batch.size() * Ends.OUTPUTS;
    FloatBuffer outputs = Examples.direct(new float[count], 0, count);
    engine.predict(batch, outputs);
    return values(outputs);
  }

  static DenseLayer dense(int in, int out) {
    return new DenseLayer.Builder().nIn(in).nOut(out).activation(Activation.TANH).build();
  }

  static ConvolutionLayer convolution() {
    return new ConvolutionLayer.Builder(3, 3).nIn(2).nOut(4).activation(Activation.SIGMOID).build();
  }
}
