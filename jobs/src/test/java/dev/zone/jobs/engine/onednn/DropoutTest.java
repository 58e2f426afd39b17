package dev.zone.jobs.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.zone.conf.CpuFeatures;
import dev.zone.conf.ModelSpec;
import dev.zone.conf.TrainingSpec.Precision;
import dev.zone.datasets.SeededRandom;
import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.engine.dl4j.Dl4jEngines;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.Requests;
import dev.zone.jobs.update.Examples;
import dev.zone.jobs.update.Examples.Targets;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Dropout draws by the step's seed, keeps what it is to keep, and is derived with its masks. */
class DropoutTest {
  private static final int SIZE = 8;

  private final NetworkConfiguration network =
      new Requests()
          .model(new ModelSpec.Mlp(List.of(40, 30), ModelSpec.Activation.TANH, false, 0.4, 0, 0))
          .create();
  private final OneDnnEngine engine = Chain.engine(network);
  private final Batch batch = new Examples(network, SIZE, Targets.ONE_HOT, false, 5).batch(0, SIZE);

  @Test
  void drawsTheSameInBf16() {
    assumeTrue(CpuFeatures.detect().hasBf16(), "the processor has no AVX512_BF16");
    try (OneDnnEngine rounded = Chain.engine(network, Precision.BF16)) {
      engine.computeGradient(batch, 1);
      rounded.computeGradient(batch, 1);
      assertThat(
              EnginesAgreeTest.distance(
                  EnginesAgreeTest.doubles(engine.gradient()),
                  EnginesAgreeTest.doubles(rounded.gradient())))
          .isBetween(1e-5, 0.02);
    }
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private float[] gradient(long seed) {
    engine.computeGradient(batch, seed);
    float[] gradient = new float[engine.gradient().limit()];
    engine.gradient().get(0, gradient);
    return gradient;
  }

  @Test
  void drawsBySeed() {
    float[] first = gradient(1);
    assertThat(gradient(2)).isNotEqualTo(first);
    assertThat(gradient(1)).isEqualTo(first);
  }

  @Test
  void isDerivedWithItsMasks() {
    float[] gradient = gradient(3);
    FloatBuffer parameters = engine.parameters();
    Random random = new Random(1);
    for (int k = 0; k < 20; k++) {
      int i = random.nextInt(gradient.length);
      float at = parameters.get(i);
      float step = 1e-2f;
      parameters.put(i, at + step);
      double above = engine.computeGradient(batch, 3);
      parameters.put(i, at - step);
      double below = engine.computeGradient(batch, 3);
      parameters.put(i, at);
      assertThat((above - below) / (2 * step)).isCloseTo(gradient[i], within(2e-3));
    }
  }

  @Test
  void changesNothingWhenPredicting() {
    FloatBuffer outputs = Examples.direct(new float[SIZE * 3], 0, SIZE * 3);
    engine.predict(batch, outputs);
    FloatBuffer exact = Examples.direct(new float[SIZE * 3], 0, SIZE * 3);
    try (Engine dl4j = Dl4jEngines.of(network)) {
      dl4j.predict(batch, exact);
    }
    for (int i = 0; i < exact.limit(); i++) {
      assertThat(outputs.get(i)).isCloseTo(exact.get(i), within(1e-5f));
    }
  }

  @Test
  void keepsTheShareAndTheMean() {
    float[] mask = new float[100_001];
    DropoutKernel.draw(0.3, new SeededRandom(42), mask);
    int kept = 0;
    double sum = 0;
    for (float factor : mask) {
      assertThat(factor).isIn(0f, (float) (1 / 0.3));
      kept += factor > 0 ? 1 : 0;
      sum += factor;
    }
    // Three standard deviations of so many draws.
    assertThat(kept / (double) mask.length).isCloseTo(0.3, within(0.0044));
    assertThat(sum / mask.length).isCloseTo(1, within(0.015));
  }
}
