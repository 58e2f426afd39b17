package dev.zone.datasets.transform;

import com.google.gson.JsonObject;

/** One fitted transform. Immutable and without own buffers, so safe for several threads. */
sealed interface Step
    permits Affine,
        Clamp,
        Encode,
        Fill,
        Hinges,
        Indicate,
        Keep,
        Logarithm,
        NormaliseEach,
        Resample {
  /** The name in job files and in JSON. */
  String name();

  Shape out();

  /**
   * @param in one example of the shape the step was made for, unchanged
   * @param out receives {@link #out()} values; another array
   */
  void apply(float[] in, float[] out);

  /** Adds what was learned. */
  void write(JsonObject json);
}
