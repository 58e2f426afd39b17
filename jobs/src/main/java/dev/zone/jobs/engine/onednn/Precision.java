package dev.zone.jobs.engine.onednn;

/** Numbers that steps of training are computed with. */
public enum Precision {
  /** Float32 everywhere. */
  FLOAT32,
  /**
   * Bfloat16 for the factors of products and for values between layers. Sums, parameters and their
   * gradient are float32, and so is all that is computed for predictions.
   */
  BF16
}
