package dev.zone.bench;

import dev.zone.bench.contest.Workload;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.JobSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Setting;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.datasets.prepare.Portion;
import dev.zone.datasets.prepare.PreparationRequest;
import dev.zone.datasets.prepare.PreparedData;
import dev.zone.datasets.prepare.Preparer;
import dev.zone.jobs.training.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A case's job and its prepared examples, for measurements of parts of a training. */
record CaseData(JobSpec job, PreparedData data) {
  /** The job of a case with other values in it, written as {@code --set} has them. */
  static JobSpec job(Path root, Workload workload, List<String> values) {
    Problems problems = new Problems();
    List<Setting> settings = new ArrayList<>();
    values.forEach(value -> Setting.parse(value, problems).ifPresent(settings::add));
    Path file = root.resolve("bench/cases").resolve(workload.title() + ".yaml");
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

  /** With examples prepared as for a run. */
  static CaseData of(Settings settings, Workload workload, List<String> values) throws IOException {
    Path examples = new ZoneRuns(settings, workload).writeExamples();
    JobSpec job = job(settings.root(), workload, values);
    Problems problems = new Problems();
    Path descriptor =
        settings
            .root()
            .resolve("bench/cases/datasets")
            .resolve(job.dataset().domain())
            .resolve(job.dataset().name() + ".yaml");
    Optional<PreparedData> data =
        YamlBinder.read(descriptor, DatasetSpec.class, List.of(), problems)
            .flatMap(
                dataset ->
                    new Preparer()
                        .prepare(
                            new PreparationRequest(
                                job,
                                dataset.value(),
                                Optional.of(examples),
                                settings.work().resolve("cache"),
                                new Portion.Declared(),
                                Optional.empty()),
                            problems));
    problems.throwIfAny();
    return new CaseData(job, data.orElseThrow());
  }
}
