package dev.zone.jobs.spark;

import com.sun.jna.Library;
import com.sun.jna.Native;
import dev.zone.conf.DataSize;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.PlanSpec.Device;
import dev.zone.conf.error.ZoneException;
import dev.zone.conf.gpu.Gpu;
import dev.zone.conf.gpu.GpuPreflight;
import dev.zone.conf.gpu.NvidiaSmi;
import dev.zone.jobs.engine.dl4j.Backends;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What a worker's process computes on. Found out once, before ND4J is loaded: the worker's own GPU,
 * if it can train there; its CPU, if it cannot and the job allows it.
 *
 * @param name for people: {@code cpu}, or the GPU with its number
 * @param instead why it is the CPU where a GPU was asked for; empty otherwise
 */
record WorkerDevice(String name, Optional<String> instead) {
  private static final WorkerDevice CPU = new WorkerDevice("cpu", Optional.empty());

  /** Of this process, once it is known. */
  private static WorkerDevice found;

  /** Of the C library, as far as it is needed. */
  interface CLibrary extends Library {
    /** Sets a variable of this process, which Java cannot. */
    int setenv(String name, String value, int overwrite);
  }

  /**
   * Finds out, and has ND4J load what computes there.
   *
   * @param rank for people
   * @param addresses of the GPUs that Spark gave the worker
   * @param needed memory on the device
   * @throws ZoneException of the environment, with all that is wrong, if the worker's GPU cannot
   *     train and the job does not allow its CPU
   */
  static WorkerDevice prepare(
      PlanSpec plan, int rank, List<String> addresses, Supplier<DataSize> needed) {
    synchronized (CLibrary.class) {
      if (found == null) {
        found = find(plan, rank, addresses, needed, new NvidiaSmi());
      }
      return found;
    }
  }

  /** As {@link #prepare}, each time anew. */
  static WorkerDevice find(
      PlanSpec plan,
      int rank,
      List<String> addresses,
      Supplier<DataSize> needed,
      NvidiaSmi driver) {
    if (plan.backend().device() == Device.CPU) {
      Backends.use(Device.CPU);
      return CPU;
    }
    String address = addresses.isEmpty() ? "" : addresses.get(0);
    NvidiaSmi.Answer answer = driver.ask();
    Optional<Gpu> gpu = answer.gpu(address);
    List<String> problems = problems(answer, gpu, needed);
    if (problems.isEmpty()) {
      return train(rank, gpu.orElseThrow());
    }
    String what =
        "GPU %s of rank %d%s: %s"
            .formatted(
                address,
                rank,
                gpu.map(one -> ", " + one.name()).orElse(""),
                String.join("; ", problems));
    if (!plan.job().resources().cpuFallback()) {
      throw ZoneException.environment(
          "Cannot train on "
              + what
              + " (expected a GPU that ND4J can use; resources.cpuFallback: true trains on CPUs"
              + " instead)",
          null);
    }
    Backends.use(Device.CPU);
    return new WorkerDevice(
        CPU.name(),
        Optional.of("rank %d trains on its CPU, as it cannot on %s".formatted(rank, what)));
  }

  private static List<String> problems(
      NvidiaSmi.Answer answer, Optional<Gpu> gpu, Supplier<DataSize> needed) {
    if (answer.failure().isPresent()) {
      return List.of(answer.failure().get());
    }
    if (gpu.isEmpty()) {
      return List.of(
          "nvidia-smi shows no such GPU, but "
              + answer.gpus().stream()
                  .map(one -> one.index() + " (" + one.name() + ")")
                  .collect(Collectors.joining(", ")));
    }
    List<String> problems = GpuPreflight.problems(gpu.get(), needed.get());
    if (!problems.isEmpty()) {
      return problems;
    }
    pin(gpu.get());
    return Backends.cudaProblem().stream().toList();
  }

  /** This process sees no other GPU, whatever of CUDA it loads. */
  private static void pin(Gpu gpu) {
    CLibrary c = Native.loadLibrary("c", CLibrary.class);
    if (c.setenv("CUDA_VISIBLE_DEVICES", gpu.uuid(), 1) != 0) {
      throw ZoneException.environment(
          "Cannot keep to GPU " + gpu.uuid() + " (setenv failed)", null);
    }
  }

  private static WorkerDevice train(int rank, Gpu gpu) {
    Backends.use(Device.CUDA);
    Optional<String> wrong = Backends.tryOut();
    if (wrong.isPresent()) {
      throw ZoneException.environment(
          "Cannot train on GPU %d of rank %d, %s: %s (expected ND4J's CUDA library to compute there)"
              .formatted(gpu.index(), rank, gpu.name(), wrong.get()),
          null);
    }
    return new WorkerDevice("gpu " + gpu.index() + ", " + gpu.name(), Optional.empty());
  }
}
