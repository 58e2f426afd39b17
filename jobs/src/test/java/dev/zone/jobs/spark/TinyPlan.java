package dev.zone.jobs.spark;

import dev.zone.conf.PlanSpec;

/** A plan of a small job on generated data, with what a test wants of it. */
final class TinyPlan {
  private static final String YAML =
      """
      format: 1
      run: 20261122-101502-tiny-3f9a
      job:
        name: tiny
        dataset: chip/tiny
        task: {type: multiclass, label: label}
        inputs: [{column: a}]
        model: {architecture: mlp, hidden: [16, 8]}
        training: {epochs: 1, batchSize: 8, seed: %d}
      %s
      dataset:
        name: chip/tiny
        title: A few numbers
        source: {generator: waferMaps, count: 10, seed: 1}
        columns:
          a: {type: number, missing: false}
          label: {type: category, role: label, missing: false, classes: {a: a, b: b}}
        split: {validation: 0.1, test: 0.2}
        licence: none
        citation: nobody
      datasetDigest: "0000000000000000000000000000000000000000000000000000000000000000"
      workers: %d
      backend: {extension: "", ompThreads: 1, heap: 1g, nativeMemory: 1g, device: %s}
      classpathDigest: "0000000000000000000000000000000000000000000000000000000000000000"
      versions: {zone: 1}
      created: 2026-11-22T10:15:02Z
      %s
      """;

  private TinyPlan() {}

  /** With a seed, for so many workers. */
  static PlanSpec of(int seed, int workers) {
    return Plans.parse(YAML.formatted(seed, "", workers, "cpu", ""));
  }

  /**
   * With a key more of the job.
   *
   * @param key such as {@code evaluation: {}}
   * @param device that workers compute on, cpu or cuda
   * @param from a key more of the plan; may be empty
   */
  static PlanSpec with(String key, String device, String from) {
    return Plans.parse(YAML.formatted(1, "  " + key, 1, device, from));
  }
}
