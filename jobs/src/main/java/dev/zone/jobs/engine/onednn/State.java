package dev.zone.jobs.engine.onednn;

import java.nio.FloatBuffer;

/**
 * What a recurrent node of a plan for pieces of windows begins with and what it leaves, each
 * [batch, units].
 *
 * @param first its values before the first step
 * @param firstCells the state of its cells there
 * @param last its values at the last step
 * @param lastCells the state of its cells there
 */
record State(Tensor first, Tensor firstCells, Tensor last, Tensor lastCells) {

  /** What a piece leaves, outside a plan. */
  record Carried(float[] values, float[] cells) {}

  /** Begins without a state. */
  void clear() {
    fill(first, new float[size()]);
    fill(firstCells, new float[size()]);
  }

  /** Begins with what another piece left. */
  void begin(Carried carried) {
    fill(first, carried.values);
    fill(firstCells, carried.cells);
  }

  /** A copy of what it left. */
  Carried left() {
    return new Carried(values(last), values(lastCells));
  }

  private int size() {
    return Floats.of(first).capacity();
  }

  private static void fill(Tensor tensor, float[] values) {
    Floats.of(tensor).put(0, values);
  }

  private static float[] values(Tensor tensor) {
    FloatBuffer buffer = Floats.of(tensor);
    float[] values = new float[buffer.capacity()];
    buffer.get(0, values);
    return values;
  }
}
