package dev.zone.bench;

import dev.zone.conf.CpuFeatures;
import dev.zone.conf.JobSpec;
import dev.zone.conf.MetricName;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TaskSpec;
import dev.zone.conf.TrainingSpec.Precision;
import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.collective.SharedMemoryGroup;
import dev.zone.jobs.evaluation.Evaluator;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.training.Augmenter;
import dev.zone.jobs.training.RankTraining;
import dev.zone.jobs.training.TrainingListener;
import dev.zone.jobs.training.TrainingResult;
import dev.zone.jobs.update.Dl4jTraining;
import dev.zone.jobs.update.EngineChoice.Engine;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Whether the engines learn the same: each shipped job for about 200 steps by one worker, with
 * several seeds. The losses of the steps are compared without dropout, whose masks are others, and
 * so are those of one engine that begins with parameters rounded to their neighbours: what training
 * makes of a rounding anyhow. The metric at the end is of the job as it is.
 */
public final class Curves {
  private static final int STEPS = 200;
  private static final double CLOSE = 1e-3;

  private final Settings settings;
  private final Path file;
  private final ExecutorService threads;
  private final List<Double> apart = new ArrayList<>();
  private final List<Double> rounded = new ArrayList<>();
  private final Map<Way, List<Double>> metrics = new EnumMap<>(Way.class);

  /** How a job is computed. */
  private enum Way {
    DL4J(Dl4jTraining.How.DL4J),
    /** From parameters each of which is rounded to a neighbour. */
    ROUNDED(Dl4jTraining.How.DL4J),
    COMPILED(Dl4jTraining.How.of(Engine.ONEDNN)),
    BF16(new Dl4jTraining.How(Engine.ONEDNN, Precision.BF16));

    private final Dl4jTraining.How how;

    Way(Dl4jTraining.How how) {
      this.how = how;
    }
  }

  /** What a training came to: the losses of its first steps, and the metric at its end. */
  private record Learned(List<Double> losses, double metric) {}

  private Curves(Settings settings, Path file, ExecutorService threads) {
    this.settings = settings;
    this.file = file;
    this.threads = threads;
  }

  /**
   * @param arguments the repository, how many seeds, and the folder of real data if there is one
   */
  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.ofWorker(arguments, 0);
    Table table =
        new Table(
            "job",
            "steps",
            "losses of the engines apart, %",
            "of dl4j after one rounding, %",
            "steps within 0.1 %",
            "metric",
            "dl4j",
            "onednn",
            "onednn, bf16");
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (Path file : files(settings.root())) {
        new Curves(settings, file, threads).measure(table);
      }
    } finally {
      threads.shutdownNow();
    }
    System.out.print(table);
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> all = Files.list(root.resolve("jobs"))) {
      List<Path> files = new ArrayList<>();
      for (Path domain : all.filter(Files::isDirectory).sorted().toList()) {
        try (Stream<Path> own = Files.list(domain)) {
          own.filter(file -> file.toString().endsWith(".yaml")).sorted().forEach(files::add);
        }
      }
      return files;
    }
  }

  private void measure(Table table) throws Exception {
    Optional<CaseData> once = CaseData.shipped(settings, file, values(1, 1, false));
    if (once.isEmpty()) {
      System.err.println("left out, without its data: " + file.getFileName());
      return;
    }
    int perEpoch =
        once.get().training().batchesPerEpoch()
            * once.get().network(settings.root()).targets().segments();
    int epochs = Math.max(1, Math.round((float) STEPS / perEpoch));
    for (int seed = 1; seed <= settings.rounds(); seed++) {
      measure(epochs, seed);
      System.err.printf("%s, seed %d: %s%n", once.get().job().name(), seed, metrics);
    }
    double close = apart.stream().filter(one -> one < CLOSE).count();
    table.row(
        once.get().job().name(),
        Integer.toString(apart.size() / settings.rounds()),
        percent(apart),
        percent(rounded),
        Spread.number("%.0f %%", 100 * close / apart.size()),
        metric(once.get().job()).toString().toLowerCase(Locale.ROOT),
        text(Way.DL4J),
        text(Way.COMPILED),
        text(Way.BF16));
  }

  private static String percent(List<Double> shares) {
    return Spread.of(shares.stream().map(one -> 100 * one).toList()).text("%.4f");
  }

  private String text(Way way) {
    return metrics.containsKey(way) ? Spread.of(metrics.get(way)).text("%.4f") : "";
  }

  private void measure(int epochs, int seed) throws Exception {
    CaseData own = CaseData.shipped(settings, file, values(epochs, seed, false)).orElseThrow();
    boolean draws = Files.readString(file).contains("dropout:");
    CaseData plain =
        draws ? CaseData.shipped(settings, file, values(epochs, seed, true)).orElseThrow() : own;
    Map<Way, Learned> curves = learn(plain, List.of(Way.DL4J, Way.COMPILED, Way.ROUNDED));
    compare(curves.get(Way.DL4J), curves.get(Way.COMPILED), apart);
    compare(curves.get(Way.DL4J), curves.get(Way.ROUNDED), rounded);
    Map<Way, Learned> ends =
        new EnumMap<>(draws ? learn(own, List.of(Way.DL4J, Way.COMPILED)) : curves);
    ends.remove(Way.ROUNDED);
    if (CpuFeatures.detect().hasBf16()) {
      ends.putAll(learn(own, List.of(Way.BF16)));
    }
    ends.forEach(
        (way, end) -> metrics.computeIfAbsent(way, none -> new ArrayList<>()).add(end.metric()));
  }

  private static void compare(Learned one, Learned other, List<Double> shares) {
    int steps = Math.min(one.losses().size(), other.losses().size());
    for (int step = 0; step < steps; step++) {
      double loss = one.losses().get(step);
      shares.add(Math.abs(other.losses().get(step) - loss) / Math.abs(loss));
    }
  }

  private static List<String> values(int epochs, int seed, boolean plain) {
    List<String> values =
        new ArrayList<>(
            List.of(
                "training.epochs=" + epochs,
                "training.seed=" + seed,
                "training.schedule=constant",
                "training.averaging=0",
                "training.export=last"));
    if (plain) {
      values.add("model.dropout=0");
    }
    return values;
  }

  private Map<Way, Learned> learn(CaseData data, List<Way> ways) throws Exception {
    NetworkConfiguration network = data.network(settings.root());
    Map<Way, Future<Learned>> all = new EnumMap<>(Way.class);
    for (Way way : ways) {
      all.put(way, threads.submit(() -> learn(data, network, way)));
    }
    Map<Way, Learned> learned = new EnumMap<>(Way.class);
    for (Way way : ways) {
      learned.put(way, all.get(way).get());
    }
    return learned;
  }

  private static Learned learn(CaseData data, NetworkConfiguration network, Way way)
      throws Exception {
    List<Double> losses = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void step(
              int fold, int epoch, int step, double loss, double perSecond, double seconds) {
            if (losses.size() < STEPS) {
              losses.add(loss);
            }
          }
        };
    try (Collective alone = new SharedMemoryGroup(1, Duration.ofMinutes(1)).join(0);
        Dl4jTraining made =
            Dl4jTraining.create(network, Optional.empty(), Optional.empty(), way.how)) {
      if (way == Way.ROUNDED) {
        round(made.engine().parameters(), data.job().training().seed());
      }
      RankTraining.Surroundings surroundings =
          new RankTraining.Surroundings(
              Augmenter.of(data.job().augmentation(), data.training().inputs()),
              Optional.empty(),
              listener,
              () -> false);
      TrainingResult result =
          new RankTraining(data.training(), alone, made.engine(), made.update(), surroundings)
              .run();
      return new Learned(losses, metric(data, result));
    }
  }

  private static void round(FloatBuffer parameters, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < parameters.limit(); i++) {
      float value = parameters.get(i);
      parameters.put(i, random.nextBoolean() ? Math.nextUp(value) : Math.nextDown(value));
    }
  }

  private static MetricName metric(JobSpec job) {
    return job.evaluation().metrics().get(0);
  }

  private static double metric(CaseData data, TrainingResult result) {
    TaskSpec task = data.job().task();
    return Evaluator.evaluate(
            task,
            data.data().manifest().classes(),
            result.predictions().get(Split.TEST),
            task instanceof TaskSpec.Binary ? OptionalDouble.of(0.5) : OptionalDouble.empty(),
            result.losses().get(Split.TEST))
        .metric(metric(data.job()))
        .orElse(Double.NaN);
  }
}
