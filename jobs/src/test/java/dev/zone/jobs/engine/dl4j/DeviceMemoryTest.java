package dev.zone.jobs.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.ModelSpec;
import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.Requests;
import dev.zone.jobs.window.Segment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An engine whose arrays are copies, as a device with its own memory needs them. */
class DeviceMemoryTest {
  private static final int STEPS = 7;

  private static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(floats * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static FloatBuffer random(Random random, int floats) {
    FloatBuffer buffer = direct(floats);
    for (int i = 0; i < floats; i++) {
      buffer.put(i, (float) random.nextGaussian());
    }
    return buffer;
  }

  /** The same buffers, filled anew, as a training's are. */
  private static void refill(Batch batch, Random random) {
    for (FloatBuffer input : batch.inputs()) {
      input.put(0, random(random, input.limit()), 0, input.limit());
    }
  }

  private static void agree(NetworkConfiguration configuration, Batch batch, int outputs) {
    try (Dl4jEngine shared = engine(configuration, true);
        Dl4jEngine copied = engine(configuration, false)) {
      Random random = new Random(5);
      for (int step = 0; step < 3; step++) {
        refill(batch, random);
        for (Segment piece : pieces(shared)) {
          double loss = shared.computeGradient(batch, piece, step);
          assertThat(copied.computeGradient(batch, piece, step)).isEqualTo(loss);
          assertThat(copied.gradient()).isEqualTo(shared.gradient());
          shared.carryState();
          copied.carryState();
        }
        FloatBuffer here = direct(outputs);
        FloatBuffer there = direct(outputs);
        shared.predict(batch, here);
        copied.predict(batch, there);
        assertThat(there).isEqualTo(here);
        assertThat(here.get(0)).isNotZero();
        for (int i = 0; i < shared.parameters().limit(); i++) {
          float next = shared.parameters().get(i) - 0.1f * shared.gradient().get(i);
          shared.parameters().put(i, next);
          copied.parameters().put(i, next);
        }
      }
    }
  }

  private static List<Segment> pieces(Dl4jEngine engine) {
    int count = engine.targets().segments();
    return java.util.stream.IntStream.range(0, count).mapToObj(engine.targets()::segment).toList();
  }

  private static Dl4jEngine engine(NetworkConfiguration configuration, boolean shared) {
    return new Dl4jEngine(
        Dl4jNetwork.create(configuration, Optional.empty()), new BufferArrays(shared));
  }

  @Test
  void computesTheSameForNumbers() {
    FloatBuffer targets = direct(4 * 3);
    for (int i = 0; i < 4; i++) {
      targets.put(i * 3 + i % 3, 1);
    }
    Batch batch =
        new Batch(
            4,
            List.of(random(new Random(1), 4 * 6)),
            targets,
            Optional.of(random(new Random(2), 4)));
    agree(new Requests().inputs(Requests.input("numbers", 6)).create(), batch, 4 * 3);
  }

  @Test
  void computesTheSameForWindowsInPieces() {
    FloatBuffer targets = direct(5 * 3 * STEPS);
    Random random = new Random(3);
    for (int i = 0; i < 5; i++) {
      for (int t = 0; t < STEPS; t++) {
        targets.put((i * 3 + random.nextInt(3)) * STEPS + t, 1);
      }
    }
    Batch batch = new Batch(5, List.of(random(random, 5 * 2 * STEPS)), targets, Optional.empty());
    agree(
        new Requests()
            .inputs(Requests.input("windows", 2, STEPS))
            .model(new ModelSpec.Lstm(List.of(4, 3), List.of(), 0))
            .each(STEPS, Optional.of(3))
            .create(),
        batch,
        5 * 3 * STEPS);
  }
}
