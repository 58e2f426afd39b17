package dev.zone.bench;

import dev.zone.bench.contest.Workload;
import dev.zone.conf.JobSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.PreparedManifest;
import dev.zone.jobs.model.ModelFactory;
import dev.zone.jobs.model.ModelRequest;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.update.Dl4jTraining;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The optimizer's step alone. */
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
  private float[] noise;
  private int step;

  /** Makes the network. */
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
    noise = new float[training.engine().gradient().capacity()];
    Random random = new Random(1);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) random.nextGaussian();
    }
  }

  /**
   * Before each step, whose time does not count it: an update may leave its change in the
   * gradient's place, and what shrinks from step to step ends in denormal numbers, which are slow.
   */
  @Setup(Level.Invocation)
  public void fillGradient() {
    training.engine().gradient().put(0, noise);
  }

  /** Frees the network. */
  @TearDown
  public void close() {
    training.close();
  }

  /** One step. */
  @Benchmark
  public void update() {
    training.update().begin(step, 0);
    training.update().apply(BATCH, step, 0);
    step++;
  }
}
