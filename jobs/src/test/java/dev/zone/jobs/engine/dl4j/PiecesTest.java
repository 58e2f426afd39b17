package dev.zone.jobs.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.ModelSpec;
import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.model.Requests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Windows of seven steps in pieces of three: what goes on from one to the next. */
class PiecesTest {
  private static final int STEPS = 7;

  private final Dl4jEngine engine =
      new Dl4jEngine(
          Dl4jNetwork.create(
              new Requests()
                  .inputs(Requests.input("windows", 2, STEPS))
                  .model(new ModelSpec.Lstm(List.of(4, 3), List.of(), 0))
                  .each(STEPS, Optional.of(3))
                  .create(),
              Optional.empty()));

  private final Batch batch = batch(new Random(3), 5);

  @AfterEach
  void close() {
    engine.close();
  }

  private static Batch batch(Random random, int size) {
    FloatBuffer inputs = direct(size * 2 * STEPS);
    for (int i = 0; i < inputs.limit(); i++) {
      inputs.put(i, (float) random.nextGaussian());
    }
    FloatBuffer targets = direct(size * 3 * STEPS);
    for (int i = 0; i < size; i++) {
      for (int t = 0; t < STEPS; t++) {
        targets.put((i * 3 + random.nextInt(3)) * STEPS + t, 1);
      }
    }
    return new Batch(size, List.of(inputs), targets, Optional.empty());
  }

  private static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(floats * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private float[] gradient(Batch of, int piece) {
    engine.computeGradient(of, engine.targets().segment(piece), 1);
    float[] values = new float[engine.gradient().limit()];
    engine.gradient().get(0, values);
    return values;
  }

  @Test
  void beginsAPieceAgainWhereItBegan() {
    float[] first = gradient(batch, 0);
    engine.carryState();
    float[] second = gradient(batch, 1);
    assertThat(Arrays.equals(gradient(batch, 1), second)).isTrue();
    engine.carryState();
    float[] third = gradient(batch, 2);
    assertThat(Arrays.equals(gradient(batch, 2), third)).isTrue();
    assertThat(Arrays.equals(gradient(batch, 0), first)).isTrue();
  }

  @Test
  void handsTheStateOn() {
    gradient(batch, 0);
    float[] without = gradient(batch, 1);
    gradient(batch, 0);
    engine.carryState();
    assertThat(Arrays.equals(gradient(batch, 1), without)).isFalse();
  }

  @Test
  void beginsABatchWithoutTheStateOfTheLast() {
    float[] alone = gradient(batch, 0);
    Batch other = batch(new Random(4), 2);
    for (int piece = 0; piece < engine.targets().segments(); piece++) {
      gradient(other, piece);
      engine.carryState();
    }
    assertThat(Arrays.equals(gradient(batch, 0), alone)).isTrue();
  }

  @Test
  void addsUpThePiecesLosses() {
    double pieces = 0;
    for (int piece = 0; piece < engine.targets().segments(); piece++) {
      pieces += engine.computeGradient(batch, engine.targets().segment(piece), 1);
      engine.carryState();
    }
    double whole = engine.computeGradient(batch, 1);
    assertThat(pieces).isCloseTo(whole, org.assertj.core.data.Offset.offset(1e-4 * whole));
  }
}
