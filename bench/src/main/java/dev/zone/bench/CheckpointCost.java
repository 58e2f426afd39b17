package dev.zone.bench;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.JobSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.TrainingSpec.CheckpointSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Setting;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.datasets.prepare.Portion;
import dev.zone.datasets.prepare.PreparationRequest;
import dev.zone.datasets.prepare.PreparedData;
import dev.zone.datasets.prepare.Preparer;
import dev.zone.datasets.storage.Storage;
import dev.zone.jobs.checkpoint.Checkpoint;
import dev.zone.jobs.checkpoint.Checkpoints;
import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.collective.SharedMemoryGroup;
import dev.zone.jobs.model.ModelFactory;
import dev.zone.jobs.model.ModelRequest;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.training.Job;
import dev.zone.jobs.training.RankTraining;
import dev.zone.jobs.training.TrainingListener;
import dev.zone.jobs.update.Dl4jTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * What a checkpoint every 30 seconds costs: the same training (a CNN on generated wafer maps, two
 * ranks) for the same number of steps with and without, in turns.
 */
public final class CheckpointCost {
  private static final int RANKS = 2;
  private static final double BLOCK_SECONDS = 62;
  private static final double EVERY_MINUTES = 0.5;
  private static final int WARM_UP_STEPS = 600;

  private final JobSpec job;
  private final PreparedData data;
  private final NetworkConfiguration network;
  private final Path folder;

  private CheckpointCost(JobSpec job, PreparedData data, Path folder) {
    this.job = job;
    this.data = data;
    this.folder = folder;
    Problems problems = new Problems();
    Optional<NetworkConfiguration> made =
        ModelFactory.create(
            new ModelRequest(
                job.model(),
                job.task(),
                job.training(),
                data.manifest().inputs(),
                data.manifest().classes().size(),
                Job.batchesPerEpoch(
                    data.manifest().counts().get(Split.TRAIN), job.training().batchSize()),
                folder),
            problems);
    problems.throwIfAny();
    this.network = made.orElseThrow();
  }

  /**
   * @param arguments the repository's root, and how many minutes it may take (8)
   */
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    double minutes = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 8;
    Path folder = Files.createTempDirectory("zone-bench");
    try {
      prepare(root, folder).measure(minutes);
    } finally {
      delete(folder);
    }
  }

  private static CheckpointCost prepare(Path root, Path folder) {
    Problems problems = new Problems();
    List<Setting> settings = new ArrayList<>();
    for (String setting :
        List.of(
            "training.epochs=100000",
            "training.averaging=0.998",
            "model.filters=[32, 64, 64]",
            "model.dense=[256]")) {
      Setting.parse(setting, problems).ifPresent(settings::add);
    }
    JobSpec job =
        YamlBinder.read(root.resolve("jobs/chip/demo.yaml"), JobSpec.class, settings, problems)
            .orElseThrow()
            .value();
    DatasetSpec dataset =
        YamlBinder.read(
                root.resolve("datasets/chip/demo.yaml"), DatasetSpec.class, List.of(), problems)
            .orElseThrow()
            .value();
    PreparedData data =
        new Preparer()
            .prepare(
                new PreparationRequest(
                    job,
                    dataset,
                    Optional.empty(),
                    folder.resolve("cache"),
                    new Portion.Declared(),
                    Optional.empty()),
                problems)
            .orElseThrow();
    problems.throwIfAny();
    return new CheckpointCost(job, data, folder);
  }

  private void measure(double minutes) throws Exception {
    double warm = train(WARM_UP_STEPS, false).seconds();
    int steps = (int) Math.ceil(WARM_UP_STEPS / warm * BLOCK_SECONDS);
    int pairs = Math.max(1, (int) (minutes * 60 / (2 * BLOCK_SECONDS)));
    System.out.printf(
        Locale.ROOT,
        "%d parameters, %d steps a block, %d pairs of blocks%n",
        network.parameters(),
        steps,
        pairs);
    double without = 0;
    double with = 0;
    for (int pair = 0; pair < pairs; pair++) {
      // The order changes, so that neither always has the warmer or the busier machine.
      boolean first = pair % 2 == 0;
      Block one = train(steps, first);
      Block two = train(steps, !first);
      Block saved = first ? one : two;
      Block plain = first ? two : one;
      with += saved.seconds();
      without += plain.seconds();
      System.out.printf(
          Locale.ROOT,
          "pair %d: without %.2f s, with %d checkpoints %.2f s, ratio %.4f%n",
          pair + 1,
          plain.seconds(),
          saved.checkpoints(),
          saved.seconds(),
          saved.seconds() / plain.seconds());
    }
    System.out.printf(
        Locale.ROOT,
        "all: without %.2f s, with a checkpoint every 30 s %.2f s, ratio %.4f%n",
        without,
        with,
        with / without);
  }

  private record Block(double seconds, int checkpoints) {}

  private Block train(int steps, boolean saved) throws Exception {
    Path checkpoints = Files.createTempDirectory(folder, "checkpoints");
    AtomicInteger written = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void step(
              int fold, int epoch, int step, double loss, double perSecond, double seconds) {
            done.set(step);
          }

          @Override
          public void checkpoint(int fold, int epoch, int step) {
            written.incrementAndGet();
          }
        };
    CheckpointSpec spec =
        new CheckpointSpec(Optional.empty(), Optional.of(EVERY_MINUTES), 2, Optional.empty());
    TrainingSpec training = job.training().withCheckpoint(spec);
    SharedMemoryGroup group = new SharedMemoryGroup(RANKS, Duration.ofSeconds(60));
    ExecutorService threads = Executors.newFixedThreadPool(RANKS);
    try {
      List<Future<Double>> ranks = new ArrayList<>();
      for (int rank = 0; rank < RANKS; rank++) {
        RankTraining.Surroundings surroundings =
            new RankTraining.Surroundings(
                List.of(),
                saved
                    ? Optional.of(
                        new RankTraining.Saving(
                            new Checkpoints(Storage.local(checkpoints), 2),
                            Checkpoint.Origin.UNKNOWN,
                            data.transforms().toString()))
                    : Optional.empty(),
                listener,
                () -> done.get() >= steps - 1);
        Collective collective = group.join(rank);
        ranks.add(threads.submit(one(collective, training, surroundings)));
      }
      double seconds = 0;
      for (Future<Double> rank : ranks) {
        seconds = Math.max(seconds, rank.get());
      }
      return new Block(seconds, written.get());
    } finally {
      threads.shutdownNow();
      delete(checkpoints);
    }
  }

  private Callable<Double> one(
      Collective collective, TrainingSpec training, RankTraining.Surroundings surroundings) {
    return () -> {
      try (collective;
          Dl4jTraining made = Dl4jTraining.create(network, Optional.empty())) {
        Job own =
            new Job(
                job.task(),
                training,
                data.manifest(),
                split -> data.examples(split).orElseThrow(),
                1);
        RankTraining loop =
            new RankTraining(own, collective, made.engine(), made.update(), surroundings);
        return loop.run().seconds();
      }
    };
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
