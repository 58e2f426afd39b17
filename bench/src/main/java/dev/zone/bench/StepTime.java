package dev.zone.bench;

import dev.zone.bench.contest.Workload;
import dev.zone.conf.CpuFeatures;
import dev.zone.conf.TrainingSpec.Precision;
import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.collective.SharedMemoryGroup;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.engine.dl4j.GraphImport;
import dev.zone.jobs.engine.graph.Graph;
import dev.zone.jobs.engine.graph.Node;
import dev.zone.jobs.engine.graph.Operation;
import dev.zone.jobs.engine.graph.Shape;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.training.RankTraining;
import dev.zone.jobs.training.TrainingListener;
import dev.zone.jobs.update.Dl4jTraining;
import dev.zone.jobs.update.EngineChoice;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;

/**
 * What a step of training is made of: how much of it the engine does not compute, and how many
 * useful operations a second a worker does in it, against what the library's product of matrices
 * does on as many cores at once. In the loop of training, over prepared examples.
 */
public final class StepTime {
  private static final long SECONDS = 6;

  /** Rows and columns of the product's matrices. */
  private static final int SIDE = 1024;

  private static final int PRODUCTS = 20;

  private StepTime() {}

  /** What rank 0 did in the second half of a training. */
  private record Took(double steps, double seconds, double engineSeconds) {}

  /**
   * @param arguments the repository, and how many rounds
   */
  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.ofWorker(arguments, SECONDS);
    Table table =
        new Table(
            "examples",
            "workers",
            "numbers",
            "ms a step",
            "outside the engine, %",
            "GFLOP/s a worker",
            "of a float32 product of matrices, %");
    for (Workload workload : Workload.values()) {
      for (int workers = 1; workers <= 2; workers++) {
        row(table, settings, workload, workers, Precision.FLOAT32);
        if (CpuFeatures.detect().hasBf16()) {
          row(table, settings, workload, workers, Precision.BF16);
        }
      }
    }
    System.out.print(table);
  }

  private static void row(
      Table table, Settings settings, Workload workload, int workers, Precision precision)
      throws Exception {
    CaseData prepared =
        CaseData.of(
            settings,
            workload,
            List.of("training.epochs=100000", "training.batchSize=" + workers * workload.batch()));
    NetworkConfiguration network = prepared.network(settings.root());
    double operations = operations(network) * workload.batch();
    List<Double> millis = new ArrayList<>();
    List<Double> outside = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    List<Double> shares = new ArrayList<>();
    for (int round = 0; round < settings.rounds(); round++) {
      double product = product(workers);
      Took took = train(prepared, network, workers, precision);
      double rate = operations * took.steps / took.seconds;
      millis.add(1000 * took.seconds / took.steps);
      outside.add(100 * (1 - took.engineSeconds / took.seconds));
      rates.add(rate / 1e9);
      shares.add(100 * rate / product);
    }
    table.row(
        workload.title(),
        Integer.toString(workers),
        precision == Precision.BF16 ? "bf16" : "float32",
        Spread.of(millis).text("%.2f"),
        Spread.of(outside).text("%.1f"),
        Spread.of(rates).text("%.0f"),
        Spread.of(shares).text("%.0f"));
  }

  /** Multiplications and additions that an example's gradient needs. */
  private static double operations(NetworkConfiguration network) {
    Graph graph = GraphImport.of(network).graph().orElseThrow();
    boolean[] driven = graph.driven();
    double sum = 0;
    for (Node node : graph.nodes()) {
      if (!node.inputs().isEmpty()) {
        Shape before = graph.nodes().get(node.inputs().get(0)).shape();
        // Once for the values, once for the weights' gradient, once for that of what comes before.
        int passes = driven[node.inputs().get(0)] ? 3 : 2;
        sum += 2 * passes * products(node, before);
      }
    }
    return sum;
  }

  private static double products(Node node, Shape before) {
    if (node.operation() instanceof Operation.Dense dense) {
      return (double) dense.outputs() * before.elements();
    }
    if (node.operation() instanceof Operation.Convolution convolution) {
      int kernel = convolution.window().kernel().stream().reduce(1, Math::multiplyExact);
      return (double) node.shape().elements() * before.axis(0) * kernel;
    }
    if (node.operation() instanceof Operation.Lstm lstm) {
      return 4.0 * lstm.units() * (before.axis(0) + lstm.units()) * before.axis(1);
    }
    return 0;
  }

  /** Operations a second of a product of matrices, on each of so many cores at once. */
  private static double product(int cores) throws Exception {
    List<FloatPointer> matrices = new ArrayList<>();
    for (int i = 0; i < 3 * cores; i++) {
      FloatPointer matrix = new FloatPointer((long) SIDE * SIDE);
      for (long k = 0; k < (long) SIDE * SIDE; k++) {
        matrix.put(k, (k % 7) - 3f);
      }
      matrices.add(matrix);
    }
    try (Team team = new Team(cores)) {
      double nanos =
          team.medianNanos(
              PRODUCTS,
              rank ->
                  dnnl.dnnl_sgemm(
                      (byte) 'N',
                      (byte) 'N',
                      SIDE,
                      SIDE,
                      SIDE,
                      1,
                      matrices.get(3 * rank),
                      SIDE,
                      matrices.get(3 * rank + 1),
                      SIDE,
                      0,
                      matrices.get(3 * rank + 2),
                      SIDE));
      return 2.0 * SIDE * SIDE * SIDE / nanos * 1e9;
    } finally {
      matrices.forEach(FloatPointer::close);
    }
  }

  private static Took train(
      CaseData prepared, NetworkConfiguration network, int workers, Precision precision)
      throws Exception {
    long began = System.nanoTime();
    long half = began + Duration.ofSeconds(SECONDS).toNanos() / 2;
    long end = began + Duration.ofSeconds(SECONDS).toNanos();
    AtomicLong inEngine = new AtomicLong();
    Counting counting = new Counting(half, inEngine);
    SharedMemoryGroup group = new SharedMemoryGroup(workers, Duration.ofMinutes(1));
    try (Team team = new Team(workers)) {
      team.each(
          rank -> {
            try (Collective collective = group.join(rank);
                Dl4jTraining made =
                    Dl4jTraining.create(
                        network,
                        Optional.empty(),
                        Optional.empty(),
                        new Dl4jTraining.How(EngineChoice.Engine.ONEDNN, precision))) {
              RankTraining.Surroundings surroundings =
                  new RankTraining.Surroundings(
                      List.of(), Optional.empty(), counting, () -> System.nanoTime() >= end);
              Engine engine = rank == 0 ? timed(made.engine(), inEngine) : made.engine();
              new RankTraining(prepared.training(), collective, engine, made.update(), surroundings)
                  .run();
            }
          });
    }
    return counting.took();
  }

  /** The same engine, with the time it computes gradients added up. */
  private static Engine timed(Engine engine, AtomicLong nanos) {
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, arguments) -> {
              boolean counts = method.getName().equals("computeGradient");
              long from = counts ? System.nanoTime() : 0;
              try {
                return method.invoke(engine, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                if (counts) {
                  nanos.addAndGet(System.nanoTime() - from);
                }
              }
            });
  }

  /** Steps after a moment, and what had passed with the first and the last of them. */
  private static final class Counting implements TrainingListener {
    private final long from;
    private final AtomicLong inEngine;
    private final AtomicInteger steps = new AtomicInteger(-1);
    private long first;
    private long firstInEngine;
    private long last;
    private long lastInEngine;

    Counting(long from, AtomicLong inEngine) {
      this.from = from;
      this.inEngine = inEngine;
    }

    @Override
    public void step(int fold, int epoch, int step, double loss, double perSecond, double seconds) {
      long now = System.nanoTime();
      if (now < from) {
        return;
      }
      if (steps.incrementAndGet() == 0) {
        first = now;
        firstInEngine = inEngine.get();
      }
      last = now;
      lastInEngine = inEngine.get();
    }

    Took took() {
      return new Took(steps.get(), (last - first) / 1e9, (lastInEngine - firstInEngine) / 1e9);
    }
  }
}
