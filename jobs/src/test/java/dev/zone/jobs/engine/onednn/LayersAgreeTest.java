package dev.zone.jobs.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import java.util.Random;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;

/** Layers that random networks do not draw: what the two engines compute of them, masked too. */
class LayersAgreeTest {
  private static final int STEPS = 5;
  private static final int COLUMNS = 3;

  /** The same examples, of which some are shorter. */
  private static Batch masked(Batch batch) {
    float[] mask = new float[Chain.SIZE * STEPS];
    for (int i = 0; i < Chain.SIZE; i++) {
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

  private static void scatter(FloatBuffer parameters) {
    Random random = new Random(1);
    for (int i = 0; i < parameters.limit(); i++) {
      parameters.put(i, parameters.get(i) + 0.05f * (float) random.nextGaussian());
    }
  }

  private static void assertAgree(NetworkConfiguration network, Batch batch) {
    try (Engine dl4j = Dl4jEngines.of(network);
        OneDnnEngine engine = Chain.engine(network)) {
      scatter(dl4j.parameters());
      scatter(engine.parameters());
      double loss = dl4j.computeGradient(batch, 1);
      double first = engine.computeGradient(batch, 1);
      assertThat(first).isCloseTo(loss, within(1e-4));
      float[] gradient = Chain.values(engine.gradient());
      // With what is in its memory from the last time.
      assertThat(engine.computeGradient(batch, 1)).isEqualTo(first);
      assertThat(Chain.values(engine.gradient())).isEqualTo(gradient);
      assertThat(Chain.values(engine.gradient()))
          .containsExactly(Chain.values(dl4j.gradient()), within(2e-5f));
      assertThat(Chain.predicted(engine, batch))
          .containsExactly(Chain.predicted(dl4j, batch), within(1e-5f));
    }
  }

  private static LSTM lstm() {
    return new LSTM.Builder().nIn(COLUMNS).nOut(4).activation(Activation.TANH).build();
  }

  @ParameterizedTest
  @EnumSource(names = {"MAX", "AVG", "SUM"})
  void onAllStepsOfAWindow(PoolingType type) {
    NetworkConfiguration network =
        new Chain()
            .layer("lstm", lstm())
            .layer("pooled", new GlobalPoolingLayer.Builder(type).build())
            .network(4, COLUMNS, STEPS);
    assertAgree(network, Chain.batch(network));
    assertAgree(network, masked(Chain.batch(network)));
  }

  @Test
  void onTheSumOfAnImagesPlaces() {
    NetworkConfiguration network =
        new Chain()
            .layer("convolution", Chain.convolution())
            .layer("pooled", new GlobalPoolingLayer.Builder(PoolingType.SUM).build())
            .network(4, 2, 6, 6);
    assertAgree(network, Chain.batch(network));
  }

  @Test
  void onImagesOfUnitLength() {
    NetworkConfiguration network =
        new Chain()
            .layer("convolution", Chain.convolution())
            .vertex("unit", new L2NormalizeVertex())
            .vertex("flat", new PreprocessorVertex(new CnnToFeedForwardPreProcessor(4, 4, 4)))
            .network(64, 2, 6, 6);
    assertAgree(network, Chain.batch(network));
  }

  @Test
  void onWindowsOfUnitLength() {
    NetworkConfiguration network =
        new Chain()
            .layer("lstm", lstm())
            .vertex("unit", new L2NormalizeVertex())
            .layer("pooled", new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
            .network(4, COLUMNS, STEPS);
    assertAgree(network, Chain.batch(network));
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
    NetworkConfiguration network =
        new Chain().layer("table", table).layer("dense", Chain.dense(4, 5)).network(5, 1);
    assertAgree(network, of(Chain.batch(network), 0, 6, 3, 3, 1, 6));
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
        new Chain().layer("table", table).layer("lstm", new LastTimeStep(lstm())).network(4, 2);
    assertAgree(network, of(Chain.batch(network), 0, 6, 3, 3, 1, 6, 2, 2, 5, 4, 0, 1));
  }

  @Test
  void refuseARowThatATableDoesNotHave() {
    EmbeddingLayer table = new EmbeddingLayer.Builder().nIn(7).nOut(4).build();
    NetworkConfiguration network = new Chain().layer("table", table).network(4, 1);
    try (OneDnnEngine engine = Chain.engine(network)) {
      for (float row : new float[] {7, -1, Float.NaN}) {
        assertThatThrownBy(
                () -> engine.computeGradient(of(Chain.batch(network), 0, 6, row, 3, 1, 6), 1))
            .hasMessage("Cannot find row %s (expected 0 to 6)".formatted(row));
      }
    }
  }

  @Test
  void onLayersThatAreFrozen() {
    NetworkConfiguration network =
        new Chain()
            .layer("convolution", new FrozenLayer(Chain.convolution()))
            .layer(
                "normal", new FrozenLayer(new BatchNormalization.Builder().nIn(4).nOut(4).build()))
            .layer("pooled", new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
            .layer("dense", Chain.dense(4, 5))
            .network(5, 2, 6, 6);
    assertAgree(network, Chain.batch(network));
    try (OneDnnEngine engine = Chain.engine(network);
        Engine dl4j = Dl4jEngines.of(network)) {
      for (Engine each : List.of(engine, dl4j)) {
        fill(each.gradient());
        each.computeGradient(Chain.batch(network), 1);
        // 2 x 4 filters of 3 x 3 with biases, and four numbers a channel.
        assertThat(Arrays.copyOf(Chain.values(each.gradient()), 76 + 16))
            .as(each.name())
            .containsOnly(0);
      }
    }
  }

  @Test
  void beforeALayerThatIsFrozenLearnNothing() {
    NetworkConfiguration network =
        new Chain()
            .layer("first", Chain.dense(4, 5))
            .layer("frozen", new FrozenLayer(Chain.dense(5, 6)))
            .layer("dense", Chain.dense(6, 3))
            .network(3, 4);
    // DL4J itself fails here in a graph; a layered network of its leaves those before alone.
    try (OneDnnEngine engine = Chain.engine(network)) {
      fill(engine.gradient());
      engine.computeGradient(Chain.batch(network), 1);
      assertThat(Arrays.copyOf(Chain.values(engine.gradient()), 25 + 36)).containsOnly(0);
    }
  }

  /** What others left there. */
  private static void fill(FloatBuffer gradient) {
    for (int i = 0; i < gradient.limit(); i++) {
      gradient.put(i, 7);
    }
  }
}
