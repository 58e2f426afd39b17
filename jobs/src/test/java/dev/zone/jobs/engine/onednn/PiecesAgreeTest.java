package dev.zone.jobs.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.zone.conf.CpuFeatures;
import dev.zone.conf.ModelSpec;
import dev.zone.conf.TrainingSpec.Precision;
import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.engine.dl4j.Dl4jEngines;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.Requests;
import dev.zone.jobs.update.Examples;
import dev.zone.jobs.window.Segment;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Windows of seven steps in pieces of three, three and one: the two engines compute the same. */
class PiecesAgreeTest {
  private static final int STEPS = 7;
  private static final int SIZE = 5;

  private final NetworkConfiguration network =
      new Requests()
          .inputs(Requests.input("windows", 2, STEPS))
          .model(new ModelSpec.Lstm(List.of(4, 3), List.of(), 0))
          .each(STEPS, Optional.of(3))
          .create();

  private final Batch batch = batch(SIZE, false);

  private OneDnnEngine engine() {
    return Chain.engine(network);
  }

  private static Batch batch(int size, boolean masked) {
    Random random = new Random(size);
    float[] inputs = new float[size * 2 * STEPS];
    float[] targets = new float[size * 3 * STEPS];
    float[] weights = new float[size * STEPS];
    float[] mask = new float[size * STEPS];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < size; i++) {
      for (int t = 0; t < STEPS; t++) {
        targets[(i * 3 + random.nextInt(3)) * STEPS + t] = 1;
        weights[i * STEPS + t] = 0.5f + random.nextFloat();
        // The first window is seen whole, the others end in each of the pieces.
        mask[i * STEPS + t] = t < STEPS - 2 * i || t == 0 ? 1 : 0;
      }
    }
    return new Batch(
        size,
        List.of(direct(inputs)),
        direct(targets),
        Optional.of(direct(weights)),
        masked ? Optional.of(direct(mask)) : Optional.empty());
  }

  private static FloatBuffer direct(float[] values) {
    return Examples.direct(values, 0, values.length);
  }

  private static float[] gradient(Engine engine, Batch of, int piece) {
    engine.computeGradient(of, engine.targets().segment(piece), 1);
    float[] values = new float[engine.gradient().limit()];
    engine.gradient().get(0, values);
    return values;
  }

  private void assertAgree(Batch of) {
    try (OneDnnEngine engine = engine();
        Engine dl4j = Dl4jEngines.of(network)) {
      for (int piece = 0; piece < engine.targets().segments(); piece++) {
        Segment segment = engine.targets().segment(piece);
        double loss = dl4j.computeGradient(of, segment, 1);
        assertThat(engine.computeGradient(of, segment, 1)).isCloseTo(loss, within(1e-4));
        assertThat(gradient(engine, of, piece))
            .as("piece " + piece)
            .containsExactly(gradient(dl4j, of, piece), within(2e-5f));
        engine.carryState();
        dl4j.carryState();
      }
    }
  }

  @Test
  void onPiecesOfWholeWindows() {
    assertAgree(batch);
  }

  @Test
  void onPiecesOfWindowsThatEndEarly() {
    assertAgree(batch(4, true));
  }

  @Test
  void inBf16ButForRoundings() {
    assumeTrue(CpuFeatures.detect().hasBf16(), "the processor has no AVX512_BF16");
    for (Batch each : List.of(batch, batch(4, true))) {
      try (OneDnnEngine exact = engine();
          OneDnnEngine rounded = Chain.engine(network, Precision.BF16)) {
        for (int piece = 0; piece < exact.targets().segments(); piece++) {
          float[] wanted = gradient(exact, each, piece);
          float[] found = gradient(rounded, each, piece);
          assertThat(EnginesAgreeTest.distance(doubles(wanted), doubles(found)))
              .as("piece " + piece)
              .isBetween(1e-5, 0.02);
          exact.carryState();
          rounded.carryState();
        }
      }
    }
  }

  private static double[] doubles(float[] values) {
    return EnginesAgreeTest.doubles(FloatBuffer.wrap(values));
  }

  @Test
  void beginAPieceAgainWhereItBegan() {
    try (OneDnnEngine engine = engine()) {
      float[] first = gradient(engine, batch, 0);
      engine.carryState();
      float[] second = gradient(engine, batch, 1);
      assertThat(gradient(engine, batch, 1)).isEqualTo(second);
      engine.carryState();
      float[] third = gradient(engine, batch, 2);
      assertThat(gradient(engine, batch, 2)).isEqualTo(third);
      assertThat(gradient(engine, batch, 0)).isEqualTo(first);
    }
  }

  @Test
  void beginABatchWithoutTheStateOfTheLast() {
    try (OneDnnEngine engine = engine()) {
      float[] alone = gradient(engine, batch, 0);
      Batch other = batch(2, false);
      for (int piece = 0; piece < engine.targets().segments(); piece++) {
        gradient(engine, other, piece);
        engine.carryState();
      }
      assertThat(gradient(engine, batch, 0)).isEqualTo(alone);
    }
  }

  @Test
  void beginAPieceWithoutStateIfTheFirstOfItsBatchWasSkipped() {
    try (OneDnnEngine engine = engine()) {
      gradient(engine, batch, 0);
      float[] without = gradient(engine, batch, 1);
      Batch other = batch(7, false);
      gradient(engine, other, 0);
      engine.carryState();
      gradient(engine, other, 1);
      engine.carryState();
      gradient(engine, batch, 0);
      assertThat(gradient(engine, batch, 1)).isEqualTo(without);
    }
  }
}
