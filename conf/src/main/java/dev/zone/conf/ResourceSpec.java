package dev.zone.conf;

import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Range;
import java.util.Optional;

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
        new WorkerSpec(perWorker.cores(), perWorker.memory(), 0, perWorker.computing()),
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
          int gpus,
      @Doc("How it computes, where the fastest way that was measured is not wanted.") @Default("{}")
          ComputingSpec computing) {
    /** One that computes in the fastest way. */
    public WorkerSpec(int cores, DataSize memory, int gpus) {
      this(cores, memory, gpus, ComputingSpec.FASTEST);
    }

    /** The same; if it does not say how it computes, as another says. */
    public WorkerSpec computing(Optional<ComputingSpec> otherwise) {
      return computing.equals(ComputingSpec.FASTEST) && otherwise.isPresent()
          ? new WorkerSpec(cores, memory, gpus, otherwise.get())
          : this;
    }
  }

  @Doc("How a worker computes.")
  public record ComputingSpec(
      @Doc(
              "Vector instructions of the native library, at most those that the machines have. Default: all that they have.")
          Optional<CentreSpec.Instructions> instructions,
      @Doc("OpenMP threads. More than 1 was slower wherever it was measured: take more workers.")
          @Default("1")
          @Range(min = 1, max = 256)
          int threads,
      @Doc("Whether layers are computed by oneDNN where it has them.") @Default("true")
          boolean oneDnn,
      @Doc("Java heap. Default: a third of the memory, at most 4g; the rest is for arrays.")
          Optional<DataSize> heap) {
    /** What was measured to be fastest. */
    static final ComputingSpec FASTEST =
        new ComputingSpec(Optional.empty(), 1, true, Optional.empty());
  }
}
