package dev.zone.bench;

import dev.zone.jobs.update.Update;
import java.nio.FloatBuffer;

/** An update that changes nothing. */
final class NoUpdate implements Update {
  private final FloatBuffer state = FloatBuffer.allocate(0);

  @Override
  public void begin(int step, int epoch) {}

  @Override
  public void apply(int examples, int step, int epoch) {}

  @Override
  public double learningRate(int step, int epoch) {
    return 0;
  }

  @Override
  public FloatBuffer state() {
    return state;
  }
}
