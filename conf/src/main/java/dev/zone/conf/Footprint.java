package dev.zone.conf;

import dev.zone.conf.PlanSpec.BackendSpec;
import dev.zone.conf.PlanSpec.Device;

/**
 * What a process of a run takes of a machine.
 *
 * @param cores places that Spark counts
 * @param heap of Java
 * @param outside memory outside the heap: arrays, and what a JVM itself needs
 * @param gpus devices
 */
public record Footprint(int cores, DataSize heap, DataSize outside, int gpus) {
  /** What a JVM needs besides heap and arrays: code, stacks, classes. */
  public static final DataSize JVM_OWN = DataSize.ofMebibytes(512);

  /** Spark starts no executor with less than 450 MiB, and the loop needs about as much. */
  public static final DataSize SMALLEST_WORKER_HEAP = DataSize.ofMebibytes(512);

  /** What coordinating takes, beside what trains or arrives. */
  private static final DataSize DRIVER_HEAP = DataSize.ofMebibytes(512);

  /** An executor that holds one worker. */
  public static Footprint ofWorker(ResourceSpec.WorkerSpec worker, BackendSpec backend) {
    return new Footprint(
        worker.cores(),
        backend.heap(),
        plus(backend.nativeMemory(), JVM_OWN),
        backend.device() == Device.CUDA ? worker.gpus() : 0);
  }

  /**
   * The driver.
   *
   * @param trainers workers that train in the driver's own process; a driver whose workers are
   *     elsewhere holds what one does, as a model's parameters and predictions come to it
   */
  public static Footprint ofDriver(int trainers, BackendSpec backend) {
    int holders = Math.max(1, trainers);
    return new Footprint(
        1,
        new DataSize(DRIVER_HEAP.bytes() + holders * backend.heap().bytes()),
        new DataSize(holders * backend.nativeMemory().bytes() + JVM_OWN.bytes()),
        0);
  }

  /** Heap and the rest. */
  public DataSize memory() {
    return plus(heap, outside);
  }

  private static DataSize plus(DataSize a, DataSize b) {
    return new DataSize(a.bytes() + b.bytes());
  }
}
