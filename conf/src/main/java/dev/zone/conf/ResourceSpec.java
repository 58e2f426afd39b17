package dev.zone.conf;

import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Range;

/** Workers, and what each has. */
@Doc("Workers, and what each has.")
public record ResourceSpec(
    @Doc("Replicas that train together.") @Default("2") @Range(min = 1, max = 1024) int workers,
    @Doc("What each worker has.") @Default("{}") WorkerSpec perWorker,
    @Doc(
            "Seconds that workers wait for one of them before it counts as lost. Above the time of the slowest step.")
        @Default("60")
        @Range(min = 1, max = 86_400)
        int deadlineSeconds,
    @Doc(
            "Whether workers train on their CPUs where the GPUs that they ask for are not to be had or cannot be used; otherwise the run fails.")
        @Default("false")
        boolean cpuFallback) {

  /** The same on CPUs. */
  public ResourceSpec onCpus() {
    return new ResourceSpec(
        workers,
        new WorkerSpec(perWorker.cores(), perWorker.memory(), 0),
        deadlineSeconds,
        cpuFallback);
  }

  @Doc("What a worker has.")
  public record WorkerSpec(
      @Doc("CPU cores.") @Default("1") @Range(min = 1, max = 256) int cores,
      @Doc("Memory, heap and native together.") @Default("2g") DataSize memory,
      @Doc("GPUs. A worker computes on one; more workers use more.")
          @Default("0")
          @Range(min = 0, max = 1)
          int gpus) {}
}
