package dev.zone.jobs.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.engine.dl4j.Dl4jEngines;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.update.Examples;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Each kind of dropout draws what it is to draw, by the step's seed, and in training only. */
class DropoutKindsTest {
  /** Draws of a dropout. */
  private static final int WIDE = 2000;

  @Test
  void drawEveryKindOfDropoutBySeedAndOnlyInTraining() {
    List<IDropout> kinds =
        List.of(new GaussianDropout(0.4), new AlphaDropout(0.7), new GaussianNoise(0.3));
    for (IDropout kind : kinds) {
      DenseLayer dropped = Chain.dense(5, 6);
      dropped.setIDropout(kind);
      NetworkConfiguration network =
          new Chain().layer("first", Chain.dense(4, 5)).layer("dropped", dropped).network(6, 4);
      assertDrawsBySeed(network);
    }
  }

  @Test
  void dropWholeChannels() {
    ConvolutionLayer dropped =
        new ConvolutionLayer.Builder(3, 3).nIn(4).nOut(3).activation(Activation.TANH).build();
    dropped.setIDropout(new SpatialDropout(0.5));
    NetworkConfiguration network =
        new Chain()
            .layer("first", Chain.convolution())
            .layer("dropped", dropped)
            .layer("pooled", new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
            .network(3, 2, 7, 7);
    assertDrawsBySeed(network);
  }

  @Test
  void drawWhatEachKindOfDropoutIsToDraw() {
    double[] gaussian = drawn(new GaussianDropout(0.2));
    // Three standard deviations of the mean and of the deviation of so many draws.
    assertThat(mean(gaussian)).isCloseTo(1, within(3 * 0.5 / Math.sqrt(WIDE)));
    assertThat(deviation(gaussian)).isCloseTo(0.5, within(3 * 0.5 / Math.sqrt(2 * WIDE)));

    double[] noise = drawn(new GaussianNoise(0.3));
    assertThat(mean(noise)).isCloseTo(1, within(3 * 0.3 / Math.sqrt(WIDE)));
    assertThat(deviation(noise)).isCloseTo(0.3, within(3 * 0.3 / Math.sqrt(2 * WIDE)));

    AlphaDropout alpha = new AlphaDropout(0.7);
    double lower = -AlphaDropout.DEFAULT_LAMBDA * AlphaDropout.DEFAULT_ALPHA;
    double retained = alpha.a(0.7) + alpha.b(0.7);
    double dropped = alpha.a(0.7) * lower + alpha.b(0.7);
    int kept = 0;
    for (double value : drawn(alpha)) {
      boolean isKept = Math.abs(value - retained) < 1e-4;
      assertThat(value).isCloseTo(isKept ? retained : dropped, within(1e-4));
      kept += isKept ? 1 : 0;
    }
    assertThat((double) kept / WIDE).isCloseTo(0.7, within(3 * Math.sqrt(0.21 / WIDE)));
  }

  @Test
  void dropChannelsWholeOrNotAtAll() {
    int channels = WIDE / 4;
    ConvolutionLayer same =
        new ConvolutionLayer.Builder(1, 1)
            .nIn(channels)
            .nOut(channels)
            .hasBias(false)
            .activation(Activation.IDENTITY)
            .build();
    same.setIDropout(new SpatialDropout(0.5));
    NetworkConfiguration network =
        new Chain()
            .layer("same", same)
            .vertex(
                "flat", new PreprocessorVertex(new CnnToFeedForwardPreProcessor(2, 2, channels)))
            .layer("end", told())
            .configured(WIDE, channels, 2, 2);
    double[] values = told(network, channels * channels);
    int dropped = 0;
    for (int i = 0; i < values.length; i += 4) {
      assertThat(values[i]).satisfiesAnyOf(each -> near(each, 0), each -> near(each, 2));
      assertThat(Arrays.copyOfRange(values, i, i + 4)).containsOnly(values[i]);
      dropped += values[i] < 1 ? 1 : 0;
    }
    assertThat((double) dropped / channels).isCloseTo(0.5, within(1.5 / Math.sqrt(channels)));
  }

  private static void near(double value, double expected) {
    assertThat(value).isCloseTo(expected, within(1e-4));
  }

  /** What a dropout makes of ones. */
  private static double[] drawn(IDropout dropout) {
    OutputLayer end = told();
    end.setIDropout(dropout);
    return told(new Chain().layer("end", end).configured(WIDE, WIDE), 0);
  }

  /** A layer that puts out what it gets, so that the gradient of its bias says what that was. */
  private static OutputLayer told() {
    return new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
        .nIn(WIDE)
        .nOut(WIDE)
        .activation(Activation.IDENTITY)
        .build();
  }

  /**
   * What the last layer got of an example of ones.
   *
   * @param before parameters of a layer before it, a square matrix too
   */
  private static double[] told(NetworkConfiguration network, int before) {
    float[] ones = new float[network.inputs().get(0).elements()];
    Arrays.fill(ones, 1);
    Batch batch =
        new Batch(
            1,
            List.of(Examples.direct(ones, 0, ones.length)),
            Examples.direct(new float[WIDE], 0, WIDE),
            Optional.empty());
    try (OneDnnEngine engine = Chain.engine(network)) {
      for (int i = 0; i < engine.parameters().limit(); i++) {
        engine.parameters().put(i, 0);
      }
      one(engine.parameters(), 0, (int) Math.sqrt(before));
      one(engine.parameters(), before, WIDE);
      engine.computeGradient(batch, 5);
      double[] values = new double[WIDE];
      for (int i = 0; i < WIDE; i++) {
        // Of a mean of squares.
        values[i] = engine.gradient().get(before + WIDE * WIDE + i) * WIDE / 2;
      }
      return values;
    }
  }

  private static void one(FloatBuffer parameters, int from, int side) {
    for (int i = 0; i < side; i++) {
      parameters.put(from + i * side + i, 1);
    }
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    return Math.sqrt(
        Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum() / values.length);
  }

  /** The gradient is the derivative of the loss with the draws of its seed. */
  private static void assertDrawsBySeed(NetworkConfiguration network) {
    Batch batch = Chain.batch(network);
    try (OneDnnEngine engine = Chain.engine(network)) {
      double loss = engine.computeGradient(batch, 3);
      assertThat(engine.computeGradient(batch, 4)).isNotEqualTo(loss);
      assertThat(engine.computeGradient(batch, 3)).isEqualTo(loss);
      float[] gradient = Chain.values(engine.gradient());
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
        assertThat(Chain.predicted(engine, batch))
            .containsExactly(Chain.predicted(dl4j, batch), within(1e-5f));
      }
    }
  }
}
