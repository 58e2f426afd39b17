package dev.zone.jobs.update;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.ScheduleSpec;
import dev.zone.conf.UpdaterSpec;
import dev.zone.jobs.engine.dl4j.Dl4jNetwork;
import dev.zone.jobs.engine.dl4j.HostMemory;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.Requests;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.AdaDelta;

/** One pass over the vectors changes them as DL4J's updater does. */
class FusedUpdateTest {
  private static final int MANY = 1000;
  private static final int SOME = 120;
  private static final int EXAMPLES = 48;
  private static final int STEPS_PER_EPOCH = 100;

  static Stream<UpdaterSpec> updaters() {
    return Stream.of(
        new UpdaterSpec.Sgd(0.02),
        new UpdaterSpec.Nesterovs(0.02, 0.9),
        new UpdaterSpec.Adam(0.002, 0.9, 0.999, 1e-8),
        new UpdaterSpec.AmsGrad(0.002),
        new UpdaterSpec.AdaMax(0.002),
        new UpdaterSpec.Nadam(0.002),
        new UpdaterSpec.RmsProp(0.002, 0.95),
        new UpdaterSpec.AdaGrad(0.02));
  }

  /** With batch normalisation: running statistics are among the parameters. */
  private static Requests request() {
    return new Requests()
        .model(Requests.cnn(true))
        .inputs(Requests.input("map", 1, 8, 8))
        .schedule(new ScheduleSpec.Exponential(0.8))
        .epochs(MANY / STEPS_PER_EPOCH);
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void changesAsDl4jDoesOverManySteps(UpdaterSpec updater) {
    // A plain network: what takes the time is Deeplearning4j's own update.
    assertSame(new Requests().updater(updater).create(), MANY);
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void addsPenaltiesWhereDl4jDoes(UpdaterSpec updater) {
    assertSame(request().updater(updater).penalties(1e-3, 2e-3, 0).create(), SOME);
    assertSame(request().updater(updater).penalties(0, 0, 1e-2).create(), SOME);
  }

  @ParameterizedTest
  @EnumSource(GradientNormalization.class)
  void normalisesAndClipsAsDl4jDoes(GradientNormalization normalization) {
    NetworkConfiguration clipped =
        request().clipping(Optional.empty(), Optional.of(0.004)).penalties(0, 1e-3, 0).create();
    String json = clipped.json().replace("ClipElementWiseAbsoluteValue", normalization.name());
    assertThat(json.contains("ClipElementWiseAbsoluteValue"))
        .isEqualTo(normalization == GradientNormalization.ClipElementWiseAbsoluteValue);
    assertSame(withJson(clipped, json), SOME);
  }

  @Test
  void leavesAnUpdaterThatItDoesNotKnowToDl4j() {
    NetworkConfiguration adam = request().create();
    MultiLayerConfiguration layers = MultiLayerConfiguration.fromJson(adam.json());
    ((BaseLayer) layers.getConf(0).getLayer()).setIUpdater(new AdaDelta());
    NetworkConfiguration configuration = withJson(adam, layers.toJson());
    Dl4jNetwork network = Dl4jNetwork.create(configuration, Optional.empty());
    assertThat(FusedUpdate.of(network)).isEmpty();
    try (Dl4jTraining training = Dl4jTraining.create(configuration, Optional.empty())) {
      assertThat(training.update()).isInstanceOf(Dl4jUpdate.class);
    }
  }

  @Test
  void goesOnWithWhatDl4jLeft() {
    NetworkConfiguration configuration = request().create();
    Dl4jNetwork first = Dl4jNetwork.create(configuration, Optional.empty());
    Dl4jNetwork second = Dl4jNetwork.create(configuration, Optional.empty());
    Dl4jUpdate before = new Dl4jUpdate(first);
    for (int step = 0; step < 20; step++) {
      step(first, before, step);
    }
    FusedUpdate after = FusedUpdate.of(second).orElseThrow();
    after.state().put(0, before.state(), 0, before.state().limit());
    parameters(second).put(0, parameters(first), 0, parameters(first).limit());
    for (int step = 20; step < 40; step++) {
      step(first, before, step);
      step(second, after, step);
    }
    assertThat(difference(parameters(second), parameters(first))).isLessThan(1e-6);
  }

  private static NetworkConfiguration withJson(NetworkConfiguration other, String json) {
    return new NetworkConfiguration(
        other.kind(),
        json,
        other.inputs(),
        other.outputs(),
        other.targets(),
        other.layers(),
        other.parameters(),
        other.size(),
        other.start(),
        other.notes());
  }

  private static void assertSame(NetworkConfiguration configuration, int steps) {
    Dl4jNetwork plain = Dl4jNetwork.create(configuration, Optional.empty());
    Dl4jNetwork fused = Dl4jNetwork.create(configuration, Optional.empty());
    Dl4jUpdate expected = new Dl4jUpdate(plain);
    FusedUpdate actual = FusedUpdate.of(fused).orElseThrow();
    float[] start = new float[parameters(plain).limit()];
    parameters(plain).get(0, start);
    for (int step = 0; step < steps; step++) {
      step(plain, expected, step);
      step(fused, actual, step);
    }
    assertThat(difference(parameters(plain), FloatBuffer.wrap(start))).isGreaterThan(1e-3);
    assertThat(difference(parameters(fused), parameters(plain)))
        .as("relative difference of the parameters")
        .isLessThan(1e-6);
    assertThat(difference(actual.state(), expected.state()))
        .as("relative difference of the state")
        .isLessThan(1e-6);
    assertThat(actual.learningRate(steps, 10)).isEqualTo(expected.learningRate(steps, 10));
    assertThat(List.of(fused.iterations(), fused.epochs()))
        .isEqualTo(List.of(plain.iterations(), plain.epochs()));
  }

  /** A gradient as a backward pass might leave it: the same for every network. */
  private static void step(Dl4jNetwork network, Update update, int step) {
    int epoch = step / STEPS_PER_EPOCH;
    Random random = new Random(step);
    FloatBuffer gradient = HostMemory.view(network.gradient());
    update.begin(step, epoch);
    for (int i = 0; i < gradient.limit(); i++) {
      gradient.put(i, EXAMPLES * (float) (0.01 * random.nextGaussian() + 0.01 * Math.sin(i)));
    }
    update.apply(EXAMPLES, step, epoch);
  }

  private static FloatBuffer parameters(Dl4jNetwork network) {
    return HostMemory.view(network.parameters());
  }

  /** Largest difference over the largest number. */
  private static double difference(FloatBuffer actual, FloatBuffer expected) {
    double worst = 0;
    double largest = 1e-30;
    for (int i = 0; i < expected.limit(); i++) {
      worst = Math.max(worst, Math.abs((double) actual.get(i) - expected.get(i)));
      largest = Math.max(largest, Math.abs(expected.get(i)));
    }
    return worst / largest;
  }
}
