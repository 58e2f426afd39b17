package dev.zone.bench;

import dev.zone.bench.contest.Workload;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.JobSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Setting;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.datasets.format.DatasetFiles;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.prepare.Portion;
import dev.zone.datasets.prepare.PreparationRequest;
import dev.zone.datasets.prepare.PreparedData;
import dev.zone.datasets.prepare.Preparer;
import dev.zone.jobs.model.ModelFactory;
import dev.zone.jobs.model.ModelRequest;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.training.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A case's job and its prepared examples, for measurements of parts of a training. */
record CaseData(JobSpec job, PreparedData data) {
  /** The job of a case with other values in it, written as {@code --set} has them. */
  static JobSpec job(Path root, Workload workload, List<String> values) {
    return job(root.resolve("bench/cases").resolve(workload.title() + ".yaml"), values);
  }

  private static JobSpec job(Path file, List<String> values) {
    Problems problems = new Problems();
    List<Setting> settings = new ArrayList<>();
    values.forEach(value -> Setting.parse(value, problems).ifPresent(settings::add));
    Optional<JobSpec> job =
        YamlBinder.read(file, JobSpec.class, settings, problems).map(bound -> bound.value());
    problems.throwIfAny();
    return job.orElseThrow();
  }

  /** What a rank's training loop goes through. */
  Job training() {
    return new Job(
        job.task(),
        job.training(),
        data.manifest(),
        split -> data.examples(split).orElseThrow(),
        1);
  }

  /**
   * Its network.
   *
   * @param files below which files of models are
   */
  NetworkConfiguration network(Path files) {
    Problems problems = new Problems();
    Optional<NetworkConfiguration> network =
        ModelFactory.create(
            new ModelRequest(
                job.model(),
                job.task(),
                job.training(),
                data.manifest().inputs(),
                Job.outputs(job.task(), data.manifest()),
                data.manifest().targetSteps(),
                training().batchesPerEpoch(),
                files),
            problems);
    problems.throwIfAny();
    return network.orElseThrow();
  }

  /** With examples prepared as for a run. */
  static CaseData of(Settings settings, Workload workload, List<String> values) throws IOException {
    Path examples = new ZoneRuns(settings, workload).writeExamples();
    JobSpec job = job(settings.root(), workload, values);
    Path descriptors = settings.root().resolve("bench/cases/datasets");
    return prepared(settings, job, dataset(descriptors, job), Optional.of(examples));
  }

  /**
   * A shipped job with other values in it. Of folds, the first.
   *
   * @return empty if its data are not there
   */
  static Optional<CaseData> shipped(Settings settings, Path file, List<String> values)
      throws IOException {
    JobSpec job = job(file, values);
    DatasetSpec dataset = dataset(settings.root().resolve("datasets"), job);
    if (dataset.isGenerated()) {
      return Optional.of(prepared(settings, job, dataset, Optional.empty()));
    }
    for (Path folder : folders(settings, dataset)) {
      if (holds(folder, dataset)) {
        return Optional.of(prepared(settings, job, dataset, Optional.of(folder)));
      }
    }
    return Optional.empty();
  }

  private static List<Path> folders(Settings settings, DatasetSpec dataset) throws IOException {
    Optional<Path> domain =
        settings
            .data()
            .map(data -> data.resolve(dataset.name().domain()))
            .filter(Files::isDirectory);
    if (domain.isEmpty()) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(domain.get())) {
      return all.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static boolean holds(Path folder, DatasetSpec dataset) {
    Problems problems = new Problems();
    DatasetFiles.resolve(dataset, folder, Digests.uncached(), problems);
    return problems.isEmpty();
  }

  private static DatasetSpec dataset(Path descriptors, JobSpec job) {
    Problems problems = new Problems();
    Path descriptor = descriptors.resolve(job.dataset().path() + ".yaml");
    Optional<DatasetSpec> dataset =
        YamlBinder.read(descriptor, DatasetSpec.class, List.of(), problems)
            .map(bound -> bound.value());
    problems.throwIfAny();
    return dataset.orElseThrow();
  }

  private static CaseData prepared(
      Settings settings, JobSpec job, DatasetSpec dataset, Optional<Path> data) {
    Problems problems = new Problems();
    Portion portion =
        job.evaluation()
            .crossValidation()
            .<Portion>map(folds -> new Portion.Fold(1, folds.folds()))
            .orElseGet(Portion.Declared::new);
    Optional<PreparedData> prepared =
        new Preparer()
            .prepare(
                new PreparationRequest(
                    job,
                    dataset,
                    data,
                    settings.work().resolve("cache"),
                    portion,
                    Optional.empty()),
                problems);
    problems.throwIfAny();
    return new CaseData(job, prepared.orElseThrow());
  }
}
