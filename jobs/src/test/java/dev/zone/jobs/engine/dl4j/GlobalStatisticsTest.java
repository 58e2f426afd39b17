package dev.zone.jobs.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.ModelSpec;
import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.collective.SharedMemoryGroup;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.model.ModelArchive;
import dev.zone.jobs.model.ModelState;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.Requests;
import dev.zone.jobs.update.Examples;
import dev.zone.jobs.update.Examples.Targets;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Ranks that share the statistics of batch normalisation have the whole batch's gradient. */
@Timeout(60)
class GlobalStatisticsTest {
  private static final int EXAMPLES = 9;

  private static Requests images() {
    return new Requests().inputs(Requests.input("images", 2, 8, 8));
  }

  /** Gradients of ranks with these shares, added. */
  private static float[] gradient(NetworkConfiguration network, Examples examples, int... shares)
      throws Exception {
    SharedMemoryGroup group = new SharedMemoryGroup(shares.length, Duration.ofSeconds(30));
    ExecutorService threads = Executors.newFixedThreadPool(shares.length);
    try {
      List<Future<float[]>> ranks = new ArrayList<>();
      int start = 0;
      for (int r = 0; r < shares.length; r++) {
        int rank = r;
        int from = start;
        int to = start += shares[r];
        ranks.add(
            threads.submit(
                () -> {
                  try (Collective collective = group.join(rank);
                      Engine engine = engine(network, collective)) {
                    if (from == to) {
                      engine.computeNothing();
                    } else {
                      engine.computeGradient(examples.batch(from, to), 1);
                    }
                    collective.allReduce(engine.gradient());
                    return floats(engine.gradient());
                  }
                }));
      }
      return ranks.get(0).get();
    } finally {
      threads.shutdownNow();
    }
  }

  private static Engine engine(NetworkConfiguration network, Collective collective) {
    return new Dl4jEngine(
        Dl4jNetwork.create(network, Optional.empty(), Optional.of(collective::allReduce)));
  }

  /** Of plain DL4J on the whole batch; running statistics times the number of examples. */
  private static float[] plain(NetworkConfiguration network, Examples examples) {
    return plain(network, examples, 0, EXAMPLES);
  }

  private static float[] plain(NetworkConfiguration network, Examples examples, int from, int to) {
    try (Engine engine = new Dl4jEngine(Dl4jNetwork.create(network, Optional.empty()))) {
      engine.computeGradient(examples.batch(from, to), 1);
      return floats(engine.gradient());
    }
  }

  private static void assertSame(float[] actual, float[] expected) {
    assertThat(difference(actual, expected)).isLessThan(2e-6);
  }

  private static double difference(float[] actual, float[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) expected[i] - actual[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / norm);
  }

  @Test
  void givesTheGradientOfTheWholeBatchHoweverItIsShared() throws Exception {
    for (ModelSpec model :
        List.of(Requests.cnn(true), new ModelSpec.Resnet(List.of(4, 6), 1, 1, 0))) {
      NetworkConfiguration network = images().model(model).create();
      Examples examples = new Examples(network, EXAMPLES, Targets.ONE_HOT, true, 4);
      float[] expected = plain(network, examples);
      assertSame(gradient(network, examples, 9), expected);
      assertSame(gradient(network, examples, 7, 2), expected);
      assertSame(gradient(network, examples, 0, 1, 0, 8), expected);
      // By their own examples alone the ranks get something else.
      float[] replicas = plain(network, examples, 0, 7);
      float[] other = plain(network, examples, 7, EXAMPLES);
      for (int i = 0; i < replicas.length; i++) {
        replicas[i] += other[i];
      }
      assertThat(difference(replicas, expected)).isGreaterThan(0.01);
    }
  }

  @Test
  void repeatsToTheBit() throws Exception {
    NetworkConfiguration network = images().model(Requests.cnn(true)).create();
    Examples examples = new Examples(network, EXAMPLES, Targets.ONE_HOT, false, 4);
    float[] first = gradient(network, examples, 4, 3, 2);
    for (int i = 0; i < 5; i++) {
      assertThat(Arrays.equals(gradient(network, examples, 4, 3, 2), first)).isTrue();
    }
  }

  @Test
  void knowsChannelsLastAndRunningVariances(@TempDir Path folder) throws Exception {
    Files.writeString(
        folder.resolve("net.json"),
        new NeuralNetConfiguration.Builder()
            .list()
            .layer(
                new ConvolutionLayer.Builder(3, 3)
                    .nOut(3)
                    .dataFormat(CNN2DFormat.NHWC)
                    .activation(Activation.TANH)
                    .build())
            .layer(
                new BatchNormalization.Builder()
                    .useLogStd(false)
                    .decay(0.7)
                    .eps(1e-3)
                    .dataFormat(CNN2DFormat.NHWC)
                    .build())
            .layer(
                new OutputLayer.Builder(new LossMCXENT())
                    .nOut(3)
                    .activation(Activation.SOFTMAX)
                    .build())
            .setInputType(InputType.convolutional(8, 8, 2, CNN2DFormat.NHWC))
            .build()
            .toJson());
    NetworkConfiguration network =
        images().files(folder).model(new ModelSpec.Configuration("net.json")).create();
    Examples examples = new Examples(network, EXAMPLES, Targets.ONE_HOT, false, 4);
    assertSame(gradient(network, examples, 5, 4), plain(network, examples));
  }

  @Test
  void leavesAModelThatPlainDl4jOpens(@TempDir Path folder) throws Exception {
    NetworkConfiguration network = images().model(Requests.cnn(true)).create();
    Examples examples = new Examples(network, EXAMPLES, Targets.ONE_HOT, false, 4);
    Dl4jNetwork live = Dl4jNetwork.create(network, Optional.empty(), Optional.of(values -> {}));
    assertThat(live.json()).isEqualTo(plainJson(network)).doesNotContain("dev.zone");
    try (Dl4jEngine engine = new Dl4jEngine(live)) {
      for (int i = 0; i < engine.parameters().limit(); i++) {
        engine.parameters().put(i, 0.9f * engine.parameters().get(i) + 0.01f);
      }
      FloatBuffer outputs = Examples.direct(new float[3 * EXAMPLES], 0, 3 * EXAMPLES);
      engine.predict(examples.batch(0, EXAMPLES), outputs);
      Path zip = folder.resolve("model.zip");
      ModelArchive.write(network, new ModelState(engine.parameters(), Optional.empty(), 0, 0), zip);
      MultiLayerNetwork plain = MultiLayerNetwork.load(zip.toFile(), false);
      assertThat(plain.getLayer(2).conf().getLayer().getClass())
          .isEqualTo(BatchNormalization.class);
      INDArray expected = plain.output(examples.dataSet(0, EXAMPLES).getFeatures(0));
      assertThat(Arrays.equals(expected.ravel().toFloatVector(), floats(outputs))).isTrue();
    }
  }

  private static String plainJson(NetworkConfiguration network) {
    return Dl4jNetwork.create(network, Optional.empty()).json();
  }

  private static float[] floats(FloatBuffer values) {
    float[] copy = new float[values.limit()];
    values.get(0, copy);
    return copy;
  }
}
