package dev.zone.jobs.engine.onednn;

/** Distances from one place along an axis to the next, of values without gaps. */
final class Strides {
  private Strides() {}

  /** In row-major order. */
  static long[] rowMajor(long... sizes) {
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= sizes[i];
    }
    return strides;
  }

  /** With the axes in the opposite order: the first varies fastest. */
  static long[] reversed(long... sizes) {
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int i = 0; i < sizes.length; i++) {
      strides[i] = stride;
      stride *= sizes[i];
    }
    return strides;
  }

  /** Of [batch, channels, …] with the channels as the last axis, in row-major order. */
  static long[] channelsLast(long... sizes) {
    long[] strides = new long[sizes.length];
    long stride = sizes[1];
    for (int i = sizes.length - 1; i > 1; i--) {
      strides[i] = stride;
      stride *= sizes[i];
    }
    strides[1] = 1;
    strides[0] = stride;
    return strides;
  }
}
