package dev.zone.jobs.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Layers that random networks do not draw: what the two engines compute of them, masked too. */
class LayersAgreeTest {
  private static final int SIZE = 6;
  private static final int STEPS = 5;
  private static final int COLUMNS = 3;

  private final ComputationGraphConfiguration.GraphBuilder graph =
      new NeuralNetConfiguration.Builder().seed(7).graphBuilder().addInputs("input");
  private String last = "input";

  private LayersAgreeTest layer(String name, Layer layer) {
    graph.addLayer(name, layer, last);
    last = name;
    return this;
  }

  private LayersAgreeTest vertex(String name, GraphVertex vertex) {
    graph.addVertex(name, vertex, last);
    last = name;
    return this;
  }

  /** Ends the network, whose last layer has so many values. */
  private NetworkConfiguration network(int width, Integer... input) {
    layer(
        "end",
        new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
            .nIn(width)
            .nOut(Ends.OUTPUTS)
            .activation(Activation.SOFTMAX)
            .build());
    ComputationGraphConfiguration conf = graph.setOutputs("end").build();
    ComputationGraph made = new ComputationGraph(conf);
    made.init();
    return new NetworkConfiguration(
        NetworkConfiguration.Kind.GRAPH,
        conf.toJson(),
        List.of(new InputLayout("input", List.of(input), InputLayout.Axes.AS_IS)),
        Ends.OUTPUTS,
        StepTargets.ONE,
        conf.getVertices().keySet().stream()
            .map(name -> new LayerSummary(name, "layer", List.of(1L), 0))
            .toList(),
        made.numParams(),
        new NetworkConfiguration.Size(0, 0, 0),
        StartParameters.fromSeed(),
        List.of());
  }

  private static OneDnnEngine engine(NetworkConfiguration network) {
    Imported imported = GraphImport.of(network);
    assertThat(imported.reason()).isEmpty();
    return new OneDnnEngine(
        imported.graph().orElseThrow(),
        steps -> GraphImport.ofPieces(network, steps),
        Dl4jEngines.of(network));
  }

  private static Batch batch(NetworkConfiguration network) {
    return new Examples(network, SIZE, Examples.Targets.ONE_HOT, false, 3).batch(0, SIZE);
  }

  /** The same examples, of which some are shorter. */
  private static Batch masked(Batch batch) {
    float[] mask = new float[SIZE * STEPS];
    for (int i = 0; i < SIZE; i++) {
      for (int step = 0; step < STEPS; step++) {
        mask[i * STEPS + step] = step <= i % STEPS ? 1 : 0;
      }
    }
    return new Batch(
        batch.size(),
        batch.inputs(),
        batch.targets(),
        batch.weights(),
        Optional.of(Examples.direct(mask, 0, mask.length)));
  }

  /** The same targets for other inputs. */
  private static Batch of(Batch batch, float... input) {
    return new Batch(
        batch.size(),
        List.of(Examples.direct(input, 0, input.length)),
        batch.targets(),
        batch.weights());
  }

  private static float[] values(FloatBuffer buffer) {
    float[] values = new float[buffer.limit()];
    buffer.get(0, values);
    return values;
  }

  private static void scatter(FloatBuffer parameters) {
    Random random = new Random(1);
    for (int i = 0; i < parameters.limit(); i++) {
      parameters.put(i, parameters.get(i) + 0.05f * (float) random.nextGaussian());
    }
  }

  private static void assertAgree(NetworkConfiguration network, Batch batch) {
    try (Engine dl4j = Dl4jEngines.of(network);
        OneDnnEngine engine = engine(network)) {
      scatter(dl4j.parameters());
      scatter(engine.parameters());
      double loss = dl4j.computeGradient(batch, 1);
      assertThat(engine.computeGradient(batch, 1)).isCloseTo(loss, within(1e-4));
      assertThat(values(engine.gradient())).containsExactly(values(dl4j.gradient()), within(2e-5f));
      assertThat(predicted(engine, batch)).containsExactly(predicted(dl4j, batch), within(1e-5f));
    }
  }

  private static float[] predicted(Engine engine, Batch batch) {
    int count = batch.size() * Ends.OUTPUTS;
    FloatBuffer outputs = Examples.direct(new float[count], 0, count);
    engine.predict(batch, outputs);
    return values(outputs);
  }

  private static LSTM lstm() {
    return new LSTM.Builder().nIn(COLUMNS).nOut(4).activation(Activation.TANH).build();
  }

  private static DenseLayer dense(int in, int out) {
    return new DenseLayer.Builder().nIn(in).nOut(out).activation(Activation.TANH).build();
  }

  private static ConvolutionLayer convolution() {
    return new ConvolutionLayer.Builder(3, 3).nIn(2).nOut(4).activation(Activation.SIGMOID).build();
  }

  @ParameterizedTest
  @EnumSource(names = {"MAX", "AVG", "SUM"})
  void onAllStepsOfAWindow(PoolingType type) {
    NetworkConfiguration network =
        layer("lstm", lstm())
            .layer("pooled", new GlobalPoolingLayer.Builder(type).build())
            .network(4, COLUMNS, STEPS);
    assertAgree(network, batch(network));
    assertAgree(network, masked(batch(network)));
  }

  @Test
  void onTheSumOfAnImagesPlaces() {
    NetworkConfiguration network =
        layer("convolution", convolution())
            .layer("pooled", new GlobalPoolingLayer.Builder(PoolingType.SUM).build())
            .network(4, 2, 6, 6);
    assertAgree(network, batch(network));
  }

  @Test
  void onImagesOfUnitLength() {
    NetworkConfiguration network =
        layer("convolution", convolution())
            .vertex("unit", new L2NormalizeVertex())
            .vertex("flat", new PreprocessorVertex(new CnnToFeedForwardPreProcessor(4, 4, 4)))
            .network(64, 2, 6, 6);
    assertAgree(network, batch(network));
  }

  @Test
  void onWindowsOfUnitLength() {
    NetworkConfiguration network =
        layer("lstm", lstm())
            .vertex("unit", new L2NormalizeVertex())
            .layer("pooled", new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
            .network(4, COLUMNS, STEPS);
    assertAgree(network, batch(network));
  }

  @Test
  void onRowsOfATable() {
    EmbeddingLayer table =
        new EmbeddingLayer.Builder()
            .nIn(7)
            .nOut(4)
            .hasBias(true)
            .activation(Activation.TANH)
            .build();
    NetworkConfiguration network = layer("table", table).layer("dense", dense(4, 5)).network(5, 1);
    assertAgree(network, of(batch(network), 0, 6, 3, 3, 1, 6));
  }

  @Test
  void onATablesRowForEachStep() {
    EmbeddingSequenceLayer table =
        new EmbeddingSequenceLayer.Builder()
            .nIn(7)
            .nOut(COLUMNS)
            .inputLength(2)
            .inferInputLength(false)
            .activation(Activation.IDENTITY)
            .build();
    NetworkConfiguration network =
        layer("table", table).layer("lstm", new LastTimeStep(lstm())).network(4, 2);
    assertAgree(network, of(batch(network), 0, 6, 3, 3, 1, 6, 2, 2, 5, 4, 0, 1));
  }

  @Test
  void refuseARowThatATableDoesNotHave() {
    EmbeddingLayer table = new EmbeddingLayer.Builder().nIn(7).nOut(4).build();
    NetworkConfiguration network = layer("table", table).network(4, 1);
    try (OneDnnEngine engine = engine(network)) {
      for (float row : new float[] {7, -1, Float.NaN}) {
        assertThatThrownBy(() -> engine.computeGradient(of(batch(network), 0, 6, row, 3, 1, 6), 1))
            .hasMessage("Cannot find row %s (expected 0 to 6)".formatted(row));
      }
    }
  }

  @Test
  void onLayersThatAreFrozen() {
    NetworkConfiguration network =
        layer("convolution", new FrozenLayer(convolution()))
            .layer(
                "normal", new FrozenLayer(new BatchNormalization.Builder().nIn(4).nOut(4).build()))
            .layer("pooled", new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
            .layer("dense", dense(4, 5))
            .network(5, 2, 6, 6);
    assertAgree(network, batch(network));
    try (OneDnnEngine engine = engine(network);
        Engine dl4j = Dl4jEngines.of(network)) {
      for (Engine each : List.of(engine, dl4j)) {
        fill(each.gradient());
        each.computeGradient(batch(network), 1);
        // 2 x 4 filters of 3 x 3 with biases, and four numbers a channel.
        assertThat(Arrays.copyOf(values(each.gradient()), 76 + 16)).as(each.name()).containsOnly(0);
      }
    }
  }

  @Test
  void beforeALayerThatIsFrozenLearnNothing() {
    NetworkConfiguration network =
        layer("first", dense(4, 5))
            .layer("frozen", new FrozenLayer(dense(5, 6)))
            .layer("dense", dense(6, 3))
            .network(3, 4);
    // DL4J itself fails here in a graph; a layered network of its leaves those before alone.
    try (OneDnnEngine engine = engine(network)) {
      fill(engine.gradient());
      engine.computeGradient(batch(network), 1);
      assertThat(Arrays.copyOf(values(engine.gradient()), 25 + 36)).containsOnly(0);
    }
  }

  /** What others left there. */
  private static void fill(FloatBuffer gradient) {
    for (int i = 0; i < gradient.limit(); i++) {
      gradient.put(i, 7);
    }
  }

  @Test
  void drawEveryKindOfDropoutBySeedAndOnlyInTraining() {
    List<IDropout> kinds =
        List.of(new GaussianDropout(0.4), new AlphaDropout(0.7), new GaussianNoise(0.3));
    for (IDropout kind : kinds) {
      DenseLayer dropped = dense(5, 6);
      dropped.setIDropout(kind);
      NetworkConfiguration network =
          new LayersAgreeTest().layer("first", dense(4, 5)).layer("dropped", dropped).network(6, 4);
      assertDrawsBySeed(network);
    }
  }

  @Test
  void dropWholeChannels() {
    ConvolutionLayer dropped =
        new ConvolutionLayer.Builder(3, 3).nIn(4).nOut(3).activation(Activation.TANH).build();
    dropped.setIDropout(new SpatialDropout(0.5));
    NetworkConfiguration network =
        layer("first", convolution())
            .layer("dropped", dropped)
            .layer("pooled", new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
            .network(3, 2, 7, 7);
    assertDrawsBySeed(network);
  }

  /** The gradient is the derivative of the loss with the draws of its seed. */
  private static void assertDrawsBySeed(NetworkConfiguration network) {
    Batch batch = batch(network);
    try (OneDnnEngine engine = engine(network)) {
      double loss = engine.computeGradient(batch, 3);
      assertThat(engine.computeGradient(batch, 4)).isNotEqualTo(loss);
      assertThat(engine.computeGradient(batch, 3)).isEqualTo(loss);
      float[] gradient = values(engine.gradient());
      FloatBuffer parameters = engine.parameters();
      float step = 1e-2f;
      for (int i = 0; i < gradient.length; i += 7) {
        float at = parameters.get(i);
        parameters.put(i, at + step);
        double above = engine.computeGradient(batch, 3);
        parameters.put(i, at - step);
        double below = engine.computeGradient(batch, 3);
        parameters.put(i, at);
        assertThat((above - below) / (2 * step)).isCloseTo(gradient[i], within(3e-3));
      }
      try (Engine dl4j = Dl4jEngines.of(network)) {
        assertThat(predicted(engine, batch)).containsExactly(predicted(dl4j, batch), within(1e-5f));
      }
    }
  }
}
