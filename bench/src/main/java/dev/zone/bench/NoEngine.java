package dev.zone.bench;

import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.window.Segment;
import dev.zone.jobs.window.StepTargets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/** The empty model: one parameter, which nothing depends on. */
final class NoEngine implements Engine {
  private final FloatBuffer parameters = one();
  private final FloatBuffer gradient = one();
  private final int outputs;

  NoEngine(int outputs) {
    this.outputs = outputs;
  }

  private static FloatBuffer one() {
    return ByteBuffer.allocateDirect(Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @Override
  public String name() {
    return "none";
  }

  @Override
  public FloatBuffer parameters() {
    return parameters;
  }

  @Override
  public FloatBuffer gradient() {
    return gradient;
  }

  @Override
  public double computeGradient(Batch batch, Segment segment, long seed) {
    return 0;
  }

  @Override
  public void carryState() {}

  @Override
  public void computeNothing() {}

  @Override
  public void predict(Batch batch, FloatBuffer into) {}

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public StepTargets targets() {
    return StepTargets.ONE;
  }

  @Override
  public List<String> layers() {
    return List.of("none");
  }

  @Override
  public int layerOf(int parameter) {
    return 0;
  }

  @Override
  public int firstNonFiniteLayer(Batch batch) {
    return -1;
  }

  @Override
  public void close() {}
}
