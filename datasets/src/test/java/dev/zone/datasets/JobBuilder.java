package dev.zone.datasets;

import dev.zone.conf.JobSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.YamlBinder;
import java.util.List;

/** Jobs for tests, of which only the part that concerns data is given. */
public final class JobBuilder {
  private JobBuilder() {}

  /** Lines of YAML: task, inputs, and what else there is. */
  public static JobSpec job(String... lines) {
    String yaml =
        String.join("\n", lines)
            + """

            name: test
            dataset: chip/test
            model: {architecture: mlp}
            training: {epochs: 1, batchSize: 32, updater: {sgd: {learningRate: 0.1}}}
            """;
    Problems problems = new Problems();
    JobSpec job =
        YamlBinder.parse(yaml, "job.yaml", JobSpec.class, List.of(), problems)
            .map(bound -> bound.value())
            .orElse(null);
    problems.throwIfAny();
    return job;
  }
}
