package dev.zone.conf;

import dev.zone.conf.PlanSpec.BackendSpec;
import dev.zone.conf.PlanSpec.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a JVM that trains with DL4J and ND4J must be started with. */
public final class WorkerFlags {
  private static final DataSize LARGEST_HEAP = DataSize.ofMebibytes(4096);

  private WorkerFlags() {}

  /**
   * How a worker's memory is shared: a third is heap, within bounds, and the rest is for arrays,
   * which ND4J keeps outside the heap.
   *
   * @param worker what the job gives a worker
   * @param cpu of the machines that train
   */
  public static BackendSpec backend(ResourceSpec.WorkerSpec worker, CpuFeatures cpu) {
    long memory = worker.memory().mebibytes();
    long heap =
        Math.min(
            Math.max(memory / 3, Footprint.SMALLEST_WORKER_HEAP.mebibytes()),
            LARGEST_HEAP.mebibytes());
    return new BackendSpec(
        cpu.nativeExtension(),
        // libnd4j's OpenMP pool and OpenBLAS's spin against each other: one thread is fastest, and
        // more workers use more cores.
        1,
        DataSize.ofMebibytes(heap),
        DataSize.ofMebibytes(Math.max(memory - heap, 1)),
        worker.gpus() > 0 ? Device.CUDA : Device.CPU);
  }

  /**
   * Flags of the JVM, without the heap's size.
   *
   * @param process the most memory that the whole process may hold, heap included: beyond it ND4J
   *     refuses to allocate instead of being killed
   */
  public static List<String> jvm(BackendSpec backend, DataSize process) {
    List<String> flags = new ArrayList<>();
    if (!backend.extension().isEmpty()) {
      flags.add("-Dorg.bytedeco.javacpp.platform.extension=" + backend.extension());
    }
    // Without this DL4J never uses oneDNN.
    flags.add("-Dorg.eclipse.deeplearning4j.helpers.disable=false");
    flags.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=" + process.mebibytes() + "m");
    // Not org.bytedeco.javacpp.nopointergc: an LSTM is 1.7 times as fast with it, and leaks 2 MiB a
    // step.
    // DL4J writes a dump into the working directory when memory runs out.
    flags.add("-Dorg.deeplearning4j.crash.reporting.enabled=false");
    flags.add("-Dorg.nd4j.log.initialization=false");
    flags.add("-Dorg.nd4j.versioncheck=false");
    return flags;
  }

  /** Variables of the process: threads of OpenMP and of OpenBLAS, which read them once. */
  public static Map<String, String> environment(BackendSpec backend) {
    String threads = Integer.toString(backend.ompThreads());
    return new TreeMap<>(Map.of("OMP_NUM_THREADS", threads, "OPENBLAS_NUM_THREADS", threads));
  }
}
