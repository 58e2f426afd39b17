package dev.zone.launcher.cli;

import dev.zone.conf.JobSpec;
import dev.zone.conf.MetricName;
import dev.zone.conf.TaskSpec;
import dev.zone.conf.TrainingSpec.EarlyStoppingSpec;
import dev.zone.conf.yaml.YamlNames;
import java.util.List;

/** Metrics by the names of the records. */
final class MetricNames {
  private MetricNames() {}

  /** The validation metric that matters to a job: early stopping's, else the first it asks for. */
  static String shown(JobSpec job) {
    return job.training()
        .earlyStopping()
        .map(EarlyStoppingSpec::metric)
        .map(YamlNames::of)
        .orElseGet(() -> named(job).get(0));
  }

  /** The metrics that the job names, or its task's usual one. */
  static List<String> named(JobSpec job) {
    List<MetricName> metrics = job.evaluation().metrics();
    if (!metrics.isEmpty()) {
      return metrics.stream().map(YamlNames::of).toList();
    }
    return List.of(
        YamlNames.of(
            job.task() instanceof TaskSpec.Regression ? MetricName.RMSE : MetricName.ACCURACY));
  }
}
