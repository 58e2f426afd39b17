package dev.zone.jobs.model;

import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Optional;

/** Where a training starts: from the seed, or from parameters that came with the model's file. */
public final class StartParameters implements Serializable {
  private static final long serialVersionUID = 1L;

  private final float[] values;

  private StartParameters(float[] values) {
    this.values = values;
  }

  /** The network draws them from the configuration's seed. */
  public static StartParameters fromSeed() {
    return new StartParameters(new float[0]);
  }

  /**
   * @param values float32 [n], in DL4J's order
   */
  static StartParameters of(float[] values) {
    return new StartParameters(values.clone());
  }

  /** Read-only, float32 [n]; empty if the seed decides. */
  public Optional<FloatBuffer> values() {
    return values.length == 0
        ? Optional.empty()
        : Optional.of(FloatBuffer.wrap(values).asReadOnlyBuffer());
  }
}
