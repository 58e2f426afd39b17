package dev.zone.jobs.training;

import java.nio.FloatBuffer;

/**
 * An exponential moving average of the parameters (Polyak averaging with forgetting). The first
 * steps forget faster, by {@code min(decay, (1 + step) / (10 + step))}, so that the start does not
 * linger.
 */
final class MovingAverage {
  private final double decay;
  private final FloatBuffer parameters;
  private final float[] average;
  private final float[] current;

  MovingAverage(double decay, FloatBuffer parameters) {
    this.decay = decay;
    this.parameters = parameters;
    this.average = new float[parameters.capacity()];
    this.current = new float[parameters.capacity()];
    parameters.get(0, average);
  }

  /**
   * @param step optimizer steps done before this one
   */
  void update(int step) {
    float keep = (float) Math.min(decay, (1.0 + step) / (10.0 + step));
    for (int i = 0; i < average.length; i++) {
      average[i] += (1 - keep) * (parameters.get(i) - average[i]);
    }
  }

  /** Puts the average where the parameters are, until {@link #swapOut}. */
  void swapIn() {
    parameters.get(0, current);
    parameters.put(0, average);
  }

  void swapOut() {
    parameters.put(0, current);
  }

  float[] values() {
    return average;
  }
}
