package dev.zone.datasets;

/**
 * Random numbers that are the same on every platform and Java version: SplitMix64 (Steele, Lea,
 * Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). Cheap to seed anew for
 * each example. Not for several threads.
 */
public final class SeededRandom {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;
  private static final double DOUBLE_UNIT = 0x1.0p-53;

  private long state;

  public SeededRandom(long seed) {
    reseed(seed);
  }

  /**
   * One of many that have a seed in common.
   *
   * @param stream gives other numbers than any other one
   */
  public static SeededRandom ofStream(long seed, int stream) {
    return new SeededRandom(seed + stream * GAMMA);
  }

  /** Starts again, as a new one with this seed would. */
  public void reseed(long seed) {
    // Without the mixing, seeds that differ by a multiple of GAMMA would give one another's
    // numbers.
    state = mix(seed);
  }

  /** A seed that depends on all three; neighbouring numbers give unrelated seeds. */
  public static long mix(long seed, long a, long b) {
    return mix(mix(mix(seed) + a * GAMMA) + b * GAMMA);
  }

  /**
   * Stafford's variant 13 of the 64-bit finalizer: a bijection in which each bit moves all others.
   */
  private static long mix(long value) {
    long z = value + GAMMA;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  public long nextLong() {
    long next = mix(state);
    state += GAMMA;
    return next;
  }

  /** From 0 to 1, exclusive; 53 random bits. */
  public double nextDouble() {
    return (nextLong() >>> 11) * DOUBLE_UNIT;
  }

  /** From low to high, exclusive. */
  public double nextDouble(double low, double high) {
    return low + (high - low) * nextDouble();
  }

  /** From 0 to bound, exclusive, without bias beyond 2^-32. */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("Cannot draw below: " + bound + " (expected 1 or more)");
    }
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }

  public boolean nextBoolean() {
    return nextLong() < 0;
  }

  /** Normal with mean 0 and variance 1. */
  public double nextGaussian() {
    return Ziggurat.next(this);
  }

  /** Exponential with mean 1. */
  public double nextExponential() {
    return -StrictMath.log(1 - nextDouble());
  }
}
