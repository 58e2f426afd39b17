package dev.zone.jobs.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.ModelSpec;
import dev.zone.conf.TaskSpec.RegressionLoss;
import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.Requests;
import dev.zone.jobs.update.Examples;
import dev.zone.jobs.update.Examples.Targets;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The engine's gradient is the derivative of the summed loss, weights included. */
class GradientTest {
  private static final ModelSpec SMOOTH =
      new ModelSpec.Mlp(List.of(6, 5), ModelSpec.Activation.TANH, false, 0, 0, 0);

  @Test
  void isTheDerivativeOfTheLossOfAnMlp() {
    assertDerivative(new Requests().model(SMOOTH).create(), Targets.ONE_HOT, false);
    assertDerivative(
        new Requests().model(SMOOTH).task(Requests.binary(), 1).create(), Targets.ZERO_ONE, false);
  }

  @Test
  void countsEachExampleByItsWeight() {
    assertDerivative(new Requests().model(SMOOTH).create(), Targets.ONE_HOT, true);
    assertDerivative(
        new Requests().model(SMOOTH).task(Requests.binary(), 1).create(), Targets.ZERO_ONE, true);
    assertDerivative(
        new Requests().model(SMOOTH).task(Requests.regression(RegressionLoss.MSE), 1).create(),
        Targets.NUMBERS,
        true);
  }

  @Test
  void isTheDerivativeForSeries() {
    Requests series = new Requests().inputs(Requests.input("windows", 3, 7));
    for (boolean weighted : new boolean[] {false, true}) {
      assertDerivative(
          series.model(new ModelSpec.Lstm(List.of(5, 4), List.of(), 0)).create(),
          Targets.ONE_HOT,
          weighted);
      assertDerivative(
          series.model(new ModelSpec.Bilstm(List.of(4, 3), List.of(), 0)).create(),
          Targets.ONE_HOT,
          weighted);
      assertDerivative(
          series.model(Requests.cnn1d(ModelSpec.Joint.FLATTEN, 1)).create(),
          Targets.ONE_HOT,
          weighted);
    }
  }

  @Test
  void isTheDerivativeForImages() {
    ModelSpec smooth =
        new ModelSpec.Cnn(
            List.of(3, 4),
            1,
            3,
            false,
            ModelSpec.Activation.TANH,
            ModelSpec.Pooling.AVERAGE,
            ModelSpec.Joint.AVERAGE,
            List.of(5),
            0,
            0,
            Optional.empty(),
            Optional.empty());
    Requests images = new Requests().inputs(Requests.input("images", 2, 8, 8)).model(smooth);
    assertDerivative(images.create(), Targets.ONE_HOT, false);
    assertDerivative(
        images.task(new dev.zone.conf.TaskSpec.Multilabel(List.of("a", "b")), 2).create(),
        Targets.ZERO_ONE,
        true);
  }

  @Test
  void addsUpOverTheExamplesHoweverTheyAreCut() {
    NetworkConfiguration configuration =
        new Requests().model(SMOOTH).penalties(0, 0.01, 0).create();
    Examples examples = new Examples(configuration, 5, Targets.ONE_HOT, true, 3);
    try (Dl4jEngine engine = engine(configuration)) {
      double score = engine.computeGradient(examples.batch(0, 5), 1);
      double[] whole = doubles(engine.gradient());
      double[] sum = new double[whole.length];
      double scores = 0;
      for (int i = 0; i < 5; i++) {
        scores += engine.computeGradient(examples.batch(i, i + 1), 1);
        double[] one = doubles(engine.gradient());
        for (int j = 0; j < sum.length; j++) {
          sum[j] += one[j];
        }
      }
      assertThat(scores).isCloseTo(score, org.assertj.core.data.Offset.offset(1e-5 * score));
      assertThat(distance(sum, whole)).isLessThan(1e-6);
    }
  }

  @Test
  void leavesInputsAsTheyAreAndRepeatsDropoutFromItsSeed() {
    NetworkConfiguration configuration =
        new Requests()
            .model(new ModelSpec.Mlp(List.of(30), ModelSpec.Activation.RELU, false, 0.5, 0.2, 0))
            .create();
    Batch batch = new Examples(configuration, 8, Targets.ONE_HOT, false, 3).batch(0, 8);
    double[] inputs = doubles(batch.inputs().get(0));
    try (Dl4jEngine engine = engine(configuration)) {
      engine.computeGradient(batch, 5);
      double[] first = doubles(engine.gradient());
      engine.predict(batch, Examples.direct(new float[24], 0, 24));
      engine.computeGradient(batch, 6);
      assertThat(doubles(engine.gradient())).isNotEqualTo(first);
      engine.computeGradient(batch, 5);
      assertThat(doubles(engine.gradient())).isEqualTo(first);
    }
    assertThat(doubles(batch.inputs().get(0))).isEqualTo(inputs);
  }

  @Test
  void seesNewValuesInTheSameBuffersAndNewParameters() {
    NetworkConfiguration configuration = new Requests().model(SMOOTH).create();
    Examples examples = new Examples(configuration, 4, Targets.ONE_HOT, false, 3);
    Batch reused = examples.batch(0, 2);
    try (Dl4jEngine engine = engine(configuration)) {
      FloatBuffer outputs = Examples.direct(new float[6], 0, 6);
      engine.predict(reused, outputs);
      double[] before = doubles(outputs);
      assertThat(before[0] + before[1] + before[2])
          .isCloseTo(1, org.assertj.core.data.Offset.offset(1e-5));
      Batch other = examples.batch(2, 4);
      reused.inputs().get(0).put(0, other.inputs().get(0), 0, 14);
      engine.predict(reused, outputs);
      double[] after = doubles(outputs);
      engine.predict(other, outputs);
      assertThat(after).isEqualTo(doubles(outputs)).isNotEqualTo(before);
      engine.parameters().put(0, new float[engine.parameters().limit()]);
      engine.predict(other, outputs);
      assertThat(doubles(outputs)).containsOnly((double) (1f / 3));
    }
  }

  @Test
  void startsFromTheSeedOnEveryThreadAlike() throws InterruptedException {
    NetworkConfiguration configuration = new Requests().create();
    double[] here;
    try (Dl4jEngine engine = engine(configuration)) {
      here = doubles(engine.parameters());
    }
    double[][] there = new double[1][];
    Thread thread =
        new Thread(
            () -> {
              try (Dl4jEngine engine = engine(configuration)) {
                there[0] = doubles(engine.parameters());
              }
            });
    thread.start();
    thread.join();
    assertThat(there[0]).isEqualTo(here);
    FloatBuffer given = Examples.direct(new float[here.length], 0, here.length);
    try (Dl4jEngine engine =
        new Dl4jEngine(Dl4jNetwork.create(configuration, Optional.of(given)))) {
      assertThat(doubles(engine.parameters())).containsOnly(0);
    }
    FloatBuffer tooFew = Examples.direct(new float[3], 0, 3);
    assertThatThrownBy(() -> Dl4jNetwork.create(configuration, Optional.of(tooFew)))
        .hasMessage("Cannot start from 3 parameters (expected " + here.length + ")");
  }

  @Test
  void refusesBuffersThatItCannotReadInPlace() {
    NetworkConfiguration configuration = new Requests().create();
    Batch batch =
        new Batch(
            2,
            List.of(FloatBuffer.allocate(14)),
            Examples.direct(new float[6], 0, 6),
            Optional.empty());
    try (Dl4jEngine engine = engine(configuration)) {
      assertThatThrownBy(() -> engine.computeGradient(batch, 1))
          .hasMessageStartingWith("Cannot use buffer: java.nio.HeapFloatBuffer")
          .hasMessageEndingWith("(expected a direct one of LITTLE_ENDIAN with 14 values or more)");
    }
  }

  private static Dl4jEngine engine(NetworkConfiguration configuration) {
    return new Dl4jEngine(Dl4jNetwork.create(configuration, Optional.empty()));
  }

  /** Central differences along random directions, in the engine's float arithmetic. */
  static void assertDerivative(NetworkConfiguration configuration, Targets kind, boolean weighted) {
    Batch batch = new Examples(configuration, 5, kind, weighted, 11).batch(0, 5);
    java.util.Random random = new java.util.Random(4);
    try (Dl4jEngine engine = engine(configuration)) {
      FloatBuffer parameters = engine.parameters();
      int n = parameters.limit();
      double[] start = doubles(parameters);
      engine.computeGradient(batch, 9);
      double[] gradient = doubles(engine.gradient());
      double norm = Math.sqrt(java.util.Arrays.stream(gradient).map(g -> g * g).sum());
      for (int trial = 0; trial < 8; trial++) {
        double[] direction = new double[n];
        double length = 0;
        for (int i = 0; i < n; i++) {
          // Half along the gradient, so that the derivative stands out of the rounding.
          direction[i] = random.nextGaussian() / Math.sqrt(n) + gradient[i] / norm;
          length += direction[i] * direction[i];
        }
        double step = 3e-3 / Math.sqrt(length);
        double slope = 0;
        for (int i = 0; i < n; i++) {
          slope += gradient[i] * direction[i];
        }
        double up = scoreAt(engine, batch, start, direction, step);
        double down = scoreAt(engine, batch, start, direction, -step);
        assertThat((up - down) / (2 * step))
            .isCloseTo(slope, org.assertj.core.data.Percentage.withPercentage(0.5));
      }
    }
  }

  private static double scoreAt(
      Dl4jEngine engine, Batch batch, double[] start, double[] direction, double step) {
    for (int i = 0; i < start.length; i++) {
      engine.parameters().put(i, (float) (start[i] + step * direction[i]));
    }
    return engine.computeGradient(batch, 9);
  }

  private static double[] doubles(FloatBuffer values) {
    double[] copy = new double[values.limit()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = values.get(i);
    }
    return copy;
  }

  private static double distance(double[] a, double[] b) {
    double worst = 0;
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs(a[i] - b[i]));
      largest = Math.max(largest, Math.abs(b[i]));
    }
    return worst / largest;
  }
}
