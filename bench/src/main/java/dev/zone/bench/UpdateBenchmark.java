package dev.zone.bench;

import dev.zone.bench.contest.Workload;
import dev.zone.conf.JobSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.PreparedManifest;
import dev.zone.jobs.model.ModelFactory;
import dev.zone.jobs.model.ModelRequest;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.update.Dl4jTraining;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The optimizer's step alone, and the memory's speed at as many numbers: {@code a = b + s c} over
 * three vectors (McCalpin's STREAM triad).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class UpdateBenchmark {
  /** Says where the repository is. */
  static final String ROOT = "zone.bench.root";

  private static final int BATCH = 64;

  /** Kind of the updater, as job files name it. */
  @Param("adam")
  String updater;

  /** About so many parameters: of a network of one hidden layer. */
  @Param("1000000")
  int parameters;

  private Dl4jTraining training;
  private int step;
  private float[] a;
  private float[] b;
  private float[] c;

  /** Makes the network and a gradient of noise. */
  @Setup
  public void make() {
    int width = (int) Math.sqrt(parameters);
    JobSpec job =
        CaseData.job(
            Path.of(System.getProperty(ROOT)),
            Workload.MLP,
            List.of(
                "model.hidden=[" + width + "]",
                "training.updater={" + updater + ": {learningRate: 0.001}}"));
    List<String> names = IntStream.range(0, width).mapToObj(i -> "x" + i).toList();
    Problems problems = new Problems();
    Optional<NetworkConfiguration> network =
        ModelFactory.create(
            new ModelRequest(
                job.model(),
                job.task(),
                job.training(),
                List.of(new PreparedManifest.Input("features", List.of(width), names)),
                Workload.MLP.classes(),
                1000,
                Path.of("")),
            problems);
    problems.throwIfAny();
    training = Dl4jTraining.create(network.orElseThrow(), Optional.empty());
    noise();
    int length = training.engine().parameters().capacity();
    a = new float[length];
    b = new float[length];
    c = new float[length];
    Arrays.fill(b, 1);
    Arrays.fill(c, 2);
  }

  private void noise() {
    FloatBuffer gradient = training.engine().gradient();
    Random random = new Random(1);
    for (int i = 0; i < gradient.capacity(); i++) {
      gradient.put(i, (float) random.nextGaussian());
    }
  }

  /** Frees the network. */
  @TearDown
  public void close() {
    training.close();
  }

  /** One step. The gradient it leaves, a change of the parameters, is the next one's. */
  @Benchmark
  public void update() {
    training.update().begin(step, 0);
    training.update().apply(BATCH, step, 0);
    step++;
  }

  /** Reads two numbers and writes one for each parameter. */
  @Benchmark
  public float[] memory() {
    float scale = step;
    for (int i = 0; i < a.length; i++) {
      a[i] = b[i] + scale * c[i];
    }
    return a;
  }
}
