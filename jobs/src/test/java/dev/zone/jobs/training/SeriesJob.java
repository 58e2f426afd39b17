package dev.zone.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.JobSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.datasets.ExampleSet;
import dev.zone.datasets.prepare.Portion;
import dev.zone.datasets.prepare.PreparationRequest;
import dev.zone.datasets.prepare.PreparedData;
import dev.zone.datasets.prepare.Preparer;
import dev.zone.jobs.checkpoint.Checkpoint;
import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.collective.SharedMemoryGroup;
import dev.zone.jobs.model.ModelArchive;
import dev.zone.jobs.model.ModelFactory;
import dev.zone.jobs.model.ModelRequest;
import dev.zone.jobs.model.ModelState;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.update.Dl4jTraining;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * A job over series, from its files to a trained model, with ranks as threads.
 *
 * @param folder that holds the dataset's files
 */
record SeriesJob(Path folder, JobSpec spec, PreparedData data, NetworkConfiguration network) {

  /** Prepares the data of a job and makes its network. */
  static SeriesJob of(Path folder, String job, String dataset) {
    JobSpec spec = parse(job, JobSpec.class);
    Problems problems = new Problems();
    PreparedData data =
        new Preparer()
            .prepare(
                new PreparationRequest(
                    spec,
                    parse(dataset, DatasetSpec.class),
                    Optional.of(folder),
                    folder.resolve("cache"),
                    new Portion.Declared(),
                    Optional.empty()),
                problems)
            .orElseThrow();
    NetworkConfiguration network =
        ModelFactory.create(
                new ModelRequest(
                    spec.model(),
                    spec.task(),
                    spec.training(),
                    data.manifest().inputs(),
                    data.manifest().classes().size(),
                    data.manifest().targetSteps(),
                    Job.batchesPerEpoch(
                        data.manifest().counts().get(Split.TRAIN), spec.training().batchSize()),
                    folder),
                problems)
            .orElseThrow();
    return new SeriesJob(folder, spec, data, network);
  }

  private static <T> T parse(String yaml, Class<T> type) {
    Problems problems = new Problems();
    Optional<T> value =
        YamlBinder.parse(yaml, "test.yaml", type, List.of(), problems).map(bound -> bound.value());
    assertThat(problems.list().stream().map(Problem::toString)).isEmpty();
    return value.orElseThrow();
  }

  ExampleSet examples(Split split) {
    return data.examples(split).orElseThrow();
  }

  /** Trains on two ranks to the end. */
  TrainingResult train() throws Exception {
    return train(
        new RankTraining.Surroundings(
            List.of(), Optional.empty(), new TrainingListener() {}, () -> false),
        Optional.empty());
  }

  /**
   * Trains on two ranks.
   *
   * @return what rank 0 ends with
   */
  TrainingResult train(RankTraining.Surroundings surroundings, Optional<Checkpoint> from)
      throws Exception {
    SharedMemoryGroup group = new SharedMemoryGroup(2, Duration.ofSeconds(60));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<TrainingResult>> ranks = new ArrayList<>();
      for (int r = 0; r < 2; r++) {
        int rank = r;
        ranks.add(threads.submit(() -> one(group.join(rank), surroundings, from)));
      }
      return ranks.get(0).get();
    } finally {
      threads.shutdownNow();
    }
  }

  private TrainingResult one(
      Collective collective, RankTraining.Surroundings surroundings, Optional<Checkpoint> from) {
    try (collective;
        Dl4jTraining made = Dl4jTraining.create(network, Optional.empty())) {
      Job job = new Job(spec.task(), spec.training(), data.manifest(), this::examples, 1);
      RankTraining loop =
          new RankTraining(job, collective, made.engine(), made.update(), surroundings);
      from.ifPresent(loop::restore);
      return loop.run();
    }
  }

  /** The trained model's file as plain DL4J opens it. */
  MultiLayerNetwork exported(TrainingResult result) throws Exception {
    Path zip = folder.resolve("model.zip");
    ModelArchive.write(
        network,
        new ModelState(
            FloatBuffer.wrap(result.parameters()),
            Optional.empty(),
            result.steps(),
            result.epochs()),
        zip);
    return MultiLayerNetwork.load(zip.toFile(), false);
  }
}
