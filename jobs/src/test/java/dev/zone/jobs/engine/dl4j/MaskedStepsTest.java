package dev.zone.jobs.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.ModelSpec;
import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.NetworkConfiguration.Kind;
import dev.zone.jobs.model.Requests;
import dev.zone.jobs.update.Examples;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** A masked example is to the network what its own steps alone are to plain DL4J. */
class MaskedStepsTest {
  private static final int COLUMNS = 3;
  private static final int STEPS = 6;

  /** Steps of each example that are its own; the others stand behind them. */
  private static final int[] LENGTHS = {6, 1, 4, 2};

  private static final int[] CLASSES = {0, 2, 1, 1};

  private static Requests windows() {
    return new Requests().inputs(Requests.input("windows", COLUMNS, STEPS));
  }

  @Test
  void seesEachSeriesOwnStepsInAnLstm() {
    assertSeesOwnSteps(windows().model(new ModelSpec.Lstm(List.of(5, 4), List.of(4), 0)).create());
  }

  @Test
  void seesEachSeriesOwnStepsBothWays() {
    assertSeesOwnSteps(windows().model(new ModelSpec.Bilstm(List.of(5, 4), List.of(), 0)).create());
  }

  @Test
  void seesEachSeriesOwnStepsInNetworksFromFiles(@TempDir Path folder) throws Exception {
    for (RNNFormat format : RNNFormat.values()) {
      MultiLayerConfiguration conf =
          new NeuralNetConfiguration.Builder()
              .list()
              .layer(new LSTM.Builder().nOut(4).dataFormat(format).build())
              .layer(new LastTimeStep(new LSTM.Builder().nOut(4).dataFormat(format).build()))
              .layer(
                  new OutputLayer.Builder(new LossMCXENT())
                      .nOut(3)
                      .activation(Activation.SOFTMAX)
                      .build())
              .setInputType(InputType.recurrent(COLUMNS, STEPS, format))
              .build();
      Files.writeString(folder.resolve("net.json"), conf.toJson());
      assertSeesOwnSteps(
          windows().files(folder).model(new ModelSpec.Configuration("net.json")).create());
    }
  }

  @Test
  void refusesAMaskWhereThereAreNoSteps() {
    NetworkConfiguration flat = windows().create();
    Batch batch = batch(0);
    try (Dl4jEngine engine = engine(flat)) {
      assertThatThrownBy(() -> engine.computeGradient(batch, 1))
          .hasMessage(
              "Cannot mask steps of a network without windows (expected an input [columns, steps])");
    }
  }

  private static void assertSeesOwnSteps(NetworkConfiguration configuration) {
    float[] outputs = new float[3 * LENGTHS.length];
    float[] gradient;
    try (Dl4jEngine engine = engine(configuration)) {
      engine.computeGradient(batch(0), 1);
      gradient = floats(engine.gradient());
      FloatBuffer predicted = Examples.direct(outputs, 0, outputs.length);
      engine.predict(batch(0), predicted);
      outputs = floats(predicted);
      // Whatever stands in the padding, to the bit.
      engine.computeGradient(batch(1000), 1);
      assertThat(Arrays.equals(floats(engine.gradient()), gradient)).isTrue();
      engine.predict(batch(1000), predicted);
      assertThat(Arrays.equals(floats(predicted), outputs)).isTrue();
      // The mask is gone with its batch.
      engine.predict(unmasked(batch(1000)), predicted);
      assertThat(Arrays.equals(floats(predicted), outputs)).isFalse();
    }
    Alone alone = new Alone(configuration);
    float[] sum = new float[gradient.length];
    for (int example = 0; example < LENGTHS.length; example++) {
      INDArray own = own(configuration, example);
      float[] expected = alone.output(own);
      for (int k = 0; k < 3; k++) {
        assertThat(outputs[3 * example + k])
            .isCloseTo(expected[k], org.assertj.core.data.Offset.offset(1e-6f));
      }
      float[] one = alone.gradient(own, CLASSES[example]);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += one[i];
      }
    }
    for (int i = 0; i < sum.length; i++) {
      assertThat(gradient[i]).isCloseTo(sum[i], org.assertj.core.data.Offset.offset(1e-5f));
    }
  }

  /** Plain DL4J on one example without padding and mask. */
  private static final class Alone {
    private final Optional<MultiLayerNetwork> layers;
    private final Optional<ComputationGraph> graph;

    Alone(NetworkConfiguration configuration) {
      boolean list = configuration.kind() == Kind.LAYERS;
      layers =
          list
              ? Optional.of(
                  new MultiLayerNetwork(MultiLayerConfiguration.fromJson(configuration.json())))
              : Optional.empty();
      graph =
          list
              ? Optional.empty()
              : Optional.of(
                  new ComputationGraph(
                      ComputationGraphConfiguration.fromJson(configuration.json())));
      layers.ifPresent(MultiLayerNetwork::init);
      graph.ifPresent(ComputationGraph::init);
    }

    float[] output(INDArray input) {
      return layers
          .map(network -> network.output(input))
          .orElseGet(() -> graph.orElseThrow().outputSingle(input))
          .toFloatVector();
    }

    float[] gradient(INDArray input, int target) {
      INDArray labels = Nd4j.zeros(1, 3);
      labels.putScalar(0, target, 1);
      layers.ifPresent(
          network -> {
            network.setInput(input);
            network.setLabels(labels);
            network.computeGradientAndScore();
          });
      graph.ifPresent(
          network -> {
            network.setInputs(input);
            network.setLabels(labels);
            network.computeGradientAndScore();
          });
      return layers
          .map(network -> network.gradient().gradient())
          .orElseGet(() -> graph.orElseThrow().gradient().gradient())
          .dup()
          .toFloatVector();
    }
  }

  /** The example's own steps in the network's order of axes. */
  private static INDArray own(NetworkConfiguration configuration, int example) {
    int length = LENGTHS[example];
    float[] values = values(0);
    INDArray array = Nd4j.zeros(1, COLUMNS, length);
    for (int column = 0; column < COLUMNS; column++) {
      for (int t = 0; t < length; t++) {
        array.putScalar(0, column, t, values[(example * COLUMNS + column) * STEPS + t]);
      }
    }
    boolean last =
        configuration.inputs().get(0).axes() == dev.zone.jobs.model.InputLayout.Axes.CHANNELS_LAST;
    return last ? array.permute(0, 2, 1).dup('c') : array;
  }

  /** [examples, columns, steps] with this in the padding. */
  private static float[] values(float padding) {
    Random random = new Random(3);
    float[] values = new float[LENGTHS.length * COLUMNS * STEPS];
    for (int i = 0; i < values.length; i++) {
      float value = (float) random.nextGaussian();
      int example = i / (COLUMNS * STEPS);
      values[i] = i % STEPS < LENGTHS[example] ? value : padding;
    }
    return values;
  }

  private static Batch batch(float padding) {
    float[] values = values(padding);
    float[] targets = new float[3 * LENGTHS.length];
    float[] mask = new float[STEPS * LENGTHS.length];
    for (int example = 0; example < LENGTHS.length; example++) {
      targets[3 * example + CLASSES[example]] = 1;
      for (int t = 0; t < LENGTHS[example]; t++) {
        mask[example * STEPS + t] = 1;
      }
    }
    return new Batch(
        LENGTHS.length,
        List.of(Examples.direct(values, 0, values.length)),
        Examples.direct(targets, 0, targets.length),
        Optional.empty(),
        Optional.of(Examples.direct(mask, 0, mask.length)));
  }

  private static Batch unmasked(Batch batch) {
    return new Batch(batch.size(), batch.inputs(), batch.targets(), batch.weights());
  }

  private static Dl4jEngine engine(NetworkConfiguration configuration) {
    return new Dl4jEngine(Dl4jNetwork.create(configuration, Optional.empty()));
  }

  private static float[] floats(FloatBuffer values) {
    float[] copy = new float[values.limit()];
    values.get(0, copy);
    return copy;
  }
}
