package dev.zone.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The memory's speed at as many numbers as a model has: {@code a = b + s c} over three vectors
 * (McCalpin's STREAM triad), by one thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class MemoryBenchmark {
  /** Numbers of a vector. */
  @Param("1000000")
  int parameters;

  private float scale = 3;
  private float[] a;
  private float[] b;
  private float[] c;

  /** Makes the vectors. */
  @Setup
  public void make() {
    a = new float[parameters];
    b = new float[parameters];
    c = new float[parameters];
    Arrays.fill(b, 1);
    Arrays.fill(c, 2);
  }

  /** Reads two numbers and writes one for each parameter. */
  @Benchmark
  public float[] triad() {
    for (int i = 0; i < a.length; i++) {
      a[i] = b[i] + scale * c[i];
    }
    // Not a constant that the compiler could move out of the loops.
    scale = -scale;
    return a;
  }
}
