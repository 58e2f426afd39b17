package dev.zone.conf;

import dev.zone.conf.PlanSpec.BackendSpec;
import dev.zone.conf.PlanSpec.Device;
import dev.zone.conf.ResourceSpec.ComputingSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a JVM that trains with DL4J and ND4J must be started with. */
public final class WorkerFlags {
  private static final DataSize LARGEST_HEAP = DataSize.ofMebibytes(4096);

  /** Bytes: the most that glibc takes. */
  private static final String LARGEST_KEPT = Integer.toString(32 << 20);

  private static final String KEPT = Integer.toString(512 << 20);

  /** Bytes: a heap of a thread's is as large, so that none is given back. */
  private static final String KEPT_OF_A_HEAP = Integer.toString(64 << 20);

  private WorkerFlags() {}

  /**
   * How a worker computes, and how its memory is shared: unless the job says otherwise, with all
   * that the processor has, on one thread, and with a third of the memory, within bounds, as heap;
   * the rest is for arrays, which ND4J keeps outside the heap.
   *
   * @param worker what the job gives a worker
   * @param precision what it trains with
   * @param cpu of the machines that train
   * @throws ZoneException of the user's if the machines do not have what the job wants
   */
  public static BackendSpec backend(
      ResourceSpec.WorkerSpec worker, TrainingSpec.Precision precision, CpuFeatures cpu) {
    ComputingSpec computing = worker.computing();
    long memory = worker.memory().mebibytes();
    long least = Footprint.SMALLEST_WORKER_HEAP.mebibytes();
    long most = LARGEST_HEAP.mebibytes();
    long heap =
        computing
            .heap()
            .map(DataSize::mebibytes)
            .orElse(Math.min(Math.max(memory / 3, least), most));
    if (computing.heap().isPresent() && (heap < least || heap >= memory)) {
      throw ZoneException.user(
          "Cannot give a worker a heap of %s (expected resources.perWorker.computing.heap of at least %dm and less than the memory of %s)"
              .formatted(computing.heap().get(), least, worker.memory()));
    }
    String extension = extension(computing, cpu);
    boolean bf16 = precision == TrainingSpec.Precision.BF16;
    if (bf16) {
      requireBf16(worker, cpu);
    }
    return new BackendSpec(
        extension,
        computing.threads(),
        DataSize.ofMebibytes(heap),
        DataSize.ofMebibytes(Math.max(memory - heap, 1)),
        worker.gpus() > 0 ? Device.CUDA : Device.CPU,
        // The plain build of the native library has none.
        computing.oneDnn() && !extension.isEmpty(),
        bf16);
  }

  private static void requireBf16(ResourceSpec.WorkerSpec worker, CpuFeatures cpu) {
    String cannot = "Cannot train with training.precision: bf16: ";
    if (worker.gpus() > 0) {
      throw ZoneException.user(
          cannot + "workers have GPUs (expected float32, or resources.perWorker.gpus: 0)");
    }
    Optional<CentreSpec.Instructions> wanted = worker.computing().instructions();
    if (wanted.isPresent() && wanted.get() != CentreSpec.Instructions.AVX512BF16) {
      throw ZoneException.user(
          cannot
              + "workers are to compute with %s (expected float32, or computing.instructions: avx512bf16, or none)"
                  .formatted(instructions(CpuFeatures.of(wanted.get()).nativeExtension())));
    }
    if (!cpu.hasBf16()) {
      throw ZoneException.user(
          cannot
              + "processors have %s (expected float32, or AVX512_BF16, which a centre has with instructions: avx512bf16)"
                  .formatted(instructions(cpu.nativeExtension())));
    }
  }

  /**
   * Makes sure that a processor can run what a plan computes with: what it cannot would end its
   * process without a word.
   *
   * @param here of the machine that asks
   * @throws ZoneException of the resources if it cannot
   */
  public static void requireRunnable(BackendSpec backend, CpuFeatures here) {
    if (!here.canRun(backend.extension())) {
      throw new ZoneException(
          ErrorKind.RESOURCES,
          "Cannot compute with %s on this machine: its processor has %s (expected resources.perWorker.computing.instructions, or a centre's, that all its machines have)"
              .formatted(instructions(backend.extension()), instructions(here.nativeExtension())));
    }
    if (backend.bf16() && !here.hasBf16()) {
      throw new ZoneException(
          ErrorKind.RESOURCES,
          "Cannot train in bf16 on this machine: its processor has no AVX512_BF16 (expected training.precision: float32, or machines that all have it)");
    }
  }

  private static String extension(ComputingSpec computing, CpuFeatures cpu) {
    String most = cpu.nativeExtension();
    if (computing.instructions().isEmpty()) {
      return most;
    }
    String wanted = CpuFeatures.of(computing.instructions().get()).nativeExtension();
    boolean bf16 = computing.instructions().get() == CentreSpec.Instructions.AVX512BF16;
    if (!cpu.canRun(wanted) || bf16 && !cpu.hasBf16()) {
      throw ZoneException.user(
          "Cannot compute with %s: the processor has %s (expected resources.perWorker.computing.instructions that it has, or none)"
              .formatted(
                  instructions(wanted) + (bf16 ? " and AVX512_BF16" : ""), instructions(most)));
    }
    return wanted;
  }

  /** What a build of the native library needs of a processor, for people. */
  private static String instructions(String extension) {
    return extension.endsWith("avx512")
        ? "AVX-512"
        : extension.endsWith("avx2") ? "AVX2" : "no vector instructions of its own";
  }

  /** How workers compute, in a line for people. */
  public static String words(BackendSpec backend) {
    String memory =
        "%d MiB of heap and %d MiB for arrays each"
            .formatted(backend.heap().mebibytes(), backend.nativeMemory().mebibytes());
    if (backend.device() == Device.CUDA) {
      return "CUDA, a GPU, " + memory;
    }
    return "%s%s, %d %s, %s"
        .formatted(
            instructions(backend.extension()) + (backend.bf16() ? " with bf16" : ""),
            backend.oneDnn() ? " and oneDNN" : "",
            backend.ompThreads(),
            backend.ompThreads() == 1 ? "thread" : "threads",
            memory);
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
    flags.add("-Dorg.eclipse.deeplearning4j.helpers.disable=" + !backend.oneDnn());
    flags.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=" + process.mebibytes() + "m");
    // Not org.bytedeco.javacpp.nopointergc: an LSTM is 1.7 times as fast with it, and leaks 2 MiB a
    // step.
    // DL4J writes a dump into the working directory when memory runs out.
    flags.add("-Dorg.deeplearning4j.crash.reporting.enabled=false");
    flags.add("-Dorg.nd4j.log.initialization=false");
    flags.add("-Dorg.nd4j.versioncheck=false");
    // JavaCPP says on the error stream that it is newer than ND4J's libraries: to the log with it.
    flags.add("-Dorg.bytedeco.javacpp.logger=slf4j");
    return flags;
  }

  /**
   * Variables of the process, which libraries read once: threads of OpenMP and of OpenBLAS, the
   * instructions that oneDNN may use, which decide the last bits, and that the C library keeps what
   * it has: DL4J's layers ask for tens of megabytes in each operation, and two workers in a process
   * that give them back to the system each time wait for each other there (they were half as fast).
   */
  public static Map<String, String> environment(BackendSpec backend) {
    String threads = Integer.toString(backend.ompThreads());
    return new TreeMap<>(
        Map.of(
            "OMP_NUM_THREADS",
            threads,
            "OPENBLAS_NUM_THREADS",
            threads,
            "ONEDNN_MAX_CPU_ISA",
            isa(backend),
            "MALLOC_MMAP_THRESHOLD_",
            LARGEST_KEPT,
            "MALLOC_TRIM_THRESHOLD_",
            KEPT,
            "MALLOC_TOP_PAD_",
            KEPT_OF_A_HEAP));
  }

  /** oneDNN's name of what workers may use of a processor. */
  private static String isa(BackendSpec backend) {
    String extension = backend.extension();
    if (backend.bf16()) {
      return "AVX512_CORE_BF16";
    }
    return extension.endsWith("avx512")
        ? "AVX512_CORE"
        : extension.endsWith("avx2") ? "AVX2" : "SSE41";
  }
}
